"""Results before the bureau in real browsers: reported, decided and publicised without a script, and every page kind sound."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.documents.pdf import render
from portal.shared import clock
from review.domain import accepting
from review.models import ResultAcceptance
from tests.browser.conftest import Visitor
from tests.factories import acceptances, catalogue, sessions
from tests.factories.defences import on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]


@pytest.mark.rule("R-120", "R-121", "R-122")
def test_from_the_signature_to_the_public_page(open_window: OpenWindow, tmp_path: Path) -> None:
    """Agency, clerk, lead and a reader, each on pages without a script; all page kinds are sound."""
    entry = catalogue.published_entry()
    session = acceptances.voted(sessions.ready(entry, 2), [10, 6], size=13, present=11)
    paper = tmp_path / "report.pdf"
    paper.write_bytes(render("documents/review/count_sheet.html", {"session": session}, at=acceptances.REPORTED))
    clock.move_to(acceptances.REPORTED)
    agency = open_window(1280, by=sessions.clerk(session), scripts=False)
    page = agency.open(f"/review/sessions/{session.code}/")
    page.get_by_role("button", name="报送验收").click()
    agency.must_be_sound("report")
    page.set_input_files("input[type=file]", str(paper))
    page.fill("[name=statement]", "程序合规，材料齐全。")
    page.locator("main form button").click()
    expect(page.get_by_role("heading", name="报送材料")).to_be_visible()
    agency.must_be_sound("batch of the agency")
    batch = ResultAcceptance.objects.get()
    acceptances.bureau()
    clerk = open_window(1280, by=acceptances.clerk(), scripts=False)
    desk = clerk.open("/review/acceptances/")
    clerk.must_be_sound("batches")
    desk.get_by_role("link", name=session.title).click()
    desk.get_by_role("button", name="受理验收").click()
    clerk.must_be_sound("a step")
    desk.locator("main form button").click()
    clerk.must_be_sound("batch of the clerk")
    clock.move_to(acceptances.DECIDED)
    lead = open_window(375, by=acceptances.lead(), scripts=False)
    deciding = lead.open(f"/review/acceptances/{batch.code}/hold/")
    lead.must_be_sound("hold")
    deciding.goto(deciding.url.replace("/hold/", "/accept/"))
    deciding.locator("main form button").click()
    expect(deciding.get_by_text("验收通过").first).to_be_visible()
    lead.must_be_sound("batch accepted")
    desk.goto(desk.url)
    desk.get_by_role("button", name="发布评审结果公示").click()
    clerk.must_be_sound("notice")
    desk.fill("[name=contact]", acceptances.CONTACT)
    desk.locator("main form button").click()
    expect(desk.get_by_text("评审结果公示已发布")).to_be_visible()
    reader = open_window(375, scripts=False)
    public = reader.open("/notices/results/")
    reader.must_be_sound("results of the year")
    name = batch.cases.get(is_pass=True).application.applicant.full_name
    public.fill("[name=q]", name)
    public.keyboard.press("Enter")
    expect(public.get_by_role("rowheader", name=name)).to_be_visible()
    reader.must_be_sound("somebody found")
    assert not [*agency.complaints, *clerk.complaints, *lead.complaints, *reader.complaints]


def test_one_person_is_sound_held_and_sent_back(open_window: OpenWindow) -> None:
    session = acceptances.voted(sessions.ready(catalogue.published_entry()), [11], size=13, present=11)
    batch = acceptances.taken(session)
    (case,) = batch.cases.all()
    clock.move_to(on(10, 14))
    lead = open_window(1280, by=acceptances.lead())
    lead.open(f"/review/results/{case.code}/")
    lead.must_be_sound("one person")
    accepting.send_back(batch, reason="请补充评审工作报告的附表。", by=acceptances.clerk(), at=on(10, 14))
    agency = open_window(1280, by=sessions.clerk(session))
    agency.open(f"/review/acceptances/{batch.code}/complete/")
    agency.must_be_sound("complete")
