"""The calendar on screen: the bureau enters a year, another person publishes it, everybody reads it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.actors import Actor
from portal.workdays.models import NoticeState, YearNotice
from portal.workdays.queries import calendar_in_force

Visit = Callable[..., Client]
ENTERED = {
    "_key": "k1",
    "year": "2027",
    "title": "国务院办公厅关于2027年部分节假日安排的通知",
    "source": "https://www.gov.cn/",
    "rest": "2027-01-01 元旦\n2027-02-06，春节",
    "work": "2027-02-13 春节",
}


def test_entered_by_one_published_by_another_read_by_all(visit: Visit, bureau_clerk: Actor, bureau_lead: Actor) -> None:
    saved = visit(bureau_clerk).post("/calendar/notices/prepare/", ENTERED)
    notice = YearNotice.objects.get(year=2027)
    assert saved["Location"] == f"/calendar/notices/{notice.code}/"
    assert visit().get("/calendar/2027/").status_code == 404
    published = visit(bureau_lead).post(f"/calendar/notices/{notice.code}/publish/", {"_key": "k2"})
    assert published.status_code == 302
    assert calendar_in_force().is_workday(dt.date(2027, 2, 13))
    page = visit().get("/calendar/2027/").content.decode()
    assert "元旦" in page
    assert "上班" in page


def test_who_entered_it_is_told_why_they_cannot_publish(visit: Visit, bureau_lead: Actor) -> None:
    browser = visit(bureau_lead)
    browser.post("/calendar/notices/prepare/", ENTERED)
    notice = YearNotice.objects.get(year=2027)
    assert "录入人不能同时发布" in browser.get(f"/calendar/notices/{notice.code}/").content.decode()
    answer = browser.post(f"/calendar/notices/{notice.code}/publish/", {"_key": "k2"}).content.decode()
    assert "录入人不能同时发布，请由另一位负责人发布。（依据 A-04）" in answer
    assert YearNotice.objects.get(year=2027).state == NoticeState.DRAFT


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("rest", "2027-01-01 元旦\n元旦", "第2行不是一个日期加名称，或者与前面重复。"),
        ("rest", "2027-02-30 春节", "第1行不是一个日期加名称，或者与前面重复。"),
        ("work", "2027-01-01 元旦", "以下日期同时列为放假和上班：2027-01-01。"),
    ],
)
def test_a_bad_line_is_named_and_nothing_entered_is_lost(
    visit: Visit, bureau_clerk: Actor, field: str, value: str, words: str
) -> None:
    answer = visit(bureau_clerk).post("/calendar/notices/prepare/", {**ENTERED, field: value}).content.decode()
    assert words in answer
    assert ENTERED["title"] in answer
    assert not YearNotice.objects.filter(year=2027).exists()
