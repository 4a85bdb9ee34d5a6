"""Whether a schedule can be kept: the real year 2024, the demonstration's 2026, and everything that can be wrong."""

import datetime as dt
from dataclasses import replace

import pytest

from portal.catalogue.domain.schedules import Days
from portal.catalogue.feasibility import Publicity, Report, Severity, check
from portal.shared import clock
from portal.workdays.counting import Calendar
from portal.workdays.queries import calendar_in_force

FIVE = Publicity(5)
NOTICE_2024 = Days(
    dt.date(2024, 7, 2),
    dt.date(2024, 7, 23),
    dt.date(2024, 7, 2),
    dt.date(2024, 7, 30),
    dt.date(2024, 8, 30),
    dt.date(2024, 11, 30),
)
PLAN_2026 = Days(
    dt.date(2026, 7, 7),
    dt.date(2026, 7, 28),
    dt.date(2026, 7, 7),
    dt.date(2026, 8, 6),
    dt.date(2026, 9, 11),
    dt.date(2026, 11, 30),
)


@pytest.fixture
def calendar(db: None) -> Calendar:
    return calendar_in_force()


def told(days: Days, calendar: Calendar, publicity: Publicity = FIVE) -> Report:
    return check(days.windows(), publicity, calendar)


def texts(report: Report) -> dict[str, str]:
    return {finding.code: finding.text for finding in report.findings}


@pytest.mark.rule("A-05", "R-024", "R-025")
def test_the_real_2024_leaves_the_last_minute_person_too_late(calendar: Calendar) -> None:
    report = told(NOTICE_2024, calendar)
    assert texts(report)["last_minute_is_too_late"] == (
        "7月23日最后一刻提交的，单位7月24日发布公示，计7月25日、7月26日、7月29日、7月30日、7月31日，公示至7月31日24:00届满，"
        "比单位推荐截止日7月30日晚1天，最早8月1日才能推荐。最后可以发布公示的日期为7月22日。"
    )
    assert report.last_safe_posting == dt.date(2024, 7, 22)
    assert [day.day for day in report.last_safe.counted] == [23, 24, 25, 26, 29]
    assert not report.of(Severity.REFUSE)
    assert [finding.rule for finding in report.findings if finding.code == "last_minute_is_too_late"] == ["A-05"]


def test_the_2024_notice_ends_its_last_window_on_a_saturday(calendar: Calendar) -> None:
    report = told(NOTICE_2024, calendar)
    assert texts(report)["committee_ends_on_a_rest_day"] == "「答辩评审」截止日11月30日是休息日（周末）。"
    assert {finding.severity for finding in report.findings} == {Severity.WARN}


@pytest.mark.rule("A-05")
def test_the_plan_of_2026_lets_everybody_through(calendar: Calendar) -> None:
    report = told(PLAN_2026, calendar)
    assert report.findings == ()
    assert [(day.month, day.day) for day in report.last_minute.counted] == [(7, 30), (7, 31), (8, 3), (8, 4), (8, 5)]
    assert report.last_minute.start == report.last_safe_posting == dt.date(2026, 7, 29)
    assert report.last_minute.last_day + dt.timedelta(days=1) == dt.date(2026, 8, 6)


def test_a_notice_that_ends_on_the_last_day_leaves_no_day_to_recommend(calendar: Calendar) -> None:
    report = told(replace(PLAN_2026, employer_to=dt.date(2026, 8, 5)), calendar)
    assert "公示至8月5日24:00届满，正是单位推荐截止日，最早8月6日才能推荐" in texts(report)["last_minute_is_too_late"]
    assert report.last_safe_posting == dt.date(2026, 7, 28)


def test_a_longer_notice_moves_the_last_safe_day(calendar: Calendar) -> None:
    report = told(PLAN_2026, calendar, Publicity(7))
    assert report.last_safe_posting == dt.date(2026, 7, 27)
    assert "last_minute_is_too_late" in report.codes


def test_the_posting_is_expected_on_a_working_day(calendar: Calendar) -> None:
    report = told(replace(PLAN_2026, individual_to=dt.date(2026, 7, 24)), calendar)
    assert report.last_minute.start == dt.date(2026, 7, 27)


