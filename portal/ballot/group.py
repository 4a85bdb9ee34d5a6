"""Arithmetic in the subgroup of prime order of edwards25519, done by libsodium.

A ``Point`` is the canonical encoding, 32 bytes, of an element of that subgroup; a scalar is an integer from 0 to ORDER − 1.
What comes from outside becomes one of them only through ``point`` and ``scalar``, which refuse other encodings, so no
function behind them meets a point of small or mixed order or a scalar that has a second spelling.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import Final, NewType

from nacl import bindings as sodium

from portal.ballot.errors import BallotRefused, Fault

Point = NewType("Point", bytes)
Draw = Callable[[], int]

ORDER: Final = 2**252 + 27742317777372353535851937790883648493
SIZE: Final = 32
IDENTITY: Final = Point(b"\x01" + bytes(31))
PROTOCOL: Final = "portal.ballot/1"


def fresh() -> int:
    """Return a scalar other than zero that nobody can guess."""
    return secrets.randbelow(ORDER - 1) + 1


def point(encoded: bytes) -> Point:
    """Decode what came from outside.

    Raises BallotRefused: not 32 bytes, not canonical, not on the curve, of small or mixed order, or the identity.
    """
    if len(encoded) != SIZE:
        raise BallotRefused(Fault.LENGTH, f"a point has {SIZE} bytes, not {len(encoded)}")
    if not sodium.crypto_core_ed25519_is_valid_point(encoded):
        raise BallotRefused(Fault.POINT, "not the canonical encoding of a point of prime order")
    return Point(encoded)


def scalar(encoded: bytes) -> int:
    """Decode what came from outside: 32 bytes, little-endian.

    Raises BallotRefused: not 32 bytes, or not below ORDER; a scalar has one spelling only.
    """
    if len(encoded) != SIZE:
        raise BallotRefused(Fault.LENGTH, f"a scalar has {SIZE} bytes, not {len(encoded)}")
    number = int.from_bytes(encoded, "little")
    if number >= ORDER:
        raise BallotRefused(Fault.SCALAR, "a scalar that is not reduced")
    return number


def encoded(number: int) -> bytes:
    """Encode a scalar of ours, reducing it."""
    return (number % ORDER).to_bytes(SIZE, "little")


def times(number: int, base: Point) -> Point:
    """Return ``number`` · ``base``; libsodium refuses what this product may well be, the identity."""
    if number % ORDER == 0 or base == IDENTITY:
        return IDENTITY
    return Point(sodium.crypto_scalarmult_ed25519_noclamp(encoded(number), base))


def times_generator(number: int) -> Point:
    """Return ``number`` · G, five times as fast as ``times``."""
    return IDENTITY if number % ORDER == 0 else Point(sodium.crypto_scalarmult_ed25519_base_noclamp(encoded(number)))


GENERATOR: Final = times_generator(1)


def plus(left: Point, right: Point) -> Point:
    return Point(sodium.crypto_core_ed25519_add(left, right))


def minus(left: Point, right: Point) -> Point:
    return Point(sodium.crypto_core_ed25519_sub(left, right))


def total(points: Iterable[Point]) -> Point:
    """Return the sum of ``points``, the identity of none."""
    result = IDENTITY
    for each in points:
        result = plus(result, each)
    return result


def digest(purpose: str, *fields: bytes) -> bytes:
    """Hash ``fields`` for one ``purpose``, 64 bytes: SHA-512 of the protocol's name, the purpose and each field, all with their lengths.

    No two lists of fields, and no two purposes, have the same input.
    """
    hashed = hashlib.sha512()
    for field in (PROTOCOL.encode(), purpose.encode(), *fields):
        hashed.update(len(field).to_bytes(4, "big") + field)
    return hashed.digest()


def challenge(purpose: str, *fields: bytes) -> int:
    """Return the scalar that ``fields`` are challenged with; 512 bits reduced, so that none is likelier than another."""
    return int.from_bytes(digest(purpose, *fields), "little") % ORDER


def pieces(message: bytes, count: int) -> list[bytes]:
    """Cut a message into ``count`` pieces of 32 bytes.

    Raises BallotRefused: the message has another length; every kind of message has one size only.
    """
    if len(message) != count * SIZE:
        raise BallotRefused(Fault.LENGTH, f"{count * SIZE} bytes are expected, not {len(message)}")
    return [message[start : start + SIZE] for start in range(0, len(message), SIZE)]
