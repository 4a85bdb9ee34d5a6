"""The calendar as the published notices give it."""

import datetime as dt

from portal.workdays.counting import Calendar, DayException
from portal.workdays.models import SpecialDay, YearNotice

WARN_FROM_MONTH, WARN_FROM_DAY = 11, 15


def calendar_in_force() -> Calendar:
    """Return the calendar of all notices in force; two queries."""
    years = frozenset(YearNotice.objects.in_force().values_list("year", flat=True))
    rows = SpecialDay.objects.filter(notice__in=YearNotice.objects.in_force()).values_list("date", "is_workday", "name")
    return Calendar(years, {date: DayException(is_workday, name) for date, is_workday, name in rows})


def missing_year(today: dt.date) -> int | None:
    """Return the year whose notice the bureau should have entered by now: this one, or from 15 November the next."""
    known = set(YearNotice.objects.in_force().values_list("year", flat=True))
    due = [today.year]
    if (today.month, today.day) >= (WARN_FROM_MONTH, WARN_FROM_DAY):
        due.append(today.year + 1)
    return next((year for year in due if year not in known), None)
