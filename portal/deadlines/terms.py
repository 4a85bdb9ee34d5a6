"""When a deadline ends, and how that is explained day by day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal.deadlines.models import Deadline, Pause
from portal.shared import clock
from portal.workdays import counting
from portal.workdays.counting import Calendar, Day, DayKind, Term

REMINDING_HOUR = dt.timedelta(hours=9)


@dataclass(frozen=True)
class End:
    """Where a deadline's count leads: the exclusive bound, or None while paused, and the days that led there."""

    due_at: dt.datetime | None
    is_provisional: bool
    days: tuple[Day, ...]


def end_of_count(calendar: Calendar, started_at: dt.datetime, workdays: int, pauses: Iterable[Pause]) -> End:
    """Return the end of ``workdays`` working days after ``started_at``; a day touched by a pause does not count."""
    pauses = list(pauses)
    if any(pause.resumed_at is None for pause in pauses):
        return End(None, False, ())
    term = counting.term_after(calendar.without(_days_touched(pauses)), started_at, workdays)
    return End(term.ends_at, term.is_provisional, term.days)


def reminding_instant(calendar: Calendar, due_at: dt.datetime, remaining: int) -> dt.datetime:
    """Return 9:00 of the working day after which ``remaining`` working days are left before ``due_at``."""
    last_day = clock.day_of(due_at - dt.timedelta(microseconds=1))
    return clock.start_of(counting.subtract_workdays(calendar, last_day, remaining)) + REMINDING_HOUR


def explained(days: Iterable[Day]) -> list[dict[str, object]]:
    """Return ``days`` as they are kept with the deadline, so that it explains itself even after the calendar changed."""
    return [
        {"date": day.date, "kind": day.kind.value, "name": day.name, "provisional": day.is_provisional} for day in days
    ]


def term_of(deadline: Deadline) -> Term | None:
    """Return a deadline's period with its days as they were counted, for pages; None for a fixed end or a stopped clock."""
    if deadline.workdays is None or deadline.due_at is None:
        return None
    days = tuple(explanation_of(deadline))
    return Term(clock.day_of(deadline.started_at), deadline.workdays, days[-1].date, deadline.due_at, days)


def explanation_of(deadline: Deadline) -> list[Day]:
    """Return the days of a deadline as they were counted."""
    return [
        Day(dt.date.fromisoformat(str(row["date"])), DayKind(row["kind"]), row["name"], row["provisional"])
        for row in deadline.days
    ]


def _days_touched(pauses: Iterable[Pause]) -> set[dt.date]:
    touched = set()
    for pause in pauses:
        day, last = clock.day_of(pause.paused_at), clock.day_of(pause.resumed_at or pause.paused_at)
        while day <= last:
            touched.add(day)
            day += counting.ONE_DAY
    return touched
