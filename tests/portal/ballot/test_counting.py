"""Two scrutineers open the sum, and only the sum; what comes out is how many chose what."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.ballot import casting, counting
from portal.ballot.casting import Booth, Choice, Ciphertext
from portal.ballot.counting import Totals
from portal.ballot.errors import Fault
from portal.ballot.group import fresh, plus, times, times_generator
from tests.factories.ballots import Scrutineers, Voter, refused

SCRUTINEERS = Scrutineers("PS26000001")
BOOTH = SCRUTINEERS.booth("YX26000001")
VOTERS = [Voter() for _ in range(25)]
PAIRS = [(1, 2), (1, 3), (2, 3), (1, 2, 3)]


def votes_of(choices: list[Choice], booth: Booth = BOOTH) -> Ciphertext:
    pairs = zip(VOTERS, choices, strict=False)
    return counting.added(
        casting.check(booth, voter.key, casting.mark(booth, voter.key, each)) for voter, each in pairs
    )


@settings(max_examples=25, deadline=None)
@given(choices=some.lists(some.sampled_from(Choice), min_size=1, max_size=25), seats=some.sampled_from(PAIRS))
def test_the_sum_tells_how_many_chose_what(choices: list[Choice], seats: tuple[int, ...]) -> None:
    totals = SCRUTINEERS.opened(BOOTH, votes_of(choices), len(choices), seats)
    assert totals == Totals(*(choices.count(each) for each in (Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN)))


@settings(max_examples=25, deadline=None)
@given(agree=some.integers(0, 40), against=some.integers(0, 40), abstain=some.integers(0, 40))
def test_a_large_meeting_is_counted_alike(agree: int, against: int, abstain: int) -> None:
    secret = fresh()
    cast = max(agree + against + abstain, 1)
    weight = agree + Choice.AGAINST * against
    hidden = plus(times(secret, BOOTH.joint_key), times_generator(weight))
    votes = Ciphertext(times_generator(secret), hidden)
    assert SCRUTINEERS.opened(BOOTH, votes, cast)[:2] == (agree, against)


def test_one_scrutineer_alone_opens_nothing() -> None:
    votes = votes_of([Choice.AGREE])
    part = counting.check_part(BOOTH, SCRUTINEERS.ceremony, 1, votes, SCRUTINEERS.part(BOOTH, 1, votes))
    assert refused(lambda: counting.opened(votes, {1: part}, 1)) == Fault.THRESHOLD
    assert refused(lambda: counting.opened(votes, {1: part, 2: part}, 1)) == Fault.TOTALS


def test_a_part_holds_for_one_sum_one_seat_and_one_item() -> None:
    votes, single = votes_of([Choice.AGREE, Choice.AGAINST]), votes_of([Choice.AGREE])
    part = SCRUTINEERS.part(BOOTH, 1, votes)
    other = SCRUTINEERS.booth("YX26000002")
    for booth, seat, asked in ((other, 1, votes), (BOOTH, 2, votes), (BOOTH, 1, single)):
        call = (booth, SCRUTINEERS.ceremony, seat, asked, part)
        assert refused(lambda told=call: counting.check_part(*told)) == Fault.PARTIAL


def test_a_part_from_another_share_is_refused() -> None:
    votes = votes_of([Choice.AGREE])
    false = counting.part_of_opening(BOOTH, SCRUTINEERS.ceremony, 1, fresh(), votes)
    assert refused(lambda: counting.check_part(BOOTH, SCRUTINEERS.ceremony, 1, votes, false)) == Fault.PARTIAL
    assert refused(lambda: counting.check_part(BOOTH, SCRUTINEERS.ceremony, 1, votes, false[:-1])) == Fault.LENGTH


def test_a_sum_of_more_ballots_than_were_cast_is_refused() -> None:
    votes = votes_of([Choice.AGREE] * 3)
    assert refused(lambda: SCRUTINEERS.opened(BOOTH, votes, 2)) == Fault.TOTALS


@pytest.mark.parametrize("cast", [0, casting.MOST_VOTERS + 1])
def test_a_sum_of_no_ballot_or_too_many_is_not_opened(cast: int) -> None:
    votes = votes_of([Choice.AGREE])
    assert refused(lambda: SCRUTINEERS.opened(BOOTH, votes, cast)) == Fault.TOTALS
