"""The employer's desk in a real browser: every page kind sound at two widths, and a life from receiving to signing."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from applications.domain import publicising
from applications.models import Recommendation
from portal.deadlines.ringing import ring_due
from portal.publicity.models import Notice
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import applications, catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
WIDTHS = (1280, 375)
OPINION = "该同志业绩突出，群众公认，同意推荐。"


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


def test_pages_of_the_employer_are_sound(open_window: OpenWindow) -> None:
    clock.move_to(moment(7, 13))
    entry, unit = catalogue.published_entry(), applications.employer(telephone="010-12345678")
    submitted = applications.submitted(entry, applications.applicant(unit, full_name="林书言")).recommendation
    checking = applications.received(entry, applications.applicant(unit, full_name="赵清和"))
    ready = applications.checked(applications.received(entry, applications.applicant(unit, full_name="钱若水")))
    running, _notice = applications.publicised(entry, applications.applicant(unit, full_name="孙一鸣"))
    base = "/applications/recommendations/"
    window = open_window(by=applications.head_of(unit))
    for name, path in {
        "employer-queue": base,
        "employer-file-new": f"{base}{submitted.code}/",
        "employer-open": f"{base}{submitted.code}/open/",
        "employer-check": f"{base}{checking.code}/check/",
        "employer-file-checking": f"{base}{checking.code}/",
        "employer-send-back": f"{base}{checking.code}/send-back/",
        "employer-refuse": f"{base}{checking.code}/refuse/",
        "employer-publicise": f"{base}{ready.code}/publicise/",
        "employer-publicise-many": f"{base}publicise/?code={ready.code}&code={checking.code}",
        "employer-file-on-notice": f"{base}{running.code}/",
    }.items():
        window.open(path)
        window.must_be_sound(name)


def test_pages_of_signing_are_sound(open_window: OpenWindow) -> None:
    clock.move_to(moment(7, 13))
    entry, unit = catalogue.published_entry(), applications.employer()
    people = [applications.applicant(unit) for _each in range(2)]
    chosen = [applications.checked(applications.received(entry, who)) for who in people]
    publicising.publicise(chosen, contact="人力资源部", by=applications.clerk_of(unit), at=moment(7, 13))
    ring_due(at=moment(7, 21, 0))
    clock.move_to(moment(7, 21))
    window = open_window(by=applications.head_of(unit))
    base = "/applications/recommendations/"
    window.open(f"{base}{chosen[0].code}/recommend/")
    window.must_be_sound("employer-recommend")
    window.open(f"{base}recommend/?code={chosen[0].code}&code={chosen[1].code}")
    window.must_be_sound("employer-recommend-many")
    window.page.fill("[name=opinion]", OPINION)
    window.page.check("[name=truth]")
    window.page.click("main form button")
    expect(window.page.locator("main")).to_contain_text("已推荐 2 人")
    window.must_be_sound("employer-batch")
    window.open(f"{base}{chosen[0].code}/")
    window.must_be_sound("employer-file-recommended")


@pytest.mark.rule("R-071", "R-072", "R-073")
def test_from_receiving_to_the_notice_without_scripts(open_window: OpenWindow) -> None:
    clock.move_to(moment(7, 13))
    unit = applications.employer()
    recommendation = applications.submitted(catalogue.published_entry(), applications.applicant(unit)).recommendation
    window = open_window(1280, by=applications.clerk_of(unit), scripts=False)
    window.open("/applications/recommendations/")
    window.page.click("main table th a")
    window.page.click("main .zc-steps a:has-text('受理审核')")
    window.page.click("main form button:has-text('受理审核')")
    window.page.click("button:has-text('其余各项全部属实')")
    window.page.click("main .zc-steps a:has-text('发布单位公示')")
    window.page.fill("[name=contact]", "人力资源部")
    window.page.click(".govuk-button-group button:has-text('预览')")
    window.page.click("main form button:has-text('发布公示')")
    notice = Notice.objects.get()
    expect(window.page.locator("main")).to_contain_text(notice.code)
    assert Recommendation.objects.get(pk=recommendation.pk).state == "publicising"
