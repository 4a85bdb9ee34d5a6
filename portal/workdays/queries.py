"""The calendar as the published notices give it."""

import datetime as dt
from functools import cache

from portal.shared.prepared import Statement
from portal.workdays.counting import Calendar, DayException
from portal.workdays.models import YearNotice

WARN_FROM_MONTH, WARN_FROM_DAY = 11, 15


def calendar_in_force() -> Calendar:
    """Return the calendar of all notices in force, also of one that names no day; one query."""
    rows: list[tuple[int, dt.date | None, bool, str]] = _told().values()
    days = {date: DayException(is_workday, name) for _year, date, is_workday, name in rows if date is not None}
    return Calendar(frozenset(year for year, *_day in rows), days)


def missing_year(today: dt.date) -> int | None:
    """Return the year whose notice the bureau should have entered by now: this one, or from 15 November the next."""
    known = set(YearNotice.objects.in_force().values_list("year", flat=True))
    due = [today.year]
    if (today.month, today.day) >= (WARN_FROM_MONTH, WARN_FROM_DAY):
        due.append(today.year + 1)
    return next((year for year in due if year not in known), None)


@cache
def _told() -> Statement:
    notices = YearNotice.objects.in_force()
    return Statement(notices.values_list("year", "days__date", "days__is_workday", "days__name"))
