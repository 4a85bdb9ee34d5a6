"""Asking members to come, and until when they can answer.

The deadline hangs on the session, whose lock comes before those of its seats: it is that of the invitations that were
sent first, and when it rings the next ones take its place.
"""

import datetime as dt
from collections.abc import Iterable

from portal.accounts.actors import Actor
from portal.catalogue.queries import policy_of
from portal.deadlines import setting, terms
from portal.workdays.queries import calendar_in_force
from portal.workflow import carry_out
from review.domain import telling_sessions
from review.enums.sitting import BEFORE_OPENING, INVITATION, MemberState
from review.models import CommitteeSession, SessionMember


def ask(members: Iterable[SessionMember], *, by: Actor, at: dt.datetime) -> list[SessionMember]:
    """Invite seats that were drawn; the session must be held. Who does not answer in time does not come (A-52)."""
    invited = [carry_out(one, "invite", by=by, at=at) for one in members]
    for member in invited:
        telling_sessions.tell_invited(member, answer_by(member), at)
    for session in {one.session for one in invited}:
        keep_time(session, at)
    return invited


def answer_by(member: SessionMember) -> dt.datetime | None:
    """Return until when (exclusive) an invited member can answer: some working days, and not beyond the meeting's begin."""
    if member.state != MemberState.INVITED or member.invited_at is None:
        return None
    end = terms.end_of_count(calendar_in_force(), member.invited_at, _workdays(member.session), ()).due_at
    return min(end, member.session.starts_at) if end is not None else member.session.starts_at


def next_end(session: CommitteeSession) -> dt.datetime | None:
    """Return when the oldest invitation without an answer ends, or None."""
    waiting = setting.waiting(INVITATION, session)
    return waiting.due_at if waiting is not None else None


def unanswered(session: CommitteeSession) -> list[SessionMember]:
    """Return who was asked first and did not answer yet: those for whom the deadline stands."""
    waiting = session.members.filter(state=MemberState.INVITED).select_related("person", *SessionMember.FETCHED_WITH)
    first = waiting.order_by("invited_at").values_list("invited_at", flat=True).first()
    return list(waiting.filter(invited_at=first).order_by("place"))


def keep_time(session: CommitteeSession, at: dt.datetime) -> None:
    """Let the deadline be that of the oldest invitation without an answer, or none; the session must be held."""
    waiting = setting.waiting(INVITATION, session)
    first = next(iter(unanswered(session)), None) if session.state in BEFORE_OPENING else None
    asked_at = first.invited_at if first is not None else None
    if waiting is not None and waiting.started_at == asked_at:
        return
    if waiting is not None:
        setting.lift(INVITATION, session, at=at)
        telling_sessions.drop_reminders(session, at)
    if first is None or asked_at is None:
        return
    if answer_by(first) == session.starts_at:
        setting.set_instant(INVITATION, session, due_at=session.starts_at, at=asked_at)
    else:
        setting.set_workdays(INVITATION, session, workdays=_workdays(session), at=asked_at)


def remind(session: CommitteeSession, remaining: int, at: dt.datetime) -> None:
    """Tell whoever did not answer how many working days are left."""
    deadline = setting.waiting(INVITATION, session)
    if deadline is not None and deadline.due_at is not None:
        for member in unanswered(session):
            telling_sessions.remind_invited(member, remaining, deadline.due_at, at)


def _workdays(session: CommitteeSession) -> int:
    return policy_of(session.policy_code).days("committee.answer_workdays")
