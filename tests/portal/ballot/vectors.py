"""Makes `tests/fixtures/ballot_vectors.json`, which both languages are held to: UPDATE_VECTORS=1 pytest tests/portal/ballot/test_vectors.py."""

from typing import Any

from portal.ballot import casting, ceremony, counting
from portal.ballot.casting import Choice
from portal.ballot.ceremony import SEATS
from portal.ballot.group import GENERATOR, ORDER, digest, times_generator
from tests.factories.ballots import Scrutineers, Voter, drawn
from tests.portal.ballot.curve import verifier

CHOICES = [Choice.AGREE, Choice.AGAINST, Choice.AGREE, Choice.ABSTAIN, Choice.AGREE]
SESSION, ITEM = "PS26000001", "YX26000042"


def drawn_bytes(name: str) -> bytes:
    return digest("test vector", name.encode())[:32]


def made() -> dict[str, Any]:
    """Return all vectors; the same at every call."""
    scrutineers = Scrutineers(SESSION, drawn("scrutineers"))
    voters = [Voter(drawn_bytes(f"voter {number}")) for number in range(len(CHOICES))]
    booth = scrutineers.booth(ITEM)
    cast = [
        voter.cast(booth, choice, drawn(f"ballot {number}"))
        for number, (voter, choice) in enumerate(zip(voters, CHOICES, strict=True))
    ]
    sealed = [casting.check(booth, voter.key, ballot) for voter, (ballot, _) in zip(voters, cast, strict=True)]
    votes = counting.added(sealed)
    return {
        "digest": {"purpose": "目的", "fields": ["", "00", "0001"], "is": digest("目的", b"", b"\0", b"\0\1").hex()},
        "refused_points": refused_points(),
        "refused_scalars": [each.to_bytes(32, "little").hex() for each in (ORDER, ORDER + 1, 2**255, 2**256 - 1)],
        "session": SESSION,
        "item": ITEM,
        "ceremony": of_ceremony(scrutineers),
        "ballots": [
            {
                "seed": voter.seed.hex(),
                "key": voter.key.hex(),
                "choice": choice.name.lower(),
                "draws": draws(f"ballot {number}", 8),
                "ballot": ballot.hex(),
                "signature": signature.hex(),
            }
            for number, (voter, choice, (ballot, signature)) in enumerate(zip(voters, CHOICES, cast, strict=True))
        ],
        "sum": bytes(votes).hex(),
        "parts": [
            {
                "seat": seat,
                "draws": draws(f"part {seat}", 1),
                "part": scrutineers.part(booth, seat, votes, drawn(f"part {seat}")).hex(),
            }
            for seat in SEATS
        ],
        "totals": {"agree": 3, "against": 1, "abstain": 1},
    }


def of_ceremony(scrutineers: Scrutineers) -> dict[str, Any]:
    drawn_numbers = [f"{each:064x}" for each in _first(drawn("scrutineers"), 12)]
    held = scrutineers.ceremony
    return {
        "secrets": [
            {"constant": f"{each.constant:064x}", "slope": f"{each.slope:064x}", "box": each.box.hex()}
            for each in scrutineers.secrets
        ],
        "nonces": drawn_numbers[9:],
        "announcements": [bytes(each).hex() for each in scrutineers.announcements],
        "joint_key": held.joint_key.hex(),
        "verification_keys": [held.verification_key(seat).hex() for seat in SEATS],
        "transcript": held.transcript.hex(),
        "fingerprint": held.fingerprint,
        "sealed": [
            {
                "from": sender,
                "to": recipient,
                "once": drawn_bytes(f"once {sender}{recipient}").hex(),
                "sealed": scrutineers.sealed(sender, recipient, drawn_bytes(f"once {sender}{recipient}")).hex(),
            }
            for sender in SEATS
            for recipient in SEATS
            if sender != recipient
        ],
        "shares": [f"{scrutineers.share(seat):064x}" for seat in SEATS],
        "confirmations": [
            {
                "draws": draws(f"confirmation {seat}", 1),
                "confirmation": ceremony.confirm(
                    held, seat, scrutineers.share(seat), draw=drawn(f"confirmation {seat}")
                ).hex(),
            }
            for seat in SEATS
        ],
    }


def refused_points() -> dict[str, str]:
    """Return encodings that every implementation must refuse, each with what is wrong with it."""
    curve = verifier()
    some = curve.on_curve(times_generator(7))
    torsion = eighth_root(curve)
    small = {f"order of a torsion point {number}": curve.multiple(number, torsion) for number in range(8)}
    mixed = {f"mixed order {number}": curve.add(some, curve.multiple(number, torsion)) for number in range(1, 8)}
    spelled = {name: curve.spelled(each).hex() for name, each in {**small, **mixed}.items()}
    return spelled | {
        "identity, with y not reduced": (curve.P + 1).to_bytes(32, "little").hex(),
        "identity, with a sign": (1 | 1 << 255).to_bytes(32, "little").hex(),
        "not on the curve": (2).to_bytes(32, "little").hex(),
        "all ones": b"\xff".hex() * 32,
        "too short": GENERATOR[:31].hex(),
    }


def eighth_root(curve: Any) -> tuple[int, ...]:
    """Return a point of order eight: what is left of some point of the curve after its prime part is taken away."""
    for number in range(2, 100):
        try:
            candidate = curve.multiple(ORDER, curve.on_curve(number.to_bytes(32, "little")))
        except curve.Wrong:
            continue
        if not curve.equal(curve.multiple(4, candidate), curve.IDENTITY):
            return candidate
    raise LookupError


def draws(name: str, count: int) -> list[str]:
    return [f"{each:064x}" for each in _first(drawn(name), count)]


def _first(draw: Any, count: int) -> list[int]:
    return [draw() for _ in range(count)]
