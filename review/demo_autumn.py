"""What waits in the demonstration's autumn for whoever applies in its summer: a committee, a round of defences, a session.

Without it, nobody could lead an application of their own from the draft to the certificate in one sitting: eleven experts
would have to be asked, drawn and invited first.
"""

import datetime as dt

from applications.demo import staff
from portal.accounts.models import Person
from portal.catalogue.models import CatalogueEntry, Committee
from portal.shared import clock
from review import demo_session
from review.domain import rounds, sitting
from review.enums.defending import Mode
from review.enums.sitting import BallotMode
from review.models import ExpertTerm

PLANNED = dt.datetime(2026, 7, 7, 17, 0, tzinfo=clock.BEIJING)
DEFENCES = dt.datetime(2026, 9, 14, 9, 30, tzinfo=clock.BEIJING)
SESSION = sitting.Plan(
    "2026年秋季评审会议",
    dt.datetime(2026, 9, 17, 9, 30, tzinfo=clock.BEIJING),
    "北京市朝阳区示例路1号三层会议室",
    BallotMode.PAPER,
)
ROUND, TO_BRING = "2026年秋季答辩", "另请携带主要业绩的证明材料原件。"
PANEL = ("expert", "expert-2", "expert-3")


def load(entry: CatalogueEntry, terms: list[ExpertTerm]) -> None:
    """File the committee of ``entry`` with the experts of the first one, give it a round with free slots, and convene it."""
    committee = entry.committee
    assert committee is not None  # noqa: S101 - what is reviewed has a committee
    demo_session.file_committee(entry, terms)
    _round(committee)
    demo_session.convened(committee, SESSION)


def _round(committee: Committee) -> None:
    clerk, day = staff("agency-clerk"), DEFENCES.date()
    opened = rounds.open_round(
        committee, title=ROUND, mode=Mode.ON_SITE, days=(day, day), to_bring=TO_BRING, by=clerk, at=PLANNED
    )
    panel = rounds.add_panel(
        opened, "第一评议组", list(Person.objects.filter(username__in=PANEL)), by=clerk, at=PLANNED
    )
    place = rounds.room_of(committee.agency, "答辩室一", "北京市朝阳区示例路1号")
    times = rounds.Times(DEFENCES, minutes=30, number=4, pause=10)
    rounds.add_slots(panel, place, times, by=clerk, at=PLANNED)
