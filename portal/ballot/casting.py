"""One member's ballot on one item: an encrypted choice, the proof that it is one choice, and the member's signature.

The choice is a weight m: 0 for an abstention, 1 for agreeing, 65,536 for voting against. It is encrypted by ElGamal in the exponent
under the scrutineers' joint key Y, as (r·G, r·Y + m·G), so that ballots can be added without being opened: the sum of the
weights tells both numbers. The proof says that m is one of the three, and nothing more. Every ballot has the same size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.group import (
    GENERATOR,
    SIZE,
    Draw,
    Point,
    digest,
    fresh,
    minus,
    plus,
    point,
    times,
    times_generator,
)
from portal.ballot.proofs import Statement, prove_one_of, verify_one_of

MOST_VOTERS: Final = 2**16 - 1
BALLOT_SIZE: Final = 8 * SIZE
SIGNATURE_SIZE: Final = 64
_PROOF, _SIGNATURE = "one valid choice", "signature of a ballot"


class Choice(IntEnum):
    """What a member may choose, as the weight that is added up. More than MOST_VOTERS agreeing would look like one against."""

    ABSTAIN = 0
    AGREE = 1
    AGAINST = 2**16


@dataclass(frozen=True)
class Booth:
    """Where a ballot holds: one item of one session, under one joint key. A ballot proves nothing anywhere else."""

    session: str
    item: str
    joint_key: Point

    @property
    def context(self) -> tuple[bytes, ...]:
        return self.session.encode(), self.item.encode(), self.joint_key


@dataclass(frozen=True)
class Ciphertext:
    """An encrypted weight, or the encrypted sum of several: ``blind`` = r·G, ``hidden`` = r·Y + m·G."""

    blind: Point
    hidden: Point

    def __bytes__(self) -> bytes:
        return self.blind + self.hidden


def mark(booth: Booth, member_key: bytes, choice: Choice, *, draw: Draw = fresh) -> bytes:
    """Return the ballot with ``choice`` of the member whose key it is: ciphertext and proof, 256 bytes.

    The portal never calls this for a real vote: the member's own device does.
    """
    secret = draw()
    hidden = plus(times(secret, booth.joint_key), times_generator(choice))
    sealed = Ciphertext(times_generator(secret), hidden)
    proof = prove_one_of(
        _statements(booth, sealed),
        list(Choice).index(choice),
        secret,
        purpose=_PROOF,
        context=(*booth.context, member_key),
        draw=draw,
    )
    return bytes(sealed) + proof


def check(booth: Booth, member_key: bytes, ballot: bytes) -> Ciphertext:
    """Return what a ballot adds to the sum, once its proof holds for this booth and this member.

    Raises BallotRefused: wrong size, a bad point or scalar, or a proof that does not hold: altered, copied from another member, from another item or session, or worth anything but one choice.
    """
    if len(ballot) != BALLOT_SIZE:
        raise BallotRefused(Fault.LENGTH, f"a ballot has {BALLOT_SIZE} bytes, not {len(ballot)}")
    sealed = Ciphertext(point(ballot[:SIZE]), point(ballot[SIZE : 2 * SIZE]))
    verify_one_of(ballot[2 * SIZE :], _statements(booth, sealed), purpose=_PROOF, context=(*booth.context, member_key))
    return sealed


def sign(booth: Booth, secret_key: bytes, ballot: bytes) -> bytes:
    """Sign ``ballot`` with a member's Ed25519 seed of 32 bytes; the member's device does the same."""
    key = SigningKey(secret_key)
    return key.sign(_signed(booth, bytes(key.verify_key), ballot)).signature


def check_signature(booth: Booth, member_key: bytes, ballot: bytes, signature: bytes) -> None:
    """Check that the holder of ``member_key`` cast ``ballot`` in this booth.

    Raises BallotRefused: the signature has the wrong size or does not hold.
    """
    if len(signature) != SIGNATURE_SIZE:
        raise BallotRefused(Fault.LENGTH, f"a signature has {SIGNATURE_SIZE} bytes, not {len(signature)}")
    try:
        VerifyKey(point(member_key)).verify(_signed(booth, member_key, ballot), signature)
    except BadSignatureError as error:
        raise BallotRefused(Fault.SIGNATURE, "the ballot is not signed by this member") from error


def _statements(booth: Booth, sealed: Ciphertext) -> Sequence[Statement]:
    """For each choice the statement: these two points hide exactly its weight."""
    return [
        ((GENERATOR, sealed.blind), (booth.joint_key, minus(sealed.hidden, times_generator(choice))))
        for choice in Choice
    ]


def _signed(booth: Booth, member_key: bytes, ballot: bytes) -> bytes:
    return digest(_SIGNATURE, *booth.context, member_key, ballot)
