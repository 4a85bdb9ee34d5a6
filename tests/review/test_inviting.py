"""Invitations have a last day: who does not answer does not come, and the next of the draw's order is asked."""

import datetime as dt

import pytest

from portal.deadlines import ringing, setting
from portal.deadlines.models import Deadline
from portal.notifications.models import Delivery, Notification
from portal.shared.errors import Refusal
from review.domain import inviting, seating, sitting
from review.enums.sitting import INVITATION, MemberState, SessionState
from review.models import CommitteeSession, SessionMember
from tests.factories import sessions
from tests.factories.defences import on
from tests.factories.sessions import DRAWN

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-52")]
LAST_DAY_OVER = on(9, 29, 0)  # asked on Tuesday the 22nd: 23rd, 24th, and after Mid-Autumn Monday the 28th


def made_once() -> CommitteeSession:
    session = sessions.drawn(members=19, size=15)
    seating.invite_all(session, by=sessions.clerk(session), at=DRAWN)
    return sessions.fresh(session)


@pytest.fixture
def invited(kept: CommitteeSession) -> CommitteeSession:
    return kept


def told(kind: str) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind, lapsed_at=None).values_list("person__code", flat=True))


def accept_all_but(session: CommitteeSession, number: int, at: dt.datetime = DRAWN) -> list[SessionMember]:
    """Let everybody accept but ``number`` plain members; return these. For the only chair nobody could follow."""
    everybody = sessions.members(session)
    silent = [one for one in everybody if not one.can_chair][:number]
    for member in everybody:
        if member not in silent:
            seating.accept(member, promise=True, by=sessions.acting(member), at=at)
    return silent


def test_who_does_not_answer_is_replaced_from_the_same_order(invited: CommitteeSession) -> None:
    silent = accept_all_but(invited, 2)
    deadline = setting.waiting(INVITATION, invited)
    assert deadline is not None
    assert deadline.due_at == LAST_DAY_OVER == inviting.answer_by(SessionMember.objects.get(pk=silent[0].pk))
    assert deadline.days, "it explains itself day by day"
    ringing.ring_due(at=LAST_DAY_OVER - dt.timedelta(seconds=1))
    assert SessionMember.objects.filter(session=invited, state=MemberState.INVITED).count() == 2
    ringing.ring_due(at=LAST_DAY_OVER)
    gone = SessionMember.objects.filter(pk__in=[one.pk for one in silent])
    assert {(one.state, one.declined_at, one.decline_reason) for one in gone} == {
        (MemberState.DECLINED, LAST_DAY_OVER, "逾期未答复邀请，视为不参加。")
    }
    following = list(invited.members.exclude(replaces=None).order_by("place"))
    draw = invited.draw
    assert [one.term.code for one in following] == [code for code in draw.order if code not in draw.seats][:2]
    assert {one.state for one in following} == {MemberState.INVITED}
    assert told("review.invitation_lapsed") == sorted(one.person.code for one in silent)
    again = setting.waiting(INVITATION, invited)
    assert again is not None
    assert again.started_at == LAST_DAY_OVER


def test_an_answer_after_the_last_day_finds_the_seat_gone(invited: CommitteeSession) -> None:
    """The deadline is a fact, swept or not."""
    (late,) = accept_all_but(invited, 1)
    with pytest.raises(Refusal):
        seating.accept(late, promise=True, by=sessions.acting(late), at=LAST_DAY_OVER)
    assert SessionMember.objects.get(pk=late.pk).state == MemberState.DECLINED
    assert invited.members.filter(replaces=late, state=MemberState.INVITED).exists()


def test_a_reminder_goes_to_the_silent_alone(invited: CommitteeSession) -> None:
    (silent,) = accept_all_but(invited, 1)
    ringing.ring_due(at=on(9, 24, 9))
    assert told("review.invitation_reminder") == [silent.person.code]
    seating.accept(silent, promise=True, by=sessions.acting(silent), at=on(9, 24, 10))
    assert told("review.invitation_reminder") == []
    assert setting.waiting(INVITATION, invited) is None
    ringing.ring_due(at=LAST_DAY_OVER)
    assert not invited.members.filter(state=MemberState.DECLINED).exists()


def test_a_later_invitation_has_its_own_days(invited: CommitteeSession) -> None:
    first, *rest = sorted(sessions.members(invited), key=lambda one: one.can_chair)
    later = on(9, 24, 10)
    following = seating.decline(first, reason="出差不能到会", by=sessions.acting(first), at=later)
    assert following is not None
    assert inviting.answer_by(following) == on(10, 1, 0)  # 28th, 29th, 30th
    for member in rest:
        seating.accept(member, promise=True, by=sessions.acting(member), at=later)
    deadline = setting.waiting(INVITATION, invited)
    assert deadline is not None
    assert (deadline.started_at, deadline.due_at) == (later, inviting.answer_by(following))


def test_nobody_is_asked_beyond_the_meeting() -> None:
    session = sessions.drawn(members=19, size=15)
    eve = sessions.STARTS - dt.timedelta(hours=20)
    seating.invite_all(session, by=sessions.clerk(session), at=eve)
    deadline = setting.waiting(INVITATION, session)
    assert deadline is not None
    assert deadline.due_at == sessions.STARTS


def test_a_cancelled_session_waits_for_nobody(invited: CommitteeSession) -> None:
    sitting.cancel(invited, reason="场地突发停电，不能按期召开。", by=sessions.lead(invited), at=DRAWN)
    assert setting.waiting(INVITATION, invited) is None
    ringing.ring_due(at=LAST_DAY_OVER)
    assert not invited.members.filter(state=MemberState.DECLINED).exists()
    assert sessions.fresh(invited).state == SessionState.CANCELLED
    assert not Deadline.objects.waiting().exists()


def test_the_expert_reads_the_last_day(invited: CommitteeSession) -> None:
    bodies = Notification.objects.filter(kind="review.session_invited").values_list("body", flat=True)
    assert bodies
    assert all("2026年9月28日" in body for body in bodies)
    sent = Delivery.objects.filter(notification__kind="review.session_invited")
    (line,) = sent.values_list("line", flat=True).distinct()
    assert line == "2026年10月10日（星期六）09:00的评审会议邀您参加，请于2026年9月28日（星期一）24:00前答复。"
