"""Working days, exact to the yearly notices (the vectors of the law's own calendar)."""

import datetime as dt
import itertools
import tomllib

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared import clock
from portal.workdays import counting
from portal.workdays.counting import Calendar, DayKind
from portal.workdays.loading import DATA, _days
from portal.workdays.queries import calendar_in_force

VECTORS = [
    ("2026-02-11", 5, "2026-02-25"),
    ("2026-04-30", 5, "2026-05-11"),
    ("2026-06-18", 5, "2026-06-26"),
    ("2026-09-10", 10, "2026-09-23"),
    ("2026-09-17", 5, "2026-09-23"),
    ("2026-09-18", 1, "2026-09-20"),
    ("2026-09-19", 5, "2026-09-24"),
    ("2026-09-21", 5, "2026-09-29"),
    ("2026-09-23", 5, "2026-10-08"),
    ("2026-09-24", 5, "2026-10-09"),
    ("2026-09-28", 5, "2026-10-10"),
    ("2026-09-30", 5, "2026-10-13"),
    ("2026-10-03", 5, "2026-10-13"),
    ("2026-10-10", 5, "2026-10-16"),
    ("2026-09-16", 20, "2026-10-20"),
]


@pytest.fixture
def calendar(db: None) -> Calendar:
    return calendar_in_force()


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.rule("R-072", "R-122", "A-05")
@pytest.mark.parametrize(("start", "workdays", "last"), VECTORS)
def test_the_last_day_of_a_period(calendar: Calendar, start: str, workdays: int, last: str) -> None:
    term = counting.term_from_day(calendar, date(start), workdays)
    assert term.last_day == date(last)
    assert term.ends_at == dt.datetime.combine(date(last) + counting.ONE_DAY, dt.time.min, clock.BEIJING)
    assert len(term.counted) == workdays
    assert not term.is_provisional


def test_the_explanation_names_every_day(calendar: Calendar) -> None:
    term = counting.term_from_day(calendar, date("2026-09-28"), 5)
    told = [(day.date.isoformat()[5:], day.kind, day.name) for day in term.days]
    holiday = [(f"10-0{n}", DayKind.HOLIDAY, "国庆节") for n in range(1, 8)]
    assert told == [
        ("09-29", DayKind.WORKDAY, ""),
        ("09-30", DayKind.WORKDAY, ""),
        *holiday,
        ("10-08", DayKind.WORKDAY, ""),
        ("10-09", DayKind.WORKDAY, ""),
        ("10-10", DayKind.MAKE_UP, "国庆节"),
    ]


def test_an_event_late_at_night_belongs_to_its_beijing_day(calendar: Calendar) -> None:
    late = dt.datetime(2026, 9, 28, 15, 59, 59, tzinfo=dt.UTC)
    assert counting.term_after(calendar, late, 5).start == date("2026-09-28")
    assert counting.term_after(calendar, late + dt.timedelta(seconds=1), 5).start == date("2026-09-29")


def test_the_months_of_2026(calendar: Calendar) -> None:
    firsts = [dt.date(2025, 12, 31)] + [dt.date(2026 + n // 12, n % 12 + 1, 1) - counting.ONE_DAY for n in range(1, 13)]
    months = [counting.workdays_between(calendar, *pair) for pair in itertools.pairwise(firsts)]
    assert months == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]


def test_reminders_count_back_over_the_make_up_sunday(calendar: Calendar) -> None:
    deadline = date("2026-09-23")
    assert counting.subtract_workdays(calendar, deadline, 3) == date("2026-09-20")
    assert counting.subtract_workdays(calendar, deadline, 1) == date("2026-09-22")


def test_a_year_without_notice_is_counted_monday_to_friday_and_says_so(calendar: Calendar) -> None:
    term = counting.term_from_day(calendar, date("2026-12-30"), 3)
    assert (term.last_day, term.is_provisional) == (date("2027-01-04"), True)


def test_shipped_years_agree_with_the_independent_package() -> None:
    for path in DATA.glob("*.toml"):
        year = int(path.stem)
        calendar = calendar_of(year)
        for ordinal in range(dt.date(year, 1, 1).toordinal(), dt.date(year + 1, 1, 1).toordinal()):
            day = dt.date.fromordinal(ordinal)
            assert calendar.is_workday(day) == chinese_calendar.is_workday(day), day


def calendar_of(year: int) -> Calendar:
    notice = tomllib.loads((DATA / f"{year}.toml").read_text(encoding="utf-8"))
    return Calendar(frozenset({year}), _days(notice))


Y2026 = calendar_of(2026)
days_of_2026 = st.dates(dt.date(2026, 1, 1), dt.date(2026, 10, 31))


@given(start=days_of_2026, n=st.integers(1, 30))
def test_a_period_ends_on_a_working_day_and_is_counted_back_exactly(start: dt.date, n: int) -> None:
    last = counting.add_workdays(Y2026, start, n)
    assert Y2026.is_workday(last)
    assert counting.workdays_between(Y2026, start, last) == n


@given(start=days_of_2026, later=st.integers(0, 20), n=st.integers(0, 30), more=st.integers(0, 10))
def test_a_later_start_or_a_longer_period_never_ends_earlier(start: dt.date, later: int, n: int, more: int) -> None:
    first = counting.add_workdays(Y2026, start, n)
    second = counting.add_workdays(Y2026, start + dt.timedelta(days=later), n + more)
    assert second >= first
