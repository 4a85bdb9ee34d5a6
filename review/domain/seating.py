"""The members of a session: invited, accepting or declining, coming late, leaving early; and the commissioner's coming."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain.settling import settled_first
from portal.accounts.actors import SYSTEM, Actor
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from review import rules
from review.domain import drawing, inviting, keeping_out, telling_sessions
from review.domain.holding_session import held, held_member, moved
from review.enums.pooling import TermState
from review.enums.sitting import BEFORE_OPENING, GIVEN_BACK, MemberState, SessionState
from review.models import CommitteeSession, Draw, ExpertTerm, SessionMember

LONGEST_TEXT, FEWEST_SIGNS = 4000, 10


def invite_all(session: CommitteeSession, *, by: Actor, at: dt.datetime) -> list[SessionMember]:
    """Invite everybody who was drawn and not asked yet; returns whom."""
    with transaction.atomic():
        row = held(session)
        if not rules.prepares_session.test(by, row):
            raise StepNotPermitted("invite", [Reason(_("您当前的身份不能办理。"), "E-11", "step_not_permitted")])
        waiting = row.members.filter(state=MemberState.DRAWN).select_related("person").order_by("place")
        invited = inviting.ask(waiting, by=by, at=at)
        if invited:
            moved(row)
        return invited


@settled_first
def accept(
    member: SessionMember, *, promise: bool, by: Actor, at: dt.datetime, key: str | None = None
) -> SessionMember:
    """Come, and promise secrecy and to keep out where there is a relation."""
    done = _step(member, "accept", by=by, at=at, key=key, promise=promise)
    inviting.keep_time(done.session, at)
    return done


@settled_first
def decline(
    member: SessionMember, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> SessionMember | None:
    """Give the seat back, or take it from who cannot come; returns who takes it from the draw's order, None if nobody can."""
    with transaction.atomic():
        row = held_member(member)
        done = carry_out(row, "decline", by=by, at=at, key=key, reason=reason)
        if done.declined_at != at or hasattr(done, "replaced_by"):
            return SessionMember.objects.filter(replaces=done).first()
        following = _give_on(done, at)
        inviting.keep_time(done.session, at)
        return following


@in_office_language
def invitations_lapse(session: CommitteeSession, at: dt.datetime) -> None:
    """Nobody answered until ``at``: the seats of those who were asked first go on in the draw's order (A-52)."""
    if session.state not in BEFORE_OPENING:
        return
    row = held(session)
    reason = _("逾期未答复邀请，视为不参加。")
    gone = [carry_out(one, "decline", by=SYSTEM, at=at, reason=reason) for one in inviting.unanswered(row)]
    for member in gone:  # only when all seats are free: whoever is asked now has a deadline of their own
        telling_sessions.tell_unanswered(member, at)
        _give_on(member, at)
    telling_sessions.drop_reminders(row, at)
    inviting.keep_time(row, at)


@in_office_language
def term_stopped(term: ExpertTerm, at: dt.datetime) -> None:
    """Give on the seats of an expert who serves no more in sessions that did not open, as if they were declined (E-14, A-52).

    Must stand in the transaction of the step that stopped the term. Who sits in a meeting already leaves it before the
    next vote. All sessions are held before the experts of any draw, so that two such steps never wait in a circle.
    """
    seats = SessionMember.objects.filter(term=term, state__in=GIVEN_BACK).exclude(term__state=TermState.APPOINTED)
    ahead = CommitteeSession.objects.filter(state__in=BEFORE_OPENING)
    sessions = [held(one) for one in ahead.filter(members__in=seats).order_by("pk")]
    drawing.hold_experts_of(sessions)
    reason = _("专家聘期已暂停或者结束，不能参加会议。")
    for seat in seats.filter(session__in=ahead.filter(pk__in=[one.pk for one in sessions])).order_by("session"):
        gone = carry_out(seat, "decline", by=SYSTEM, at=at, reason=reason)
        _give_on(gone, at)
        inviting.keep_time(gone.session, at)


def check_in(member: SessionMember, *, by: Actor, at: dt.datetime, key: str | None = None) -> SessionMember:
    """Note that the member is in the room, on time, late, or again; a vote that runs already is not theirs (A-02)."""
    return _step(member, "check_in", by=by, at=at, key=key)


def expected(session: CommitteeSession) -> list[SessionMember]:
    """Return who accepted and is not in the room, those who left included."""
    waiting = session.members.filter(state__in=[MemberState.ACCEPTED, MemberState.LEFT])
    return list(waiting.select_related("person").order_by("place"))


