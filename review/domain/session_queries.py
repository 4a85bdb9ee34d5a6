"""What of sessions waits for whom: the rows behind the work lists."""

import datetime as dt

from django.db.models import Q, QuerySet

from portal.accounts.actors import Actor
from portal.shared import clock
from review.domain import scoring
from review.enums.scoring import SheetState
from review.enums.sitting import (
    BEFORE_OPENING,
    BEFORE_VOTE,
    BallotMode,
    DrawState,
    ItemState,
    MemberState,
    SessionState,
)
from review.models import AgendaItem, CommitteeSession, ScoreSheet, SessionMember


def own_seats(actor: Actor) -> QuerySet[SessionMember]:
    """Return the seats of the expert at the agency acted for."""
    sessions = CommitteeSession.objects.of_member(actor)
    return SessionMember.objects.filter(person=actor.person, session__in=sessions.values("pk"))


def invitations(actor: Actor) -> QuerySet[SessionMember]:
    """Return the seats that wait for the expert's answer."""
    return own_seats(actor).filter(state=MemberState.INVITED, session__state__in=BEFORE_OPENING)


def meeting_today(actor: Actor, at: dt.datetime) -> QuerySet[CommitteeSession]:
    """Return the sessions of today in which the expert sits and that are not over."""
    seats = own_seats(actor).filter(state__in=[MemberState.ACCEPTED, MemberState.PRESENT, MemberState.LEFT])
    return CommitteeSession.objects.filter(_held_on_day_of(at), pk__in=seats.values("session"))


def watched_today(actor: Actor, at: dt.datetime) -> QuerySet[CommitteeSession]:
    """Return the sessions of today that the commissioner watches and that are not over."""
    return CommitteeSession.objects.of_commissioner(actor).filter(_held_on_day_of(at))


def _held_on_day_of(at: dt.datetime) -> Q:
    day = clock.day_of(at)
    running = Q(state=SessionState.CONVENED) | Q(state=SessionState.OPEN)
    return running & Q(starts_at__gte=clock.start_of(day), starts_at__lt=clock.end_of(day))


def to_be_signed(actor: Actor) -> QuerySet[CommitteeSession]:
    """Return the closed sessions that wait for the chair's signature."""
    return CommitteeSession.objects.filter(
        state=SessionState.CLOSED, pk__in=own_seats(actor).filter(is_chair=True).values("session")
    )


def to_be_counted(actor: Actor) -> QuerySet[AgendaItem]:
    """Return the closed votes on paper that wait for a count by this scrutineer."""
    seats = own_seats(actor).exclude(scrutiny=None)
    waiting = AgendaItem.objects.shown_to_member(actor).filter(state=ItemState.COUNTED, session__mode=BallotMode.PAPER)
    return waiting.filter(session__in=seats.values("session")).exclude(
        paper_count__entered_by__person=actor.person, paper_count__confirmed_by=None
    )


def to_be_scored(actor: Actor) -> QuerySet[AgendaItem]:
    """Return the cases of open meetings that wait for a score sheet of the expert, who is in the room (R-044)."""
    seats = own_seats(actor).filter(state=MemberState.PRESENT, session__state=SessionState.OPEN)
    handed_in = ScoreSheet.objects.filter(member__in=seats, state=SheetState.HANDED_IN)
    waiting = AgendaItem.objects.shown_to_member(actor).filter(session__in=seats.values("session"))
    scored = waiting.filter(state__in=BEFORE_VOTE, application__entry__committee__guide__state__in=scoring.STANDING)
    return scored.exclude(pk__in=handed_in.values("item"))


def draws_waiting(actor: Actor) -> QuerySet[CommitteeSession]:
    """Return the sessions whose frozen set waits for the commissioner's number."""
    return CommitteeSession.objects.of_commissioner(actor).filter(
        state=SessionState.DRAFT, draw__state=DrawState.FROZEN
    )


def remarks_waiting(actor: Actor) -> QuerySet[CommitteeSession]:
    """Return the closed sessions that wait for the remarks of the commissioner who was there."""
    there = CommitteeSession.objects.of_commissioner(actor).exclude(commissioner_came_at=None)
    return there.filter(state=SessionState.CLOSED, remarked_at=None)


def to_be_prepared(actor: Actor) -> QuerySet[CommitteeSession]:
    """Return the agency's sessions that are not convened yet."""
    return CommitteeSession.objects.of_agency(actor).filter(state__in=[SessionState.DRAFT, SessionState.DRAWN])
