"""How fast a secret ballot is checked and counted, beside the bare multiplications that a proof cannot do without.

And the screen that the chair looks at all day, with one case on the agenda and with 300.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from portal.ballot import casting, counting
from portal.ballot.casting import Choice
from portal.ballot.group import fresh, minus, times, times_generator
from portal.shared import clock
from review.models import AgendaItem
from tests.bench import many_applications
from tests.bench.applications import cookie_of, queries
from tests.bench.load import Page, requests_per_second
from tests.bench.pages import Sites, beside_the_ceiling
from tests.bench.rates import Row, stopwatch
from tests.factories import catalogue, sessions
from tests.factories.ballots import Scrutineers, Voter

MEMBERS, ITEMS = 25, 300
SECONDS = 3
SCRUTINEERS = Scrutineers("PS26000001")


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    with beside_the_ceiling(BENCH_MOVES_CLOCK="true") as sites:
        yield _rows(sites)
    connection.close()


@contextmanager
def whole_day() -> Iterator[Iterator[Row]]:
    """A day's items, every ballot of its own: marked for half a minute, then counted; asked for by name alone."""
    meeting = Meeting(ITEMS)
    name = f"a day counted, {ITEMS} items of {MEMBERS}"
    yield iter([Row(name, "items/s", "the same, ballots already checked", meeting.count, meeting.open)])


def _rows(sites: Sites) -> Iterator[Row]:
    """Yield the rows one by one: the screen is measured with so many cases as its name says."""
    meeting = Meeting()
    yield Row(
        "ballots checked", "ballots/s", "a proof's 12 multiplications alone", meeting.check, meeting.multiply, 0.6
    )
    yield Row("items counted, 25 members", "items/s", "the same, ballots already checked", meeting.count, meeting.open)
    clock.move_to(sessions.BEGUN)
    entry = catalogue.published_entry()
    session = sessions.opened(sessions.planned(entry.committee), sessions.ready(entry))
    case, chair, path = (
        AgendaItem.objects.get(session=session),
        sessions.chair(session),
        f"/review/sessions/{session.code}/",
    )
    for size in (1, ITEMS):
        if size > 1:
            many_applications.make(many_applications.cases(case), 1, size - 1)
        yield Row(
            f"chair's screen, {size} ({queries(chair, path)} queries)",
            "requests/s",
            "bare Django, one SELECT, 20 rows",
            partial(requests_per_second, Page(sites.portal, path, cookie_of(chair)), SECONDS),
            partial(requests_per_second, Page(sites.ceiling, "/", sites.cookie), SECONDS),
        )


class Meeting:
    """A few items are marked beforehand and counted again and again, as the 300 of a day would be."""

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