def check_in_many(
    session: CommitteeSession, codes: Collection[str], *, by: Actor, at: dt.datetime
) -> list[SessionMember]:
    """Note that all of them are in the room, or nobody where one is refused; who came meanwhile is passed over (A-02)."""
    with transaction.atomic():
        row = held(session)
        came = [carry_out(one, "check_in", by=by, at=at) for one in expected(row) if one.code in codes]
        if came:
            moved(row)
        return came


def leave(member: SessionMember, *, by: Actor, at: dt.datetime, key: str | None = None) -> SessionMember:
    """Note that the member left; who is on a frozen roll stays in its total, as not cast unless a vote was given (A-02).

    Before the opening this takes the arrival back: who is not there when the meeting opens did not attend it.
    """
    return _step(member, "leave", by=by, at=at, key=key)


def commissioner_comes(session: CommitteeSession, *, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Note that the commissioner is in the room, before the opening or later."""
    with transaction.atomic():
        row = _watched(session, by)
        is_day = row.state == SessionState.CONVENED and row.day == clock.day_of(at)
        if not is_day and row.state != SessionState.OPEN:
            raise Refusal([Reason(_("只能在会议当日到场签到。"), "R-115", "doors_are_open")])
        if row.commissioner_came_at is None:
            row.commissioner_came_at, row.revision = at, row.revision + 1
            row.save()
            record(row, "commissioner_comes", by=by, at=at, basis="R-115")
        return row


def remark(session: CommitteeSession, text: str, *, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Write what the commissioner saw; it can be changed until the chair signs (R-115, A-47)."""
    with transaction.atomic():
        row = _watched(session, by)
        if row.state not in {SessionState.OPEN, SessionState.CLOSED}:
            raise Refusal([Reason(_("会议召开后、签署前可以填写监督意见。"), "R-115", "not_now")])
        if not text.strip():
            raise Refusal(
                [Reason(_("请填写监督意见；没有发现问题的，也请写明。"), "R-115", "remark_missing", "remarks")]
            )
        if row.remarks != text.strip():
            row.remarks, row.remarked_at, row.revision = text.strip()[:LONGEST_TEXT], at, row.revision + 1
            row.save()
            record(row, "remark", by=by, at=at, basis="R-115")
        return row


def ask_to_stop(session: CommitteeSession, text: str, *, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Ask the bureau to stop the meeting; the bureau decides, the commissioner does not, and may ask again then (A-47)."""
    with transaction.atomic():
        row = _watched(session, by)
        if row.state not in {SessionState.CONVENED, SessionState.OPEN, SessionState.CLOSED}:
            raise Refusal([Reason(_("会议没有在进行中。"), "A-47", "not_now")])
        if len(text.strip()) < FEWEST_SIGNS:
            raise Refusal([Reason(_("请写明建议停止会议的理由，至少10个字。"), "A-47", "reason_given", "reason")])
        if not row.waits_for_stop_answer:
            row.stop_asked_at, row.stop_reason, row.revision = at, text.strip()[:500], row.revision + 1
            row.stop_answered_at, row.stop_decision, row.stop_answer = None, "", ""
            row.save()
            record(row, "ask_to_stop", by=by, at=at, basis="A-47", note=row.stop_reason)
            telling_sessions.tell_stop_asked(row, row.stop_reason, at)
        return row


def _give_on(member: SessionMember, at: dt.datetime) -> SessionMember | None:
    """Give the seat that fell free to the next of the draw's order, and tell the agency."""
    member.session.scrutineers.filter(member=member).delete()
    following = drawing.replace(member, at=at)
    if following is not None:
        keeping_out.compute_for_member(following, at=at)
    telling_sessions.tell_seat_free(member, following, at)
    moved(member.session)
    return following


def _watched(session: CommitteeSession, by: Actor) -> CommitteeSession:
    row = held(session)
    if not rules.watches_session.test(by, row):
        raise StepNotPermitted("watch", [Reason(_("您不是本次会议的监督委员。"), "R-115", "step_not_permitted")])
    return row


def _step(
    member: SessionMember, step: str, *, by: Actor, at: dt.datetime, key: str | None = None, **facts: Any
) -> SessionMember:
    with transaction.atomic():
        row = held_member(member)
        before = row.state
        done = carry_out(row, step, by=by, at=at, key=key, **facts)
        if done.state != before:
            moved(row.session)
        return done


def draw_of(session: CommitteeSession) -> Draw | None:
    """Return the draw of the session, or None before anything was fixed."""
    return Draw.objects.filter(session=session).select_related("session__committee__agency").first()
