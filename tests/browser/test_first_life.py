"""Scenario S1 in a real browser: three people at three desks bring one application to the agency."""

import datetime as dt
from collections.abc import Callable

import pytest

from applications.models import Application
from portal.deadlines.ringing import ring_due
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import applications, catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]


def at(month: int, day: int, hour: int = 10) -> None:
    instant = dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)
    clock.move_to(instant)
    ring_due(at=instant)


@pytest.mark.rule("R-063", "R-071", "R-072", "R-073")
def test_from_the_task_list_to_the_agency(open_window: OpenWindow) -> None:
    at(7, 8)
    unit = applications.employer()
    who = applications.applicant(unit, full_name="林书言")
    draft = applications.filled(catalogue.published_entry(), who)
    person = open_window(375, by=who)
    person.open(f"/applications/{draft.code}/")
    person.must_be_sound("life-task-list")
    person.page.click(f"a[href='/applications/{draft.code}/check/'] >> nth=0")
    person.page.check("[name=commitment]")
    person.page.get_by_role("button", name="提交申报").click()
    person.page.wait_for_url(lambda address: "/check/" not in address)
    person.must_be_sound("life-submitted")

    at(7, 13)
    recommendation = Application.objects.get(pk=draft.pk).recommendation
    base = f"/applications/recommendations/{recommendation.code}/"
    clerk = open_window(by=applications.clerk_of(unit))
    clerk.open(f"{base}open/")
    clerk.page.click("main form button")
    clerk.open(f"{base}check/")
    clerk.page.click("button[name=go][value=all_right]")
    clerk.open(f"{base}publicise/")
    clerk.page.fill("[name=contact]", "人力资源部，010-00000000")
    clerk.page.click("button[name=go][value=post]")
    clerk.page.wait_for_url("**/notices/own/**")
    clerk.must_be_sound("life-notice")

    at(7, 21)
    head = open_window(by=applications.head_of(unit))
    head.open(f"{base}recommend/")
    head.page.fill("[name=opinion]", "该同志业绩突出，同意推荐。")
    head.page.fill("[name=assessment]", "近三年考核优秀")
    head.page.check("[name=truth]")
    head.page.click("main form button")
    head.page.wait_for_url(lambda address: "/recommend/" not in address)
    assert Application.objects.get(pk=draft.pk).state == "recommended"
    person.open(f"/applications/{draft.code}/")
    person.must_be_sound("life-recommended")
    assert "已推荐" in person.page.inner_text("main")
