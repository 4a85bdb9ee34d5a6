"""The agency's desk in a real browser: every page kind sound, and a check without scripts."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.accounts.roles import Role
from portal.shared import clock
from review.domain import looking
from review.models import AgencyReview, Finding
from tests.browser.conftest import Visitor
from tests.factories import accounts, agency_reviews, applications, catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
AT = dt.datetime(2026, 7, 29, 11, 0, tzinfo=clock.BEIJING)
TEXT = "请补充近三年的业绩证明材料，并加盖单位公章。"


def test_pages_of_the_agency_are_sound(open_window: OpenWindow) -> None:
    clock.move_to(AT)
    entry = catalogue.published_entry()
    queued = agency_reviews.queued(entry, applications.applicant(full_name="林书言"))
    taken = agency_reviews.taken(entry, applications.applicant(full_name="赵清和"))
    to_pass = agency_reviews.proposed(entry, applications.applicant(full_name="钱若水"))
    to_return = agency_reviews.proposed(entry, applications.applicant(full_name="孙一鸣"), kind="return")
    to_reject = agency_reviews.proposed(entry, applications.applicant(full_name="李望舒"), kind="reject")
    base = "/review/files/"
    clerk = open_window(by=agency_reviews.clerk_of(queued))
    lead = open_window(by=agency_reviews.lead_of(queued))
    for name, (window, path) in {
        "agency-queue": (clerk, "/review/"),
        "agency-file-queued": (clerk, f"{base}{queued.code}/"),
        "agency-take": (clerk, f"{base}{queued.code}/take/"),
        "agency-check": (clerk, f"{base}{taken.code}/check/"),
        "agency-file-checking": (clerk, f"{base}{taken.code}/"),
        "agency-propose": (clerk, f"{base}{taken.code}/propose/"),
        "agency-assign": (lead, f"{base}{taken.code}/assign/"),
        "agency-file-proposed": (lead, f"{base}{to_pass.code}/"),
        "agency-pass": (lead, f"{base}{to_pass.code}/pass/"),
        "agency-reconsider": (lead, f"{base}{to_pass.code}/reconsider/"),
        "agency-return": (lead, f"{base}{to_return.code}/return/"),
        "agency-reject": (lead, f"{base}{to_reject.code}/reject/"),
    }.items():
        window.open(path)
        window.must_be_sound(name)
    AgencyReview.objects.filter(pk=taken.pk).update(overdue=True)
    bureau = open_window(by=accounts.actor(Role.BUREAU_LEAD))
    for name, path in {
        "agency-overdue": "/review/overdue/",
        "agency-authorise": f"{base}{taken.code}/second-return/",
    }.items():
        bureau.open(path)
        bureau.must_be_sound(name)


@pytest.mark.rule("R-090", "R-091")
def test_what_is_typed_is_saved_and_the_paper_stands_beside(open_window: OpenWindow) -> None:
    clock.move_to(AT)
    review = agency_reviews.taken(catalogue.published_entry())
    window = open_window(1280, by=agency_reviews.clerk_of(review))
    page = window.open(f"/review/files/{review.code}/check/")
    page.check("[name=verdict-post][value=defect]")
    page.click("#item-post .zc-item__words summary")
    page.fill("[name=post]", "写到一半")
    page.locator("h1").click()
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("1项未写完")
    page.fill("[name=post]", TEXT)
    page.locator("[name=verdict-summary]").first.focus()
    expect(status).to_have_text(re.compile(r"已自动保存 \d\d:\d\d$"))
    stored = Finding.objects.get(review=review, item="post")
    assert (stored.verdict, stored.text) == ("defect", TEXT)
    page.locator(".zc-beside__link").first.click()
    frame = page.frame(name="evidence")
    assert frame is not None
    frame.wait_for_url("**/beside/**")
    assert not window.complaints


@pytest.mark.rule("R-090", "R-096")
def test_from_the_queue_to_the_proposal_without_scripts(open_window: OpenWindow) -> None:
    clock.move_to(AT)
    review = agency_reviews.queued(catalogue.published_entry())
    window = open_window(375, by=agency_reviews.clerk_of(review), scripts=False)
    page = window.open("/review/")
    page.click("main table th a")
    page.click("main .zc-steps a:has-text('开始审核')")
    page.click("main form button:has-text('开始审核')")
    page.check("[name=verdict-post][value=defect]")
    page.click("#item-post .zc-item__words summary")
    page.fill("[name=post]", TEXT)
    page.click("button:has-text('其余各项全部符合')")
    page.click("main .zc-steps a:has-text('提出审核意见')")
    page.check("[name=proposal][value=return]")
    page.click("main form button:has-text('提出审核意见')")
    expect(page.locator("main")).to_contain_text("建议一次性退回补正")
    assert len(looking.items_in(agency_reviews.fresh(review))) == Finding.objects.filter(review=review).count()
