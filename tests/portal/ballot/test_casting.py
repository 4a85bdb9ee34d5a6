"""One ballot is one choice of one member on one item; everything else is refused, and all ballots look alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.ballot import casting
from portal.ballot.casting import BALLOT_SIZE, Booth, Choice, Ciphertext
from portal.ballot.errors import Fault
from portal.ballot.group import GENERATOR, ORDER, encoded, fresh, plus, times, times_generator
from portal.ballot.proofs import prove_one_of
from tests.factories.ballots import Scrutineers, Voter, refused

SCRUTINEERS = Scrutineers("PS26000001")
BOOTH = SCRUTINEERS.booth("YX26000001")
ANN, BOB = Voter(), Voter()
BALLOT, SIGNATURE = ANN.cast(BOOTH, Choice.AGREE)


@pytest.mark.parametrize("choice", Choice)
def test_every_choice_is_taken_and_every_ballot_has_one_size(choice: Choice) -> None:
    ballot, signature = ANN.cast(BOOTH, choice)
    casting.check(BOOTH, ANN.key, ballot)
    casting.check_signature(BOOTH, ANN.key, ballot, signature)
    assert (len(ballot), len(signature)) == (BALLOT_SIZE, casting.SIGNATURE_SIZE)


def test_the_same_choice_never_looks_the_same() -> None:
    assert len({casting.mark(BOOTH, ANN.key, Choice.AGREE)[:32] for _ in range(20)}) == 20


# --- The four attacks -------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(place=some.integers(0, BALLOT_SIZE - 1), bit=some.integers(0, 7))
def test_an_altered_ballot_is_refused(place: int, bit: int) -> None:
    altered = bytearray(BALLOT)
    altered[place] ^= 1 << bit
    assert refused(lambda: casting.check(BOOTH, ANN.key, bytes(altered))) in {Fault.POINT, Fault.SCALAR, Fault.PROOF}
    assert refused(lambda: casting.check_signature(BOOTH, ANN.key, bytes(altered), SIGNATURE)) == Fault.SIGNATURE


def test_a_ballot_copied_by_another_member_is_refused() -> None:
    assert refused(lambda: casting.check(BOOTH, BOB.key, BALLOT)) == Fault.PROOF
    own_signature = casting.sign(BOOTH, BOB.seed, BALLOT)
    casting.check_signature(BOOTH, BOB.key, BALLOT, own_signature)  # signing it does not make it one's own


@pytest.mark.parametrize(
    "elsewhere",
    [
        SCRUTINEERS.booth("YX26000002"),
        Booth("PS26000002", BOOTH.item, BOOTH.joint_key),
        Scrutineers(BOOTH.session).booth(BOOTH.item),
        Booth("PS26000001YX", "26000001", BOOTH.joint_key),
    ],
    ids=["item", "session", "key", "shifted words"],
)
def test_a_ballot_holds_in_its_own_booth_only(elsewhere: Booth) -> None:
    assert refused(lambda: casting.check(elsewhere, ANN.key, BALLOT)) == Fault.PROOF
    assert refused(lambda: casting.check_signature(elsewhere, ANN.key, BALLOT, SIGNATURE)) == Fault.SIGNATURE


@pytest.mark.parametrize("weight", [2, 5, Choice.AGAINST + 1, Choice.AGAINST * 2, ORDER - 1, ORDER - Choice.AGAINST])
def test_a_ballot_worth_anything_else_cannot_be_proven(weight: int) -> None:
    """Its maker knows every number and answers as if it agreed; and shifts an honest ballot under its honest proof."""
    secret = fresh()
    sealed = Ciphertext(times_generator(secret), plus(times(secret, BOOTH.joint_key), times_generator(weight % ORDER)))
    proof = prove_one_of(
        casting._statements(BOOTH, sealed), 1, secret, purpose=casting._PROOF, context=(*BOOTH.context, ANN.key)
    )
    assert refused(lambda: casting.check(BOOTH, ANN.key, bytes(sealed) + proof)) == Fault.PROOF
    shifted = BALLOT[:32] + plus(casting.check(BOOTH, ANN.key, BALLOT).hidden, times_generator(weight - 1))
    assert refused(lambda: casting.check(BOOTH, ANN.key, shifted + BALLOT[64:])) == Fault.PROOF


# --- Forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(6))
def test_a_proof_has_one_spelling_only(place: int) -> None:
    """A number plus the order of the group would verify as well, were it not refused."""
    start = 64 + 32 * place
    number = int.from_bytes(BALLOT[start : start + 32], "little") + ORDER
    unreduced = BALLOT[:start] + number.to_bytes(32, "little") + BALLOT[start + 32 :]
    assert refused(lambda: casting.check(BOOTH, ANN.key, unreduced)) == Fault.SCALAR


@pytest.mark.parametrize("length", [0, 255, 257, 512])
def test_another_size_is_refused(length: int) -> None:
    message = (BALLOT * 2)[:length]
    assert refused(lambda: casting.check(BOOTH, ANN.key, message)) == Fault.LENGTH
    assert refused(lambda: casting.check_signature(BOOTH, ANN.key, BALLOT, message)) == Fault.LENGTH


def test_points_in_the_clear_are_refused() -> None:
    """An identity as blinding would show the choice to all."""
    identity = b"\1" + bytes(31)
    assert refused(lambda: casting.check(BOOTH, ANN.key, identity + GENERATOR + BALLOT[64:])) == Fault.POINT
    assert refused(lambda: casting.check(BOOTH, ANN.key, BALLOT[:32] + identity + BALLOT[64:])) == Fault.POINT


def test_a_key_of_small_order_signs_nothing() -> None:
    """Under such a key one signature would hold for many ballots."""
    forged = encoded(0) + encoded(0)
    assert refused(lambda: casting.check_signature(BOOTH, bytes(32), BALLOT, forged)) == Fault.POINT
