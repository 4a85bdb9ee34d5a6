"""Standards by which cases are scored, and members' sheets, by the real steps."""

import datetime as dt
from collections.abc import Mapping

from applications.domain import archiving
from applications.models import Application
from applications.sections import ItemKind
from portal.accounts.actors import SYSTEM, Actor
from portal.catalogue.domain import guides
from portal.catalogue.domain.guides import Line
from portal.catalogue.enums import Heading, Indicator
from portal.catalogue.models import CatalogueEntry, Guide
from portal.workflow import carry_out
from review.domain import scoring
from review.models import AgendaItem, CommitteeSession, ScoreSheet, SessionMember
from tests.factories import applications, catalogue, defences, sessions
from tests.factories.sessions import BEGUN

WORDS = {"conditions": "条件", "procedure": "程序", "place_and_time": "时间地点", "materials": "材料"}
ETHICS, ABILITY, RESULTS = "1", "3", "5"  # what members score, by number: of 10, 30 and 30 points
LINES = [
    Line(Heading.CHARACTER, Indicator.ETHICS, "职业道德", max_score=10),
    Line(Heading.CHARACTER, Indicator.EMPLOYER_ASSESSMENT, "单位考核结果和推荐", max_score=20),
    Line(Heading.ABILITY, Indicator.PROFESSIONAL_ABILITY, "解决复杂问题的能力", max_score=30),
    Line(Heading.ABILITY, Indicator.DEFENCE, "答辩评议", max_score=10),
    Line(Heading.ACHIEVEMENT, Indicator.INNOVATION, "创新成果的效益", max_score=30),
]
HIGH = {ETHICS: 9, ABILITY: 27, RESULTS: 27}
LOW = {ETHICS: 5, ABILITY: 12, RESULTS: 12}


def guide(entry: CatalogueEntry) -> Guide:
    """Return the guide that the entry's committee published before the year began."""
    assert entry.committee is not None
    made = guides.write(entry.committee, WORDS, LINES, by=SYSTEM, at=catalogue.PREPARED_AT)
    for step in ("verify", "approve", "publish"):
        made = carry_out(made, step, by=SYSTEM, at=catalogue.PUBLISHED_AT)
    return made


def assessed(grades: Mapping[int, str], by: Actor | None = None) -> Actor:
    """Return an applicant with these yearly results in the archive, besides an excellent 2025."""
    who = by or applications.applicant()
    for year, result in grades.items():
        archiving.add_item(ItemKind.ASSESSMENT, {"year": year, "result": result}, by=who, at=applications.NOW)
    return who


def ready(entry: CatalogueEntry, by: Actor | None = None) -> Application:
    """Return an application at the committee's door whose panel scored it."""
    paid = defences.paid(entry, by)
    assert entry.committee is not None
    slot = defences.slots(defences.panel(defences.round_of(entry.committee, title=f"答辩{paid.code}")))[0]
    return defences.heard(paid, slot)


def opened(number: int = 1, by: Actor | None = None) -> CommitteeSession:
    """Return an open session of eleven with ``number`` cases under a published standard."""
    entry = catalogue.published_entry()
    guide(entry)
    cases = [ready(entry, by)] if number == 1 else sessions.ready(entry, number)
    return sessions.opened(sessions.planned(entry.committee, members=13, size=11), cases)


def scored(
    item: AgendaItem, member: SessionMember, points: Mapping[str, int] = HIGH, *, at: dt.datetime = BEGUN
) -> ScoreSheet:
    """Return the member's sheet with these points, not handed in."""
    return scoring.save(item, points, based_on=0, by=sessions.acting(member), at=at)


def handed_in(
    item: AgendaItem, member: SessionMember, points: Mapping[str, int] = HIGH, *, at: dt.datetime = BEGUN
) -> ScoreSheet:
    scored(item, member, points, at=at)
    return scoring.hand_in(item, by=sessions.acting(member), at=at)
