"""How fast a secret ballot is checked and counted, beside the bare multiplications that a proof cannot do without."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.ballot import casting, counting
from portal.ballot.casting import Choice
from portal.ballot.group import fresh, minus, times, times_generator
from tests.bench.rates import Row, stopwatch
from tests.factories.ballots import Scrutineers, Voter

MEMBERS, ITEMS = 25, 300
SCRUTINEERS = Scrutineers("PS26000001")


@contextmanager
def rows() -> Iterator[list[Row]]:
    meeting = Meeting()
    yield [
        Row("ballots checked", "ballots/s", "a proof's 12 multiplications alone", meeting.check, meeting.multiply, 0.6),
        Row("items counted, 25 members", "items/s", "the same, ballots already checked", meeting.count, meeting.open),
    ]


class Meeting:
    """A day's session: a few items are marked beforehand and counted again and again, as 300 would be."""

    def __init__(self, items: int = 4) -> None:
        self.voters = [Voter() for _ in range(MEMBERS)]
        self.booths = [SCRUTINEERS.booth(f"YX{number}") for number in range(items)]
        choices = (Choice.AGREE, Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN)
        self.cast = [
            [(voter, *voter.cast(booth, choices[number % 4])) for number, voter in enumerate(self.voters)]
            for booth in self.booths
        ]
        self.sealed = [self._checked(number) for number in range(items)]

    def check(self) -> float:
        """Check signature and proof of every ballot."""
        with stopwatch() as watch:
            for number in range(len(self.booths)):
                self._checked(number)
        return len(self.booths) * MEMBERS / watch.seconds

    def multiply(self) -> float:
        """Multiply as often as a ballot's proof must: for each of three choices twice by G or Y, twice by the images."""
        base, number = SCRUTINEERS.ceremony.joint_key, fresh()
        with stopwatch() as watch:
            for _ in range(3 * MEMBERS):
                minus(times_generator(number), times(number, base))
                minus(times(number, base), times(number, base))
        return MEMBERS / watch.seconds

    def count(self) -> float:
        """Check every ballot, then two scrutineers' parts, and open the sum."""
        with stopwatch() as watch:
            for number in range(len(self.booths)):
                self._opened(number, self._checked(number))
        return len(self.booths) / watch.seconds

    def open(self) -> float:
        """Only the parts and the opening."""
        with stopwatch() as watch:
            for number, sealed in enumerate(self.sealed):
                self._opened(number, sealed)
        return len(self.booths) / watch.seconds

    def _checked(self, number: int) -> list[casting.Ciphertext]:
        booth, sealed = self.booths[number], []
        for voter, ballot, signature in self.cast[number]:
            casting.check_signature(booth, voter.key, ballot, signature)
            sealed.append(casting.check(booth, voter.key, ballot))
        return sealed

    def _opened(self, number: int, sealed: list[casting.Ciphertext]) -> None:
        totals = SCRUTINEERS.opened(self.booths[number], counting.added(sealed), MEMBERS)
        assert totals == (13, 6, 6), totals
