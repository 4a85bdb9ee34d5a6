"""The arithmetic of the draw, which anybody can repeat: pure functions of codes and of two secrets.

The same rules stand in ``docs/verify_draw.py``, which needs nothing of the portal.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence

SEPARATOR = "\n"


def digest(*parts: str) -> str:
    """Return the SHA-256 of the parts, joined by line feeds, in lower-case hexadecimal."""
    return hashlib.sha256(SEPARATOR.join(parts).encode()).hexdigest()


def hash_of(eligible: Iterable[str]) -> str:
    """Return what fixes the set of those who can be drawn: independent of the order in which it was gathered."""
    return digest("eligible", *sorted(eligible))


def commitment(session: str, eligible_hash: str, secret: str) -> str:
    """Return what is published before the commissioner's share: it binds the secret to this session and this set."""
    return digest("commitment", session, eligible_hash, secret)


def seed_of(session: str, eligible_hash: str, secret: str, share: str) -> str:
    """Return the seed, of which neither the house nor the commissioner alone could choose a single bit."""
    return digest("seed", session, eligible_hash, secret, share)


def order_of(seed: str, eligible: Iterable[str]) -> list[str]:
    """Return every code in the order drawn: by the SHA-256 of seed and code, the code itself as the last word."""
    return sorted(set(eligible), key=lambda code: (digest("place", seed, code), code))


def seated(order: Sequence[str], heads: Collection[str], size: int) -> list[str]:
    """Return who sits: the first ``size`` of the order; the last seat goes to the first of ``heads`` if none was among them.

    ``heads`` are the filed chair and deputies: a session without any of them could not be chaired (R-114).
    """
    first = list(order[:size])
    if not any(code in heads for code in first):
        following = next((code for code in order[size:] if code in heads), None)
        if following is not None:
            first[-1:] = [following]
    return first


def replacement(order: Sequence[str], heads: Collection[str], sat: Collection[str], staying: Collection[str]) -> str:
    """Return who takes a seat that fell free: the next of the order who never sat in this session.

    Where no head stays, the next head. ``sat`` is everybody who ever had a seat; returns "" when nobody is left.
    """
    rest = [code for code in order if code not in sat]
    if not any(code in heads for code in staying):
        rest = [code for code in rest if code in heads]
    return rest[0] if rest else ""
