"""A period on screen: each day in words."""

import datetime as dt

import pytest
from django.template import engines

from portal.shared import clock
from portal.workdays.counting import Calendar, DayException, term_from_day
from portal.workdays.templatetags.workdays import cells_of

CALENDAR = Calendar(
    frozenset({2026}),
    {dt.date(2026, 10, day): DayException(is_workday=False, name="国庆节") for day in range(1, 8)}
    | {dt.date(2026, 10, 10): DayException(is_workday=True, name="国庆节")},
)


@pytest.mark.rule("R-122", "A-05")
def test_a_period_explains_each_of_its_days() -> None:
    term = term_from_day(CALENDAR, dt.date(2026, 9, 30), 5)
    cells = cells_of(term, today=dt.date(2026, 10, 9))
    told = [(cell.day.isoformat()[5:], cell.kind, str(cell.words)) for cell in cells]
    assert told[0] == ("09-30", "start", "起始日不计")
    assert told[1] == ("10-01", "skipped", "国庆节")
    assert told[8:] == [
        ("10-08", "counted", "第 1 日"),
        ("10-09", "counted", "第 2 日"),
        ("10-10", "makeup", "第 3 日"),
        ("10-11", "skipped", "休息日"),
        ("10-12", "counted", "第 4 日"),
        ("10-13", "counted", "第 5 日"),
    ]
    assert str(cells[10].note) == "调休上班"
    assert [cell.day.day for cell in cells if cell.is_due] == [13]
    assert [cell.day.day for cell in cells if cell.is_today] == [9]


def test_a_paused_day_is_not_numbered() -> None:
    term = term_from_day(CALENDAR.without([dt.date(2026, 10, 9)]), dt.date(2026, 10, 8), 3)
    cells = cells_of(term, today=dt.date(2026, 10, 8))
    assert [str(cell.words) for cell in cells[1:3]] == ["暂停", "第 1 日"]


def test_a_period_in_an_unpublished_year_says_that_it_may_move() -> None:
    term = term_from_day(CALENDAR, dt.date(2026, 12, 30), 5)
    source = "{% load workdays %}{% day_strip term at %}"
    html = engines["django"].from_string(source).render({"term": term, "at": clock.start_of(term.start)})
    assert "放假安排尚未公布" in html
