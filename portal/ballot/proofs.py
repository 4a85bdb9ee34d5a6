"""Proofs that reveal nothing: one secret number takes each base to its image, or does so for one of several lists.

A statement is a list of pairs (base, image) and says: I know one number w with image = w · base for every pair. With one pair
this is Schnorr's proof, with two Chaum and Pedersen's; ``prove_one_of`` is the disjunction of Cramer, Damgård and
Schoenmakers. All are made non-interactive by hashing (Fiat and Shamir) the purpose, the context, the whole statement and
the commitments, so that a proof holds for one purpose in one context only.
"""

from collections.abc import Sequence

from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.group import (
    GENERATOR,
    ORDER,
    Draw,
    Point,
    challenge,
    encoded,
    fresh,
    minus,
    pieces,
    scalar,
    times,
    times_generator,
)

Context = Sequence[bytes]
Statement = Sequence[tuple[Point, Point]]


def prove(secret: int, statement: Statement, *, purpose: str, context: Context, draw: Draw = fresh) -> bytes:
    """Prove that ``secret`` takes every base to its image: challenge and response, 64 bytes."""
    nonce = draw()
    commitments = [_multiple(nonce, base) for base, _ in statement]
    asked = challenge(purpose, *context, *_points([statement]), *commitments)
    return encoded(asked) + encoded(nonce + asked * secret)


def verify(proof: bytes, statement: Statement, *, purpose: str, context: Context) -> None:
    """Check a proof made by ``prove`` for the same statement, purpose and context.

    Raises BallotRefused: the proof has the wrong size, an unreduced scalar, or does not hold.
    """
    asked, response = (scalar(piece) for piece in pieces(proof, 2))
    commitments = _commitments(statement, asked, response)
    if asked != challenge(purpose, *context, *_points([statement]), *commitments):
        raise BallotRefused(Fault.PROOF, f"the proof of {purpose} does not hold")


def prove_one_of(
    statements: Sequence[Statement], known: int, secret: int, *, purpose: str, context: Context, draw: Draw = fresh
) -> bytes:
    """Prove that the statement number ``known`` holds, without saying which: 64 bytes for each statement.

    For the others challenge and response are drawn first and fitting commitments computed from them; only the sum of the
    challenges is fixed by the hash, so exactly one of them is left to be answered with ``secret``.
    """
    answers = [(draw(), draw()) for _ in statements]
    nonce = draw()
    commitments = [_commitments(statement, *answer) for statement, answer in zip(statements, answers, strict=True)]
    commitments[known] = [_multiple(nonce, base) for base, _ in statements[known]]
    asked = challenge(purpose, *context, *_points(statements), *_flat(commitments))
    own = (asked - sum(other for place, (other, _) in enumerate(answers) if place != known)) % ORDER
    answers[known] = own, nonce + own * secret
    return b"".join(encoded(asked) + encoded(response) for asked, response in answers)


def verify_one_of(proof: bytes, statements: Sequence[Statement], *, purpose: str, context: Context) -> None:
    """Check a proof made by ``prove_one_of`` for the same statements in the same order.

    Raises BallotRefused: the proof has the wrong size, an unreduced scalar, or does not hold.
    """
    numbers = [scalar(piece) for piece in pieces(proof, 2 * len(statements))]
    answers = list(zip(numbers[::2], numbers[1::2], strict=True))
    commitments = [_commitments(statement, *answer) for statement, answer in zip(statements, answers, strict=True)]
    asked = challenge(purpose, *context, *_points(statements), *_flat(commitments))
    if asked != sum(numbers[::2]) % ORDER:
        raise BallotRefused(Fault.PROOF, f"the proof of {purpose} does not hold")


def _commitments(statement: Statement, asked: int, response: int) -> list[Point]:
    """Return the only commitments that ``response`` answers ``asked`` with: response · base − asked · image."""
    return [minus(_multiple(response, base), times(asked, image)) for base, image in statement]


def _multiple(number: int, base: Point) -> Point:
    return times_generator(number) if base == GENERATOR else times(number, base)


def _points(statements: Sequence[Statement]) -> list[Point]:
    return [each for statement in statements for pair in statement for each in pair]


def _flat(commitments: Sequence[Sequence[Point]]) -> list[Point]:
    return [each for group in commitments for each in group]
