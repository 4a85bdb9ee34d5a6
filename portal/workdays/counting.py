"""Counting working days: pure functions over a calendar, exact to the State Council's yearly notices.

The day of the starting event is never counted, and a period ends at 24:00 Beijing time of its last day (A-04, A-05;
Civil Code Art. 201–203). A year without a published notice is counted Monday to Friday and called provisional.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.shared import clock

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """What a day is for counting."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


COUNTED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP})
NAMED = frozenset({DayKind.MAKE_UP, DayKind.HOLIDAY})


@dataclass(frozen=True)
class DayException:
    """A day that the notice of its year makes a rest day or a make-up working day."""

    is_workday: bool
    name: str


@dataclass(frozen=True)
class Day:
    """One day as a count sees it, in order to be explained on screen."""

    date: dt.date
    kind: DayKind
    name: str
    is_provisional: bool

    @property
    def is_workday(self) -> bool:
        """Whether the day counts."""
        return self.kind in COUNTED


@dataclass(frozen=True)
class Calendar:
    """The published notices: which years are known, and which of their days differ from Monday-to-Friday."""

    years: frozenset[int]
    exceptions: Mapping[dt.date, DayException] = field(default_factory=dict)
    paused: frozenset[dt.date] = frozenset()

    def without(self, days: Iterable[dt.date]) -> "Calendar":
        """Return a calendar in which ``days`` do not count because the clock of one matter stood still on them."""
        return replace(self, paused=self.paused | frozenset(days))

    def day(self, date: dt.date) -> Day:
        """Return what ``date`` is."""
        kind = self._kind(date)
        name = self.exceptions[date].name if kind in NAMED else ""
        return Day(date, kind, name, is_provisional=date.year not in self.years)

    def is_workday(self, date: dt.date) -> bool:
        """Return whether ``date`` counts."""
        return self._kind(date) in COUNTED

    def _kind(self, date: dt.date) -> DayKind:
        if date in self.paused:
            return DayKind.PAUSED
        exception = self.exceptions.get(date)
        if exception is not None:
            return DayKind.MAKE_UP if exception.is_workday else DayKind.HOLIDAY
        return DayKind.WEEKEND if date.weekday() >= SATURDAY else DayKind.WORKDAY


@dataclass(frozen=True)
class Term:
    """A period of working days with its end and its explanation.

    ``ends_at`` is an exclusive bound: 24:00 of ``last_day``. ``days`` lists every day after the start, counted or
    not, up to the last. ``is_provisional`` says that a year without a notice was touched.
    """

    start: dt.date
    workdays: int
    last_day: dt.date
    ends_at: dt.datetime
    days: tuple[Day, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether the end may still move because a year's notice is missing."""
        return any(day.is_provisional for day in self.days)

    @property
    def counted(self) -> tuple[dt.date, ...]:
        """The days that were counted, in order."""
        return tuple(day.date for day in self.days if day.is_workday)


def add_workdays(calendar: Calendar, start: dt.date, workdays: int) -> dt.date:
    """Return the ``workdays``-th working day after ``start``; ``start`` itself for 0. Raises ValueError below 0."""
    if workdays < 0:
        raise ValueError("A period cannot have a negative number of working days.")
    day = start
    for _ in range(workdays):
        day = next_workday(calendar, day)
    return day


def next_workday(calendar: Calendar, date: dt.date) -> dt.date:
    """Return the first working day after ``date``."""
    date += ONE_DAY
    while not calendar.is_workday(date):
        date += ONE_DAY
    return date


def subtract_workdays(calendar: Calendar, end: dt.date, workdays: int) -> dt.date:
    """Return the ``workdays``-th working day before ``end``: the day on which that many remain after it."""
    day = end
    for _ in range(workdays):
        day -= ONE_DAY
        while not calendar.is_workday(day):
            day -= ONE_DAY
    return day


def workdays_between(calendar: Calendar, after: dt.date, until: dt.date) -> int:
    """Return how many working days lie after ``after``, up to and including ``until``; 0 when ``until`` is earlier."""
    return sum(day.is_workday for day in _days(calendar, after, until))


def term_after(calendar: Calendar, event: dt.datetime, workdays: int) -> Term:
    """Return the period of ``workdays`` working days that ``event`` starts; the event's own day is not counted."""
    return term_from_day(calendar, clock.day_of(event), workdays)


def term_from_day(calendar: Calendar, start: dt.date, workdays: int) -> Term:
    """Return the period of ``workdays`` working days after the day ``start``."""
    last = add_workdays(calendar, start, workdays)
    return Term(start, workdays, last, clock.end_of(last), tuple(_days(calendar, start, last)))


def _days(calendar: Calendar, after: dt.date, until: dt.date) -> Iterator[Day]:
    date = after + ONE_DAY
    while date <= until:
        yield calendar.day(date)
        date += ONE_DAY
