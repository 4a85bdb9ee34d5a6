"""Years and months by the calendar: corresponding dates, whole months, and work in several spells (A-04, A-30).

A period of months ends on the corresponding date, or on the month's last day where there is none (Civil Code, art. 202).
Whoever reaches that date on the day of counting has the full number.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MONTHS = 12
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """One stretch of work; ``until`` is its last day, None while it lasts. Only ``in_field`` counts."""

    since: dt.date
    until: dt.date | None = None
    field: str = ""
    in_field: bool = True


@dataclass(frozen=True)
class Seniority:
    """How long something has lasted on the day of counting: from ``since``, moved forward by what does not count."""

    since: dt.date
    on: dt.date

    @property
    def months(self) -> int:
        """The whole months, none before the beginning."""
        return max(whole_months(self.since, self.on), 0)

    def reaches(self, years: int) -> bool:
        """Return whether the full number of years is reached; exactly on the day is enough."""
        return self.due(years) <= self.on

    def due(self, years: int) -> dt.date:
        """Return the day on which the number of years is reached, if it goes on."""
        return corresponding(self.since, years * MONTHS)

    def lacking(self, years: int) -> str:
        """Return in words what is lacking, in days where it is less than a month."""
        months = years * MONTHS - self.months
        due = self.due(years)
        if months == 1 and corresponding(self.on, 1) != due:
            days = (due - self.on).days
            return ngettext("%(n)s天", "%(n)s天", days) % {"n": days}
        return length(months)


def corresponding(day: dt.date, months: int) -> dt.date:
    """Return the date that corresponds to ``day`` after ``months``; the last of the month where there is none."""
    count = day.year * MONTHS + day.month - 1 + months
    year, month = divmod(count, MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def whole_months(since: dt.date, on: dt.date) -> int:
    """Return how many whole months lie between two days, below zero where ``on`` comes first."""
    months = (on.year - since.year) * MONTHS + on.month - since.month
    return months if corresponding(since, months) <= on else months - 1


def seniority(spells: Iterable[Spell], *, after: dt.date | None, on: dt.date) -> Seniority | None:
    """Return the work in the field from ``after`` to ``on``, gaps and overlaps counted once; None where there is none."""
    days = 0
    reached = after or dt.date.min
    for spell in sorted((spell for spell in spells if spell.in_field), key=lambda spell: spell.since):
        since = max(spell.since, reached)
        until = min(spell.until + ONE_DAY, on) if spell.until else on
        if until > since:
            days += (until - since).days
            reached = until
    return Seniority(on - dt.timedelta(days=days), on) if days else None


def length(months: int) -> str:
    """Return a number of months as people say it: 4年3个月."""
    years, rest = divmod(months, MONTHS)
    in_years = ngettext("%(n)s年", "%(n)s年", years) % {"n": years}
    in_months = ngettext("%(n)s个月", "%(n)s个月", rest) % {"n": rest}
    if years and rest:
        return _("%(years)s%(months)s") % {"years": in_years, "months": in_months}
    return in_years if years else in_months if rest else _("不足1个月")


def day_words(day: dt.date) -> str:
    """Return a day as a sentence names it: 2026年12月31日."""
    return dateformat.format(day, _("Y年n月j日"))
