"""A period of working days, explained day by day on screen."""

import datetime as dt
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from portal.http.parts import DayCell, Words
from portal.shared import clock
from portal.workdays.counting import Day, DayKind, Term

register = template.Library()


@register.inclusion_tag("components/day_strip.html")
def day_strip(term: Term, at: dt.datetime) -> dict[str, Any]:
    """Explain a period day by day: the starting day, what counted, what was skipped and why, the last day."""
    return {"cells": cells_of(term, clock.day_of(at)), "term": term}


def cells_of(term: Term, today: dt.date) -> list[DayCell]:
    """Return the days of ``term`` from the starting day to the last."""
    cells = [DayCell(term.start, "start", _("起始日不计"), is_today=term.start == today)]
    number = 0
    for day in term.days:
        number += day.is_workday
        cells.append(_cell(day, number, term.last_day, today))
    return cells


def _cell(day: Day, number: int, last: dt.date, today: dt.date) -> DayCell:
    kind = "skipped"
    words: Words = day.name or _("休息日")
    note: Words = ""
    if day.kind is DayKind.PAUSED:
        kind, words = "paused", _("暂停")
    elif day.is_workday:
        is_makeup = day.kind is DayKind.MAKE_UP
        kind, words = "makeup" if is_makeup else "counted", _("第 %(n)d 日") % {"n": number}
        note = _("调休上班") if is_makeup else ""
    return DayCell(day.date, kind, words, note, day.date == last, day.date == today, day.is_provisional)
