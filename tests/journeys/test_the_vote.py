"""Scenario S5: a session on a make-up Saturday, a recusal, exactly two thirds, voting on devices through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.ballot.casting import Choice
from portal.http.once import new_key
from portal.workdays.queries import calendar_in_force
from review.enums.defending import Relation
from review.models import AgendaItem, SessionMember
from tests.factories import accounts, catalogue, sessions, voting
from tests.factories.voting import Meeting, fresh
from tests.journeys.walking import Walker, page

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
AGREE, AGAINST, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


def told(who: SessionMember, address: str, body: dict[str, Any]) -> tuple[int, Any]:
    """Send what a member's device sends."""
    browser = accounts.client(sessions.acting(who))
    headers = {"Idempotency-Key": new_key()}
    answer = browser.post(f"/api/{address}/", body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def casts(meeting: Meeting, item: AgendaItem, member: SessionMember, choice: Choice) -> tuple[int, Any]:
    content, signature = meeting.ballot(item, member, choice)
    return told(member, f"votes/cases/{item.code}/ballot", {"content": content.hex(), "signature": signature.hex()})


def decided(meeting: Meeting, item: AgendaItem, choices: list[Choice]) -> AgendaItem:
    """Let the chair lead the case by pages, the roll vote on its devices, and two scrutineers open the sum."""
    leader = Walker(sessions.leader(item))
    for step in ("review:item_present", "review:item_open_vote"):
        leader.sends(page(step, item.code))
    for member, choice in zip(meeting.roll(item), choices, strict=False):
        assert casts(meeting, item, member, choice)[0] == 200
    if len(choices) < len(meeting.roll(item)):
        leader.sends(page("review:item_close_vote", item.code))
    for seat in (1, 3):
        part = {"message": meeting.part(fresh(item), seat).hex()}
        assert told(meeting.in_seat(seat), f"votes/cases/{item.code}/part", part)[0] == 200
    return fresh(item)


@pytest.mark.rule("R-112", "A-01", "A-02", "A-03", "A-48", "E-09")
def test_s5_exactly_two_thirds_pass(at: Callable[..., Any]) -> None:
    entry = catalogue.published_entry()
    planned = sessions.planned(entry.committee, mode="electronic", members=19, size=15)
    day = planned.day
    assert (day.isoweekday(), calendar_in_force().is_workday(day)) == (6, True)
    meeting = voting.opened(planned, sessions.ready(entry, 3), present=13)
    at(sessions.BEGUN)
    x, y, z = sessions.items(meeting.session)
    inventor = next(
        one
        for one in sessions.ordinary(meeting.session)
        if one.is_present and not meeting.session.scrutineers.filter(member=one).exists()
    )
    Walker(sessions.acting(inventor)).sends(
        page("review:item_recuse", x.code), relation=Relation.CO_AUTHOR, remark="专利共同发明人"
    )

    voted = decided(meeting, x, [AGREE] * 8 + [AGAINST] * 3 + [ABSTAIN])
    assert (voted.state, voted.present_for_item) == ("decided_pass", 12)  # 3 × 8 = 2 × 12
    assert (voted.agree, voted.against, voted.abstain, voted.not_cast) == (8, 3, 1, 0)
    assert inventor not in meeting.roll(x)
    status, problem = casts(meeting, y, inventor, AGREE)
    assert (status, problem["reasons"][0]["code"]) == (403, "not_on_roll")  # its vote is not open

    voted = decided(meeting, y, [AGREE] * 8 + [AGAINST] * 5)
    assert (voted.state, voted.present_for_item) == ("decided_fail", 13)  # 24 < 26: nine were needed
    late = meeting.roll(y)[-1]
    status, problem = casts(meeting, y, late, AGAINST)
    assert (status, problem["reasons"][0]["code"]) == (409, "cast_already")

    voted = decided(meeting, z, [AGREE] * 9)
    assert (voted.state, voted.not_cast) == ("decided_pass", 4)  # 27 ≥ 26; what was not cast does not agree
    status, problem = casts(meeting, z, meeting.roll(z)[-1], AGREE)
    assert (status, problem["reasons"][0]["code"]) == (409, "vote_closed")

    done = sessions.signed(meeting.session)
    sheet = Walker(sessions.clerk(done)).sees(page("review:session_count_sheet", done.code), "12", "13")
    assert "未通过" in sheet
