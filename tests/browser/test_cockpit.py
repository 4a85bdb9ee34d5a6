"""The bureau's cockpit in a real browser: every report sound at all widths, its charts drawn from its tables."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.cockpit.reports import REPORTS
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import acceptances, figures
from tests.factories.defences import on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
# As while a page is laid out: bars of less than no width would be complained of.
NO_ROOM_FOR_A_MOMENT = """() => new Promise((done) => {
  const { style } = document.querySelector("main");
  style.width = "20px";
  requestAnimationFrame(() => requestAnimationFrame(() => { style.width = ""; done(); }));
})"""


def test_reports_are_sound_and_drawn_from_their_tables(open_window: OpenWindow) -> None:
    figures.city()
    clock.move_to(on(10, 16, 15))
    window = open_window(by=acceptances.clerk())
    for key in REPORTS:
        page = window.open(f"/cockpit/{key}/?year=2026")
        for figure in page.locator("figure[data-chart]").all():
            figure.locator("svg").first.wait_for()
        window.must_be_sound(f"cockpit-{key}")
    page = window.open("/cockpit/?year=2026")
    way = page.locator("figure[data-table=way] .zc-chart__number")
    way.first.wait_for()
    table = page.locator("#way td:nth-of-type(1)")
    assert way.all_text_contents() == [words.strip() for words in table.all_text_contents()]
    page.evaluate(NO_ROOM_FOR_A_MOMENT)
    page.get_by_role("link", name="9", exact=True).first.click()
    expect(page.locator("tbody tr")).to_have_count(9)
    window.must_be_sound("cockpit-list")


def test_figures_are_there_without_scripts(open_window: OpenWindow) -> None:
    window = open_window(by=acceptances.clerk(), scripts=False)
    page = window.open("/cockpit/")
    assert page.locator("figure svg").count() == 0
    assert page.get_by_label("系列").count() == 1
