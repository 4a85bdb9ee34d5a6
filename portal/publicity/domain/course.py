"""How the days of a notice went: which counted, how often it was opened, when it could not be read, who objected."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from portal.deadlines.terms import term_of
from portal.publicity.domain import availability, posting
from portal.publicity.domain.availability import Watch
from portal.publicity.enums import ObjectionState
from portal.publicity.models import Line, Notice, Objection, Outage
from portal.workdays.counting import Day, DayKind, Term
from portal.workdays.models import YearNotice


@dataclass(frozen=True)
class Counted:
    """One day of a notice: what it was for the count, and how often the page was opened on it."""

    date: dt.date
    words: str
    openings: int


@dataclass(frozen=True)
class Course:
    """The course of a notice that ran its time.

    ``calendars`` are the holiday notices by which was counted. ``outages`` are all that were noticed, also those too
    short to lengthen anything. ``objections`` are the outcomes with their numbers.
    """

    days: tuple[Counted, ...]
    calendars: tuple[str, ...]
    outages: tuple[Outage, ...]
    watch: Watch | None
    objections: tuple[tuple[str, int], ...]

    @property
    def openings(self) -> int:
        """How often readers opened the page."""
        return sum(day.openings for day in self.days)

    @property
    def days_opened(self) -> int:
        """On how many days they did."""
        return sum(day.openings > 0 for day in self.days)

    @property
    def received(self) -> int:
        """How many objections there were."""
        return sum(number for _outcome, number in self.objections)


def course_of(notice: Notice, line: Line | None = None) -> Course:
    """Return how an ended ``notice`` went, with the objections against ``line`` or against all; ValueError before its end."""
    end = posting.end_of(notice)
    term = term_of(end) if end else None
    if term is None or notice.posted_at is None or notice.ended_at is None:
        raise ValueError(f"{notice.code} has not run its time.")
    years = {day.date.year for day in term.days}
    calendars = YearNotice.objects.in_force().filter(year__in=years).order_by("year")
    return Course(
        days=tuple(_days(term, dict(notice.openings.values_list("day", "times")))),
        calendars=tuple(calendars.values_list("title", flat=True)),
        outages=tuple(availability.outages_between(notice.posted_at, notice.ended_at)),
        watch=availability.watched(notice.posted_at, notice.ended_at),
        objections=tuple(_outcomes(notice, line)),
    )


def _days(term: Term, opened: dict[dt.date, int]) -> Iterator[Counted]:
    yield Counted(term.start, _("发布当日，不计入"), opened.get(term.start, 0))
    number = 0
    for day in term.days:
        number += day.is_workday
        yield Counted(day.date, _words(day, number), opened.get(day.date, 0))


def _words(day: Day, number: int) -> str:
    if day.kind is DayKind.WORKDAY:
        return _("第%(number)s个工作日") % {"number": number}
    if day.kind is DayKind.MAKE_UP:
        return _("第%(number)s个工作日（调休上班）") % {"number": number}
    if day.kind is DayKind.PAUSED:
        return _("暂停，不计入")
    return _("%(name)s，不计入") % {"name": day.name or _("休息日")}


def _outcomes(notice: Notice, line: Line | None) -> Iterator[tuple[str, int]]:
    against = Objection.objects.filter(line=line) if line else Objection.objects.filter(line__notice=notice)
    numbers = dict(against.order_by().values_list("state").annotate(Count("pk")))
    for state in ObjectionState:
        if state in numbers:
            yield str(state.label), numbers[state]
