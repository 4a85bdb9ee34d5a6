"""Results before the bureau in real browsers: reported, decided and publicised without a script, and every page kind sound."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from portal.documents.pdf import render
from portal.http import searching
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
    """Agency, clerk, lead and a reader, each on pages without a script."""
    entry = catalogue.published_entry()
    session = acceptances.voted(sessions.ready(entry, 2), [10, 6], size=13, present=11)
    paper = tmp_path / "report.pdf"
    paper.write_bytes(render("documents/review/count_sheet.html", {"session": session}, at=acceptances.REPORTED))
    clock.move_to(acceptances.REPORTED)
    agency = open_window(1280, by=sessions.clerk(session), scripts=False)
    page = agency.open(f"/review/sessions/{session.code}/")
    page.get_by_role("button", name="报送验收").click()
    page.set_input_files("input[type=file]", str(paper))
    page.fill("[name=statement]", "程序合规，材料齐全。")
    page.locator("main form button.govuk-button").click()
    expect(page.get_by_role("heading", name="报送材料")).to_be_visible()
    batch = ResultAcceptance.objects.get()
    acceptances.bureau()
    clerk = open_window(1280, by=acceptances.clerk(), scripts=False)
    desk = clerk.open("/review/acceptances/")
    desk.get_by_role("link", name=session.title).click()
    desk.get_by_role("button", name="受理验收").click()
    desk.locator("main form button.govuk-button").click()
    clock.move_to(acceptances.DECIDED)
    lead = open_window(375, by=acceptances.lead(), scripts=False)
    deciding = lead.open(f"/review/acceptances/{batch.code}/accept/")
    deciding.locator("main form button.govuk-button").click()
    expect(deciding.get_by_text("验收通过").first).to_be_visible()
    desk.goto(desk.url)
    desk.get_by_role("button", name="发布评审结果公示").click()
    desk.fill("[name=contact]", acceptances.CONTACT)
    desk.locator("main form button.govuk-button").click()
    expect(desk.get_by_text("评审结果公示已发布")).to_be_visible()
    reader = open_window(375, scripts=False)
    public = reader.open("/notices/results/")
    name = batch.cases.get(is_pass=True).application.applicant.full_name
    public.fill("[name=words]", name)
    public.keyboard.press("Enter")
    expect(public.get_by_role("rowheader", name=name)).to_be_visible()
    assert not [*agency.complaints, *clerk.complaints, *lead.complaints, *reader.complaints]


def test_pages_of_results_are_sound(open_window: OpenWindow) -> None:
    """Every page kind, for the one who meets it; widths are tried by the window itself."""
    session = acceptances.voted(sessions.ready(catalogue.published_entry(), 2), [10, 3], size=13, present=11)
    clock.move_to(on(10, 14))
    agency = open_window(1280, by=sessions.clerk(session))
    _sound(agency, {"result-report": f"/review/sessions/{session.code}/report/"})
    batch = acceptances.taken(session)
    base, case = f"/review/acceptances/{batch.code}/", batch.cases.all()[0]
    lead = open_window(1280, by=acceptances.lead())
    _sound(lead, {"batches": "/review/acceptances/", "batch": base, "batch-hold": f"{base}hold/"})
    _sound(lead, {"result": f"/review/results/{case.code}/", "batch-refuse": f"{base}refuse/"})
    accepting.accept(batch, by=acceptances.lead(), at=on(10, 14))
    _sound(lead, {"result-notice": f"{base}notice/"})
    failed = f"/review/results/{batch.cases.get(is_pass=False).code}/"
    _sound(lead, {"result-not-passed": failed, "result-review-decision": f"{failed}review-decision/"})
    acceptances.posted(batch, at=on(10, 14))
    _sound(agency, {"batch-agency": base})
    name = case.application.applicant.full_name
    found = urlencode({searching.FIELD: searching.sealed(name, clock.now())})
    _sound(open_window(375), {"results": "/notices/results/", "results-found": f"/notices/results/?{found}"})


def _sound(window: Visitor, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        window.open(path)
        window.must_be_sound(name)
