"""The published record of a session counted again: every key, signature, proof and sum, and what was announced of them.

``docs/verify_ballots.py`` does the same for strangers, with arithmetic of its own. About 2 ms a ballot.
"""

from collections.abc import Collection, Mapping

from portal.ballot.casting import Booth, Ciphertext, check, check_signature
from portal.ballot.ceremony import SEATS, Ceremony, check_confirmation, read_announcement
from portal.ballot.counting import Totals, added, check_part, opened
from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.record import CastRecord, CeremonyRecord, ItemRecord


def ceremony_in(session: str, told: CeremonyRecord) -> Ceremony:
    """Return the scrutineers' key of ``session``, announced with proofs and confirmed by all three.

    Raises BallotRefused: a proof does not hold, or the joint key is not what the three announced.
    """
    seats = {each["seat"]: each for each in told["scrutineers"]}
    if tuple(sorted(seats)) != SEATS:
        raise BallotRefused(Fault.POSSESSION, "there are not three scrutineers")
    messages = {seat: bytes.fromhex(seats[seat]["announcement"]) for seat in SEATS}
    ceremony = Ceremony(session, tuple(read_announcement(session, seat, messages[seat]) for seat in SEATS))
    for seat in SEATS:
        check_confirmation(ceremony, seat, bytes.fromhex(seats[seat]["confirmation"]))
    if ceremony.joint_key.hex() != told["joint_key"]:
        raise BallotRefused(Fault.POINT, "the joint key is another")
    return ceremony


def recount(ceremony: Ceremony, registered: Collection[str], told: ItemRecord) -> Totals:
    """Return what the ballots of one item say; ``registered`` are the keys of the session's members, in hexadecimal.

    Raises BallotRefused: a ballot, a part or the sum does not hold, or totals or outcome were announced otherwise.
    """
    _check_roll(registered, told)
    booth = Booth(ceremony.session, told["item"], ceremony.joint_key)
    totals = _opened(ceremony, booth, told) if told["ballots"] else Totals(0, 0, 0)
    _check_announced(totals, told)
    return totals


def _check_roll(registered: Collection[str], told: ItemRecord) -> None:
    roll, cast = told["roll"], [each["key"] for each in told["ballots"]]
    if len(set(roll)) != len(roll) or not set(roll) <= set(registered):
        raise BallotRefused(Fault.ROLL, "the roll names a key twice, or one that was never registered")
    if len(set(cast)) != len(cast) or not set(cast) <= set(roll):
        raise BallotRefused(Fault.ROLL, "two ballots of one member, or one of nobody on the roll")


def _opened(ceremony: Ceremony, booth: Booth, told: ItemRecord) -> Totals:
    votes = added([_checked(booth, each) for each in told["ballots"]])
    messages: Mapping[int, bytes] = {each["seat"]: bytes.fromhex(each["part"]) for each in told["parts"]}
    if not set(messages) <= set(SEATS):
        raise BallotRefused(Fault.PARTIAL, "an unknown scrutineer")
    parts = {seat: check_part(booth, ceremony, seat, votes, message) for seat, message in messages.items()}
    return opened(votes, parts, len(told["ballots"]))


def _checked(booth: Booth, cast: CastRecord) -> Ciphertext:
    key, ballot = bytes.fromhex(cast["key"]), bytes.fromhex(cast["ballot"])
    check_signature(booth, key, ballot, bytes.fromhex(cast["signature"]))
    return check(booth, key, ballot)


def _check_announced(totals: Totals, told: ItemRecord) -> None:
    present, not_cast = len(told["roll"]), len(told["roll"]) - len(told["ballots"])
    if told["totals"] != {**totals._asdict(), "not_cast": not_cast} or told["present"] != present:
        raise BallotRefused(Fault.OUTCOME, f"announced {told['totals']}, counted {totals} of {present}")
    share = told["fraction"]
    more = share["denominator"] * totals.agree - share["numerator"] * present
    passed = present > 0 and (more >= 0 if share["inclusive"] else more > 0)
    if told["passed"] is not passed:
        raise BallotRefused(Fault.OUTCOME, f"{totals.agree} of {present} agree")
