"""Entering a year's notice: four eyes, sound days, one in force a year."""

import datetime as dt

import pytest

from portal.accounts.actors import Actor
from portal.shared.errors import StepNotPermitted, StepRefused
from portal.workdays.counting import DayException
from portal.workdays.models import NoticeState, YearNotice
from portal.workdays.publishing import prepare, publish
from portal.workdays.queries import calendar_in_force, missing_year

NEW_YEAR = {dt.date(2027, 1, 1): DayException(False, "元旦")}


def draft(by: Actor, at: dt.datetime, days: dict[dt.date, DayException] | None = None, year: int = 2027) -> YearNotice:
    return prepare(year=year, title="通知", source="", days=NEW_YEAR if days is None else days, by=by, at=at)


def test_another_person_publishes_and_the_days_count(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    notice = publish(draft(bureau_clerk, now), by=bureau_lead, at=now)
    assert notice.state == NoticeState.IN_FORCE
    assert not calendar_in_force().day(dt.date(2027, 1, 1)).is_workday
    assert not calendar_in_force().day(dt.date(2027, 1, 1)).is_provisional


def test_the_same_person_is_refused(bureau_lead: Actor, now: dt.datetime) -> None:
    with pytest.raises(StepRefused) as refused:
        publish(draft(bureau_lead, now), by=bureau_lead, at=now)
    assert [reason.code for reason in refused.value.reasons] == ["another_prepared"]


def test_a_clerk_may_not_publish(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    with pytest.raises(StepNotPermitted):
        publish(draft(bureau_lead, now), by=bureau_clerk, at=now)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({}, "请先录入放假和调休日期。"),
        ({dt.date(2026, 12, 31): DayException(False, "元旦")}, "以下日期不在2027年内：2026-12-31。"),
        ({dt.date(2027, 1, 4): DayException(True, "元旦")}, "以下调休上班日不是星期六或星期日：2027-01-04。"),
    ],
)
def test_unsound_days_are_refused_with_the_days_named(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime, days: dict[dt.date, DayException], reason: str
) -> None:
    with pytest.raises(StepRefused) as refused:
        publish(draft(bureau_clerk, now, days), by=bureau_lead, at=now)
    assert [str(each.text) for each in refused.value.reasons] == [reason]


def test_a_later_notice_takes_the_place_of_the_earlier(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime
) -> None:
    days = {dt.date(2026, 7, 10): DayException(False, "临时放假")}
    publish(draft(bureau_clerk, now, days, year=2026), by=bureau_lead, at=now)
    assert YearNotice.objects.in_force().filter(year=2026).count() == 1
    assert not calendar_in_force().is_workday(dt.date(2026, 7, 10))
    assert calendar_in_force().is_workday(dt.date(2026, 10, 1))


@pytest.mark.parametrize(
    ("today", "missing"), [("2026-11-14", None), ("2026-11-15", 2027), ("2027-01-01", 2027), ("2026-03-01", None)]
)
def test_the_alarm_for_a_missing_year_starts_in_mid_november(db: None, today: str, missing: int | None) -> None:
    assert missing_year(dt.date.fromisoformat(today)) == missing
