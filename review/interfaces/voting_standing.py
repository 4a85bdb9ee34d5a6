"""How far a vote on devices is, and what of it waits for one reader: who voted is no secret, what they chose nobody holds."""

from dataclasses import dataclass

from django.db.models import Count, Q

from review.domain import voting_keys
from review.enums.sitting import ItemState, SessionState
from review.models import AgendaItem, CommitteeSession, KeySeat, SessionMember

HELD = frozenset({SessionState.CONVENED, SessionState.OPEN})


@dataclass(frozen=True)
class Preparation:
    """What a reader in the room still has to do before they can vote or count."""

    registers: bool = False
    makes_key: bool = False


@dataclass(frozen=True)
class CaseStanding:
    """One case: ballots received and parts given, and whether the reader is on the roll, has voted, counts, has given a part."""

    cast: int = 0
    parts: int = 0
    is_on_roll: bool = False
    has_cast: bool = False
    has_given: bool = False


def preparation_of(session: CommitteeSession, seat: SessionMember | None, *, is_scrutineer: bool) -> Preparation:
    """Return what waits for the member before the first vote: nothing on paper, outside of the meeting, or for others."""
    if session.is_on_paper or seat is None or not seat.is_present or session.state not in HELD:
        return Preparation()
    registers = not seat.ballot_keys.filter(replaced_at=None).exists()
    makes_key = is_scrutineer and session.state == SessionState.CONVENED and not _has_confirmed(session, seat)
    return Preparation(registers, makes_key)


def standing_of(item: AgendaItem, seat: SessionMember | None) -> CaseStanding | None:
    """Return how far the vote on a case is for whoever has this seat, or none; None on paper, before it and after it."""
    if item.session.is_on_paper or item.state not in {ItemState.VOTING, ItemState.COUNTED}:
        return None
    own = Q(member=seat) if seat is not None else Q(pk=None)
    told = item.roll.aggregate(
        cast=Count("ballot"), own_right=Count("pk", filter=own), own_ballot=Count("ballot", filter=own)
    )
    given = set(item.opening_parts.values_list("seat", flat=True)) if item.state == ItemState.COUNTED else set()
    own_seat = _key_seat(item.session, seat) if given else None
    return CaseStanding(
        cast=told["cast"],
        parts=len(given),
        is_on_roll=told["own_right"] > 0,
        has_cast=told["own_ballot"] > 0,
        has_given=own_seat is not None and own_seat.seat in given,
    )


def _has_confirmed(session: CommitteeSession, seat: SessionMember) -> bool:
    own = _key_seat(session, seat)
    return own is not None and own.confirmation is not None


def _key_seat(session: CommitteeSession, seat: SessionMember | None) -> KeySeat | None:
    key = voting_keys.live_key(session)
    return key.seats.filter(member=seat).first() if key is not None and seat is not None else None
