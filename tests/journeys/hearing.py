"""A defence over HTTP: a panel and its slots, everybody placed and told, let in with the code, heard by experts who see no name."""

import datetime as dt
import re

import pypdfium2 as pdfium

from portal.accounts.roles import Role
from portal.notifications.enums import Channel
from portal.notifications.models import Delivery
from review.models import Defence, DefenceRound, Panel
from tests.fixtures.sandbox import Sandbox
from tests.journeys.lives import Life
from tests.journeys.walking import Walker, moment, on, page, staff_of

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
OPINION = "论述清楚，回答准确，能够独立解决复杂技术问题。"


class Hearing:
    """One round of a committee, with a panel of three, for as many lives as fit one after the other."""

    def __init__(self, lives: list[Life], *, clerk: Walker, day: dt.date) -> None:
        """Open the round, add panel and slots, and let the portal place everybody."""
        self.lives, self.clerk, self.told = lives, clerk, dict[str, str]()
        committee = lives[0].row.committee
        assert committee is not None
        sitting = [staff_of(committee.agency, Role.EXPERT) for _seat in range(3)]
        self.experts = [Walker(one) for one in sitting]
        told = {"title": "第一批次答辩", "mode": "on_site", "first_day": day, "last_day": day}
        clerk.does(page("review:defence_open"), committee=committee.code, **told)
        self.round = DefenceRound.objects.get(committee=committee)
        seats = [one.person.code for one in sitting if one.person is not None]
        clerk.does(page("review:defence_panel", self.round.code), name="第一评议组", experts=seats)
        place = {"room": "答辩室一", "address": "北京市朝阳区示例路1号", "day": day, "starts": "09:00"}
        counts = {"number": len(lives), "minutes": 30, "pause": 10, "capacity": 1}
        panel = Panel.objects.get(round=self.round).code
        clerk.does(page("review:defence_slots", self.round.code), panel=panel, **place, **counts)
        arranging = page("review:defence_arrange", self.round.code)
        proposal = clerk.client.get(arranging).context_data["proposal"]
        clerk.sends(arranging, digest=proposal.digest)

    def of(self, life: Life) -> Defence:
        return Defence.objects.with_all().get(application=life.application)

    def is_told(self) -> None:
        """Tell everybody by SMS; each downloads the notice, which is the receipt (R-107), and finds their code on it."""
        self.clerk.sends(page("review:defence_notify_all", self.round.code))
        for life in self.lives:
            defence = self.of(life)
            told = Delivery.objects.filter(
                notification__person=life.who.person, notification__kind="review.defence_notified"
            )
            assert Channel.SMS in told.values_list("channel", flat=True)
            starts = defence.slot.starts_at
            life.person.sees(page("review:own_defence", defence.code), f"{starts.month}月{starts.day}日")
            notice = life.person.sends(page("review:own_defence_notice", defence.code))
            self.told[life.code] = _code_on(b"".join(notice.streaming_content))
            assert self.of(life).state == "acknowledged"

    def hears(self, life: Life) -> None:
        """Let the person in with the code of the notice; each expert writes and hands in; the clerk completes."""
        defence = self.of(life)
        self.clerk.sends(page("review:defence_check_in"), code=self.told[life.code], identity="on")
        for expert in self.experts:
            _writes(expert, self.of(life))
        self.clerk.sends(page("review:defence_complete", defence.code))


def go_to_the_committee(lives: list[Life], sandbox: Sandbox, agency: tuple[Walker, Walker] | None = None) -> None:
    """Walk from the agency's queue to the committee's door, all together: passed, paid, and heard on Tue 15 Sep."""
    on("Fri 4 Sep")
    for life in lives:
        life.is_passed_by_the_agency(*(agency or ()))
        life.pays(sandbox)
    on("Mon 7 Sep")
    hearing = Hearing(lives, clerk=lives[0].checker, day=moment("Tue 15 Sep").date())
    hearing.is_told()
    on("Tue 15 Sep 09:10")
    for life in sorted(lives, key=lambda one: hearing.of(one).slot.starts_at):
        hearing.hears(life)


def _code_on(notice: bytes) -> str:
    """Return the code that stands on a notice, as the person shows it at the door."""
    with pdfium.PdfDocument(notice) as paper:
        words = paper[0].get_textpage().get_text_range()
    found = CODE.search(words)
    assert found is not None, words
    return found[0]


def _writes(expert: Walker, defence: Defence) -> None:
    """Read the blind material, score, write, and hand in."""
    address = page("review:panel_file", defence.blind_number)
    read = expert.sees(address)
    assert defence.application.applicant.full_name not in read
    assert defence.application.employer.name not in read
    form = expert.client.get(address).context_data["form"]
    most = {name: min(20, form.fields[name].max_value) for name in form.fields if name.startswith("score_")}
    expert.does(address, questions="问：如何降低功耗？答：门控时钟。", opinion=OPINION, **most)
    expert.does(page("review:panel_hand_in", defence.blind_number))