def test_make_up_days_count_and_holidays_do_not(calendar: Calendar) -> None:
    around = Days(
        dt.date(2026, 9, 1),
        dt.date(2026, 9, 18),
        dt.date(2026, 9, 1),
        dt.date(2026, 10, 12),
        dt.date(2026, 10, 30),
        dt.date(2026, 11, 30),
    )
    report = told(around, calendar)
    assert report.last_minute.start == dt.date(2026, 9, 20)
    assert [day.day for day in report.last_minute.counted] == [21, 22, 23, 24, 28]


def test_a_window_that_nobody_could_use_is_refused(calendar: Calendar) -> None:
    report = told(replace(PLAN_2026, individual_to=dt.date(2026, 7, 9), employer_to=dt.date(2026, 7, 10)), calendar)
    (finding,) = report.of(Severity.REFUSE)
    assert (finding.code, finding.rule) == ("nobody_can_be_recommended", "A-05")
    assert finding.text.startswith("单位推荐截止日7月10日之前没有任何一天可以发布公示")


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        (
            {"individual_to": dt.date(2026, 7, 1)},
            "individual_ends_before_it_starts",
            "「个人申报」的开始日期晚于截止日期。",
        ),
        (
            {"employer_from": dt.date(2026, 8, 8)},
            "employer_ends_before_it_starts",
            "「单位审核推荐」的开始日期晚于截止日期。",
        ),
        (
            {"employer_to": dt.date(2026, 7, 27)},
            "employer_ends_too_early",
            "「单位审核推荐」的截止日期早于「个人申报」的截止日期。",
        ),
        (
            {"agency_to": dt.date(2026, 8, 5)},
            "agency_ends_too_early",
            "「评审服务机构首次审核」的截止日期早于「单位审核推荐」的截止日期。",
        ),
        (
            {"committee_to": dt.date(2026, 9, 10)},
            "committee_ends_too_early",
            "「答辩评审」的截止日期早于「评审服务机构首次审核」的截止日期。",
        ),
        (
            {"employer_from": dt.date(2026, 7, 30)},
            "employer_starts_too_late",
            "「单位审核推荐」在「个人申报」截止之后才开始。",
        ),
    ],
)
def test_windows_out_of_order_are_refused_alone(
    calendar: Calendar, changes: dict[str, dt.date], code: str, text: str
) -> None:
    report = told(replace(PLAN_2026, **changes), calendar)
    assert texts(report)[code] == text
    assert {finding.severity for finding in report.findings} == {Severity.REFUSE}
    assert report.last_minute is None


@pytest.mark.parametrize(
    ("name", "day", "severity", "words"),
    [
        ("individual", dt.date(2026, 7, 26), Severity.REFUSE, "「个人申报」截止日7月26日是休息日（周末）。"),
        ("employer", dt.date(2026, 8, 9), Severity.REFUSE, "「单位审核推荐」截止日8月9日是休息日（周末）。"),
        ("agency", dt.date(2026, 9, 25), Severity.WARN, "「评审服务机构首次审核」截止日9月25日是休息日（中秋节）。"),
        ("committee", dt.date(2026, 11, 29), Severity.WARN, "「答辩评审」截止日11月29日是休息日（周末）。"),
    ],
)
def test_a_window_that_ends_on_a_rest_day(
    calendar: Calendar, name: str, day: dt.date, severity: Severity, words: str
) -> None:
    report = told(replace(PLAN_2026, **{f"{name}_to": day}), calendar)
    found = {finding.code: finding for finding in report.findings}[f"{name}_ends_on_a_rest_day"]
    assert (found.severity, found.text) == (severity, words)


def test_a_make_up_sunday_is_no_rest_day(calendar: Calendar) -> None:
    report = told(replace(PLAN_2026, agency_to=dt.date(2026, 9, 20)), calendar)
    assert report.findings == ()


def test_a_year_without_its_holiday_notice_is_provisional(calendar: Calendar) -> None:
    report = told(replace(PLAN_2026, committee_to=dt.date(2027, 1, 29)), calendar)
    (finding,) = report.findings
    assert (finding.severity, finding.text) == (
        Severity.WARN,
        "2027年放假和调休安排尚未录入，工作日按周一至周五暂计。",
    )


@pytest.mark.rule("A-33")
def test_days_become_instants_that_include_the_last_day() -> None:
    windows = PLAN_2026.windows()
    assert windows.individual_opens_at == dt.datetime(2026, 7, 7, tzinfo=clock.BEIJING)
    assert windows.individual_closes_at == dt.datetime(2026, 7, 29, tzinfo=clock.BEIJING)
    assert windows.last_day("committee") == dt.date(2026, 11, 30)
