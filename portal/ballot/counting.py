"""The sum of all ballots on one item, opened by two scrutineers. No ballot is opened, and nothing here can open one unseen.

Each scrutineer computes the sum from the published ballots, multiplies its first point by the own share and proves that it
was this share. Two such parts give m·G, where m is the sum of the weights; for a meeting the few possible sums are looked up.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from portal.ballot.casting import MOST_VOTERS, Booth, Choice, Ciphertext
from portal.ballot.ceremony import THRESHOLD, Ceremony
from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.group import (
    GENERATOR,
    IDENTITY,
    ORDER,
    SIZE,
    Draw,
    Point,
    fresh,
    minus,
    plus,
    point,
    times,
    times_generator,
    total,
)
from portal.ballot.proofs import Statement, prove, verify

PART_SIZE: Final = 3 * SIZE
_PART = "part of an opening"


class Totals(NamedTuple):
    """How many chose what; together they are the ballots that were cast."""

    agree: int
    against: int
    abstain: int


def added(ballots: Iterable[Ciphertext]) -> Ciphertext:
    """Add checked ballots of one booth. Of no ballot nothing is to be opened: ask for the sum only where some were cast."""
    every = tuple(ballots)
    return Ciphertext(total(each.blind for each in every), total(each.hidden for each in every))


def part_of_opening(
    booth: Booth, ceremony: Ceremony, seat: int, share: int, votes: Ciphertext, *, draw: Draw = fresh
) -> bytes:
    """Return what the scrutineer in ``seat`` contributes to opening the sum ``votes``: 96 bytes."""
    part = times(share, votes.blind)
    statement = _statement(ceremony, seat, votes, part)
    return part + prove(share, statement, purpose=_PART, context=_context(booth, seat, votes), draw=draw)


def check_part(booth: Booth, ceremony: Ceremony, seat: int, votes: Ciphertext, message: bytes) -> Point:
    """Return a scrutineer's part, once it is proven to come from the share of ``seat`` and for exactly this sum.

    Raises BallotRefused: wrong size, a bad point, or the proof does not hold.
    """
    if len(message) != PART_SIZE:
        raise BallotRefused(Fault.LENGTH, f"a part has {PART_SIZE} bytes, not {len(message)}")
    part = point(message[:SIZE])
    try:
        statement = _statement(ceremony, seat, votes, part)
        verify(message[SIZE:], statement, purpose=_PART, context=_context(booth, seat, votes))
    except BallotRefused as error:
        raise BallotRefused(Fault.PARTIAL, f"scrutineer {seat} did not open this sum with the own share") from error
    return part


def opened(votes: Ciphertext, parts: Mapping[int, Point], cast: int) -> Totals:
    """Open the sum of ``cast`` ballots with checked parts by seat.

    Raises BallotRefused: fewer than two parts, or what comes out is no sum of so many ballots.
    """
    if len(parts) < THRESHOLD:
        raise BallotRefused(Fault.THRESHOLD, f"{THRESHOLD} scrutineers open a sum, not {len(parts)}")
    chosen = dict(sorted(parts.items())[:THRESHOLD])
    blind = total(times(_lagrange(seat, chosen), part) for seat, part in chosen.items())
    found = _sums(cast).get(minus(votes.hidden, blind))
    if found is None:
        raise BallotRefused(Fault.TOTALS, f"no {cast} ballots have this sum")
    agree, against = found
    return Totals(agree, against, cast - agree - against)


def _lagrange(seat: int, seats: Iterable[int]) -> int:
    """Return the weight with which the share of ``seat`` enters the value at zero of the line through ``seats``."""
    weight = 1
    for other in seats:
        if other != seat:
            weight = weight * other * pow(other - seat, -1, ORDER) % ORDER
    return weight


@lru_cache(maxsize=64)
def _sums(cast: int) -> Mapping[Point, tuple[int, int]]:
    """Return for every possible m·G of ``cast`` ballots, how many agreed and how many were against: about cast²/2 points."""
    if not 0 < cast <= MOST_VOTERS:
        raise BallotRefused(Fault.TOTALS, f"a sum has 1 to {MOST_VOTERS} ballots, not {cast}")
    found: dict[Point, tuple[int, int]] = {}
    step, column = times_generator(Choice.AGAINST), IDENTITY
    for against in range(cast + 1):
        each = column
        for agree in range(cast + 1 - against):
            found[each] = agree, against
            each = plus(each, GENERATOR)
        column = plus(column, step)
    return MappingProxyType(found)


def _statement(ceremony: Ceremony, seat: int, votes: Ciphertext, part: Point) -> Statement:
    return (GENERATOR, ceremony.verification_key(seat)), (votes.blind, part)


def _context(booth: Booth, seat: int, votes: Ciphertext) -> tuple[bytes, ...]:
    return *booth.context, bytes([seat]), bytes(votes)
