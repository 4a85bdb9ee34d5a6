"""The agency's queue in a real browser: every page kind sound at all widths, and files shared out without scripts."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.accounts.roles import Role
from portal.catalogue.domain import standing
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.shared import clock
from review.domain import allotting, exporting, preferring
from review.domain.queueing import Wanted
from review.interfaces import sheets
from review.interfaces.columns import COLUMNS
from review.models import AgencyReview
from tests.browser.conftest import Visitor
from tests.factories import accounts, agency_reviews, applications, catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = dt.datetime(2026, 7, 29, 10, 0, tzinfo=clock.BEIJING)

OpenWindow = Callable[..., Visitor]


def arrived() -> list[AgencyReview]:
    clock.move_to(AT)
    entry, unit = catalogue.published_entry(), applications.employer()
    people = [applications.applicant(unit, full_name=name) for name in ("林书言", "赵清和")]
    return [agency_reviews.queued(entry, who) for who in people]


def test_pages_of_the_queue_are_sound(open_window: OpenWindow) -> None:
    reviews = arrived()
    lead = agency_reviews.lead_of(reviews[0])
    late = AgencyReview.objects.filter(pk=reviews[0].pk)
    late.update(overdue=True, due_at=AT - dt.timedelta(days=3))
    kept = preferring.save_filter("本区待审", {"state": "waiting", "district": "110108"}, by=lead)
    made = allotting.ask(reviews, [lead.person], by=lead, at=AT)
    export = exporting.ask(Wanted(), list(COLUMNS), by=lead, at=AT)
    window = open_window(by=lead)
    window.open(f"/review/exports/{export.code}/")
    window.must_be_sound("review-export-waiting")
    exporting.SHEETS.work_off(sheets.sheet_of, seconds=5, now=lambda: AT)
    for name, path in {
        "review-queue": "/review/?state=open",
        "review-queue-narrowed": "/review/?state=all&district=110108&order=-due",
        "review-queue-empty": "/review/?state=decided",
        "review-overview": "/review/overview/",
        "review-columns": "/review/columns/",
        "review-filters": "/review/filters/",
        "review-save-filter": "/review/filters/save/?state=open",
        "review-rename-filter": f"/review/filters/{kept.code}/rename/",
        "review-assign-many": "/review/assign/?state=open&all=1",
        "review-allotment": f"/review/assign/{made.code}/",
        "review-export": f"/review/exports/{export.code}/",
    }.items():
        window.open(path)
        window.must_be_sound(name)
    preferring.choose_columns(COLUMNS, by=lead)
    window.open("/review/?state=open")
    window.must_be_sound("review-queue-every-column")


def test_pages_of_a_transfer_are_sound(open_window: OpenWindow) -> None:
    clock.move_to(AT)
    year = catalogue.edition()
    plan = catalogue.schedule(year)
    one = catalogue.row(year, plan)
    catalogue.published(one, catalogue.row(year, plan, specialty=one.specialty), of=year, plan=plan)
    entry = CatalogueEntry.objects.with_all().get(edition=year, committee=one.committee)
    review, passed = agency_reviews.queued(entry), AgencyReview.objects.get(application=agency_reviews.passed(entry))
    bureau = accounts.actor(Role.BUREAU_LEAD)
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    standing.suspend(authority, reason="程序违规", remedy_due_on=dt.date(2026, 8, 31), by=bureau, at=AT)
    window = open_window(by=bureau)
    window.open(f"/review/files/{review.code}/transfer/")
    window.must_be_sound("review-transfer")
    standing.withdraw(authority, reason="严重违规", by=bureau, at=AT)
    for name, path in {
        "review-suspended": "/review/suspended/",
        "review-file-of-the-fallen": f"/review/files/{passed.code}/",
        "review-transfer-passed": f"/review/files/{passed.code}/transfer/",
    }.items():
        window.open(path)
        window.must_be_sound(name)


def test_searching_and_sharing_out_without_scripts(open_window: OpenWindow) -> None:
    reviews = arrived()
    lead, clerk = agency_reviews.lead_of(reviews[0]), agency_reviews.clerk_of(reviews[0])
    window = open_window(1280, by=lead, scripts=False)
    window.open("/review/")
    page = window.page
    page.fill("#words", "林书言")
    page.click("button:has-text('查找')")
    expect(page.locator("main table")).not_to_contain_text("赵清和")
    assert "林" not in page.url
    page.click("a:has-text('选中本页')")
    page.click("button:has-text('分配给审核人')")
    page.check(f"input[value='{clerk.person.code}']")
    page.click("main form button:has-text('分配')")
    expect(page.locator("main")).to_contain_text("共 1 件，已分配 1 件，未分配 0 件")
    assert AgencyReview.objects.get(pk=reviews[0].pk).assignee == clerk.person
    with page.expect_download() as taken:
        window.open("/review/?state=open")
        page.click("button:has-text('导出为Excel表格')")
    assert taken.value.suggested_filename == "reviews-20260729-1000.xlsx"
