"""Pools and filings in a real browser: the agency composes, the bureau files, the expert consents; at desk and phone."""

import datetime as dt
from collections.abc import Callable

import pytest

from portal.accounts.roles import OrganisationKind, Role
from portal.shared import clock
from review.enums.pooling import Attendance
from review.models import CommitteeFiling, DutyRecord, ExpertTerm
from tests.browser.conftest import Visitor
from tests.factories import accounts, catalogue, experts, filings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)
OpenWindow = Callable[..., Visitor]


def test_a_committee_goes_from_the_agency_to_the_bureaus_book(open_window: OpenWindow) -> None:
    clock.move_to(AT)
    entry = catalogue.published_entry()
    assert entry.committee is not None
    agency = entry.committee.agency
    experts.appointed(agency, 11, ends_on=dt.date(2029, 7, 31))
    window = open_window(by=accounts.actor(Role.AGENCY_CLERK, at=agency))
    window.open("/review/filings/start/")
    window.must_be_sound("filing-start")
    page = window.page
    page.fill("[name=name]", entry.committee.name)
    page.check("[name=band][value=senior]")
    page.select_option("[name=series]", "05")
    page.fill("[name=specialty]", entry.specialty.code)
    page.fill("[name=size]", "11")
    page.click("main form button")
    window.must_be_sound("filing-draft")
    filing = CommitteeFiling.objects.get()
    base = f"/review/filings/{filing.code}/"
    window.open(f"{base}members/")
    window.must_be_sound("filing-members")
    for box in page.locator("[name=terms]").all():
        box.check()
    page.click("main form button")
    page.click("main table th a >> nth=0")
    page.check("[name=duty][value=chair]")
    window.must_be_sound("filing-member")
    page.click("main form button")
    page.click(f"main a[href='{base}submit/']")
    window.must_be_sound("filing-submit")
    page.click("main form button")

    bureau = open_window(by=accounts.actor(Role.BUREAU_LEAD))
    bureau.open("/review/filings/")
    bureau.must_be_sound("filings")
    bureau.page.click("main table th a")
    bureau.must_be_sound("filing-submitted")
    bureau.page.click(f"main a[href='{base}record/']")
    bureau.page.fill("[name=number]", "备〔2026〕1号")
    bureau.page.click("main form button")
    bureau.must_be_sound("filing-record-refused")
    bureau.page.fill("[name=valid_from]", "2026-08-01")
    bureau.page.fill("[name=valid_to]", "2029-07-31")
    bureau.page.click("main form button")
    bureau.must_be_sound("filing-filed")
    assert CommitteeFiling.objects.get().number == "备〔2026〕1号"


def test_pages_of_the_pool_are_sound(open_window: OpenWindow) -> None:
    clock.move_to(AT)
    agency = accounts.organisation(OrganisationKind.AGENCY)
    clerk, lead = accounts.actor(Role.AGENCY_CLERK, at=agency), accounts.actor(Role.AGENCY_LEAD, at=agency)
    bureau = accounts.actor(Role.BUREAU_CLERK)
    vetted = experts.vetted(agency, clerk=clerk, bureau=bureau, at=AT)
    (serving,) = experts.appointed(agency)
    named = experts.nominated(agency, by=clerk, at=AT)
    held = {"held_on": dt.date(2026, 7, 1), "attendance": Attendance.PRESENT, "remark": "投诉2026-018，经核实不成立。"}
    DutyRecord.objects.create(term=serving, session="HY26000001", complaints=1, **held)
    window = open_window(by=lead)
    for name, path in {
        "experts": "",
        "expert-nominate": "nominate/",
        "expert-import": "import/",
        "expert-named": f"{named.code}/",
        "expert-appoint": f"{vetted.code}/appoint/",
        "expert-serving": f"{serving.code}/",
        "expert-duty": f"{serving.code}/duties/HY26000001/",
        "expert-title": f"{named.code}/title/",
        "expert-pause": f"{serving.code}/pause/",
        "expert-end": f"{serving.code}/end/",
    }.items():
        window.open(f"/review/experts/{path}")
        window.must_be_sound(name)
    own = open_window(375, by=experts.personally(named))
    for name, path in {
        "own-experts": "",
        "own-expert": f"{named.code}/",
        "own-consent": f"{named.code}/consent/",
    }.items():
        own.open(f"/review/own-experts/{path}")
        own.must_be_sound(name)
    expert = open_window(375, by=experts.acting(serving))
    expert.open(f"/review/own-experts/{serving.code}/")
    expert.must_be_sound("own-expert-duties")
    own.page.click("main form button")
    assert ExpertTerm.objects.get(pk=named.pk).consented_at is not None
    employer = open_window(by=accounts.actor(Role.EMPLOYER_CLERK))
    employer.open("/review/experts/nominations/")
    employer.must_be_sound("nominations")


def test_an_amended_filing_is_sound(open_window: OpenWindow) -> None:
    clock.move_to(AT)
    entry = catalogue.published_entry()
    assert entry.committee is not None
    filing = filings.filed(entry.committee, 11)
    ExpertTerm.objects.filter(pk=filing.roll()[-1].term_id).update(promised_at=None)
    window = open_window(375, by=accounts.actor(Role.AGENCY_CLERK, at=filing.agency))
    window.open(f"/review/filings/{filing.code}/")
    window.must_be_sound("filing-with-somebody-left-out")
    window.open(f"/review/filings/{filing.code}/renew/")
    window.must_be_sound("filing-renew")
