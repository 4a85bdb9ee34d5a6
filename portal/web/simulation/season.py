"""The season's calendar and its blocks: who is led through which stage on which day.

A block is a number of neighbours who go before the same committee; its days depend on its place in the season alone, so
that nobody keeps a list of all applicants. The busy days are the last ones of the window, as everywhere.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from portal.shared import clock
from portal.workdays import counting
from portal.workdays.counting import Calendar

EDITION = "BJ-2025-demo"
YEAR = 2025
OPENS, CLOSES = dt.date(2025, 7, 1), dt.date(2025, 7, 22)
CHECKS = dt.date(2025, 8, 4), dt.date(2025, 8, 29)
DEFENCES = dt.date(2025, 9, 22), dt.date(2025, 11, 5)
PREPARES, ENDS = dt.date(2025, 6, 16), dt.date(2025, 12, 22)
# Whose place in the season lies beyond comes in the last four days.
BEFORE_THE_LAST_DAYS, LAST_DAYS = 0.5, 4
AT_ONE_EMPLOYER = 8
# A block has so many, and a season so many blocks where it has people enough: its tenths are told apart.
FEWEST, MOST, BLOCKS = 16, 96, 20


@dataclass(frozen=True)
class Block:
    """Neighbours ``first`` to ``last`` (exclusive), the ``number``-th of ``of`` blocks."""

    number: int
    of: int
    first: int
    last: int

    @property
    def place(self) -> float:
        """Where in the season it lies, from 0 up to but not 1."""
        return self.number / self.of

    @property
    def numbers(self) -> range:
        """The numbers of its applicants."""
        return range(self.first, self.last)

    def employers(self) -> Iterator[range]:
        """Yield the applicants by employer."""
        bounds = [*range(self.first, self.last, AT_ONE_EMPLOYER), self.last]
        return (range(first, last) for first, last in pairwise(bounds))


@dataclass(frozen=True)
class Season:
    """So many applicants from the number ``first`` on, told by ``seed``."""

    seed: int
    applicants: int
    calendar: Calendar
    first: int = 0

    @cached_property
    def size(self) -> int:
        """How many a block holds: whole employers, as those of a district's committee lie in that district."""
        return min(MOST, max(FEWEST, self.applicants // BLOCKS // AT_ONE_EMPLOYER * AT_ONE_EMPLOYER))

    @cached_property
    def count(self) -> int:
        """How many blocks there are."""
        return max(1, -(-self.applicants // self.size))

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in their order."""
        end = self.first + self.applicants
        for number in range(self.count):
            first = self.first + number * self.size
            yield Block(number, self.count, first, min(first + self.size, end))

    # --- Days --------------------------------------------------------------------------------
    def applies_on(self, block: Block) -> dt.date:
        """Return the working day on which the block submits."""
        days = self._workdays(OPENS, CLOSES)
        early, late = days[:-LAST_DAYS], days[-LAST_DAYS:]
        if block.place < BEFORE_THE_LAST_DAYS:
            return early[int(block.place / BEFORE_THE_LAST_DAYS * len(early))]
        share = (block.place - BEFORE_THE_LAST_DAYS) / (1 - BEFORE_THE_LAST_DAYS)
        return late[int(share * len(late))]

    def checked_on(self, block: Block) -> dt.date:
        """Return the working day on which the agency checks the block."""
        return self._at(block, CHECKS)

    def heard_on(self, block: Block) -> dt.date:
        """Return the working day of the block's defences."""
        return self._at(block, DEFENCES)

    def after(self, day: dt.date, workdays: int) -> dt.date:
        """Return the day so many working days after ``day``, or before it."""
        if workdays < 0:
            return counting.subtract_workdays(self.calendar, day, -workdays)
        return counting.add_workdays(self.calendar, day, workdays) if workdays else day

    def _at(self, block: Block, between: tuple[dt.date, dt.date]) -> dt.date:
        days = self._workdays(*between)
        return days[int(block.place * len(days))]

    def _workdays(self, first: dt.date, last: dt.date) -> list[dt.date]:
        days = (first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))
        return [day for day in days if self.calendar.is_workday(day)]


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Return an instant of the day in Beijing."""
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=clock.BEIJING)
