"""Attendance on screen: one press a member, several at once, taken back before the opening, and who may not."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.http.once import FIELD, new_key
from review.domain import minutes, seating
from review.enums.sitting import MemberState, SessionState
from review.models import CommitteeSession
from tests.factories import accounts, catalogue, sessions

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-02")]
STARTS = sessions.STARTS


@pytest.fixture(scope="module")
def made(standing: Callable[..., Any]) -> int:
    """Keep a convened session with one case."""

    def make() -> int:
        entry = catalogue.published_entry()
        return sessions.convened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry)).pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def convened(made: int, at: Callable[..., None]) -> CommitteeSession:
    at(STARTS)
    return CommitteeSession.objects.with_all().get(pk=made)


@pytest.fixture
def clerk(convened: CommitteeSession) -> Client:
    return accounts.client(sessions.clerk(convened))


def screen(browser: Client, session: CommitteeSession) -> str:
    return browser.get(reverse("review:session", args=[session.code])).content.decode()


def send(browser: Client, name: str, code: str, **fields: object) -> str:
    answer = browser.post(reverse(f"review:{name}", args=[code]), {FIELD: new_key(), **fields})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def states(session: CommitteeSession) -> list[str]:
    return [one.state for one in sessions.members(session)]


def test_one_press_checks_a_member_in_and_leads_back_to_the_row(clerk: Client, convened: CommitteeSession) -> None:
    first, second, *_others = sessions.members(convened)
    own = reverse("review:session_check_in", args=[first.code])
    assert f'<form method="post" action="{own}"' in screen(clerk, convened)
    assert send(clerk, "session_check_in", first.code).endswith(f"#{first.code}")
    assert states(convened)[:2] == [MemberState.PRESENT, MemberState.ACCEPTED]
    shown = screen(clerk, convened)
    assert f'id="{first.code}"' in shown
    assert f'action="{own}"' not in shown
    assert reverse("review:session_check_in", args=[second.code]) in shown


def test_before_the_opening_a_wrong_press_is_taken_back(clerk: Client, convened: CommitteeSession) -> None:
    """Who was checked in by mistake and never came is absent in the minutes."""
    first, *others = sessions.members(convened)
    send(clerk, "session_check_in", first.code)
    assert "撤销签到" in screen(clerk, convened)
    send(clerk, "session_leave", first.code)
    for one in others:
        seating.check_in(one, by=sessions.clerk(convened), at=STARTS)
    assert states(convened)[0] == MemberState.LEFT
    said = minutes.drafted(sessions.fresh(convened))
    assert "签到10人" in said
    assert f"缺席：{first.person.full_name}" in said
    send(clerk, "session_check_in", first.code)
    assert states(convened)[0] == MemberState.PRESENT


def test_in_an_open_meeting_leaving_is_confirmed(clerk: Client, convened: CommitteeSession) -> None:
    sessions.check_in(convened)
    seating.commissioner_comes(convened, by=sessions.commissioner_of(convened), at=STARTS)
    sessions.sitting.open_session(convened, by=sessions.chair(convened), at=STARTS)
    member = sessions.ordinary(convened)[5]
    shown = screen(clerk, convened)
    assert "撤销签到" not in shown
    assert f'href="{reverse("review:session_leave", args=[member.code])}"' in shown
    assert "不能投票" in clerk.get(reverse("review:session_leave", args=[member.code])).content.decode()
    send(clerk, "session_leave", member.code)
    gone = next(one for one in sessions.members(convened) if one.pk == member.pk)
    assert (gone.state, gone.checked_in_at) == (MemberState.LEFT, STARTS)
    assert gone.left_at is not None


def test_several_are_checked_in_at_once(clerk: Client, convened: CommitteeSession) -> None:
    """Who checked in on their own device meanwhile is passed over; the others come in one step."""
    chosen = sessions.members(convened)[:4]
    assert reverse("review:session_check_in_many", args=[convened.code]) in screen(clerk, convened)
    seating.check_in(chosen[0], by=sessions.acting(chosen[0]), at=STARTS)
    revision = sessions.fresh(convened).revision
    send(clerk, "session_check_in_many", convened.code, members=[one.code for one in chosen[1:]])
    assert states(convened).count(MemberState.PRESENT) == 4
    assert sessions.fresh(convened).revision == revision + 1


def test_whoever_came_while_the_page_stood_open_is_no_mistake(clerk: Client, convened: CommitteeSession) -> None:
    first, second, *_others = sessions.members(convened)
    seating.check_in(first, by=sessions.acting(first), at=STARTS)
    send(clerk, "session_check_in_many", convened.code, members=[first.code, second.code])
    assert states(convened)[:2] == [MemberState.PRESENT, MemberState.PRESENT]


def test_nobody_is_checked_in_on_another_day(
    clerk: Client, convened: CommitteeSession, at: Callable[..., None]
) -> None:
    at(STARTS - dt.timedelta(days=1))
    shown = screen(clerk, convened)
    assert "会议当日在此为委员签到" in shown
    first = sessions.members(convened)[0]
    assert reverse("review:session_check_in", args=[first.code]) not in shown
    many = reverse("review:session_check_in_many", args=[convened.code])
    answer = clerk.post(many, {FIELD: new_key(), "members": [first.code]})
    assert "只能在会议当日" in answer.content.decode()
    assert states(convened)[0] == MemberState.ACCEPTED


def test_a_member_comes_back_to_the_top_of_the_screen(convened: CommitteeSession) -> None:
    member = sessions.ordinary(convened)[0]
    back = send(accounts.client(sessions.acting(member)), "session_check_in", member.code)
    assert back == reverse("review:session", args=[convened.code])


def test_members_cannot_check_in_each_other(convened: CommitteeSession) -> None:
    one, other, *_others = sessions.ordinary(convened)
    browser = accounts.client(sessions.acting(one))
    answer = browser.post(
        reverse("review:session_check_in_many", args=[convened.code]), {FIELD: new_key(), "members": [other.code]}
    )
    assert answer.status_code == 403
    assert states(convened).count(MemberState.PRESENT) == 0


@pytest.mark.rule("R-115")
def test_a_chair_without_a_commissioner_can_say_why(convened: CommitteeSession) -> None:
    """The button leads to the page that asks for the reason; with the commissioner there, nothing is asked."""
    sessions.check_in(convened)
    chair = accounts.client(sessions.chair(convened))
    opening = reverse("review:session_open_session", args=[convened.code])
    assert f'href="{opening}"' in screen(chair, convened)
    assert "请填写监督委员没有到场的原因" in chair.post(opening, {FIELD: new_key()}).content.decode()
    seating.commissioner_comes(convened, by=sessions.commissioner_of(convened), at=STARTS)
    assert "commissioner_absence" not in chair.get(opening).content.decode()
    send(chair, "session_open_session", convened.code)
    assert sessions.fresh(convened).state == SessionState.OPEN
