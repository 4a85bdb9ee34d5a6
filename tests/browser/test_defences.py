"""Defences in a real browser: the agency's and the applicant's pages, and the expert's desk on a tablet."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from portal.accounts.actors import acting_personally
from portal.shared import clock
from review.domain import opining
from review.models import NameMatch, PanelOpinion
from tests.browser.conftest import TABLET, Visitor
from tests.factories import catalogue, defences
from tests.factories.defences import BEGINS, PLANNED, TOLD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]


def test_pages_of_agency_and_applicant_are_sound(open_window: OpenWindow) -> None:
    clock.move_to(PLANNED)
    entry = catalogue.published_entry()
    planned, waiting = defences.paid(entry), defences.paid(entry)
    round_ = defences.round_of(entry.committee)
    panel = defences.panel(round_)
    slots = defences.slots(panel, 3)
    defence = defences.planned(planned, slots[0])
    window = open_window(by=defences.agency_staff(entry.agency))
    base = "/review/defences/"
    for name, path in {
        "defence-rounds": base,
        "defence-open": f"{base}open/",
        "defence-round": f"{base}rounds/{round_.code}/",
        "defence-panel": f"{base}rounds/{round_.code}/panels/",
        "defence-release": f"{base}panels/{panel.code}/release/",
        "defence-slots": f"{base}rounds/{round_.code}/slots/",
        "defence-arrange": f"{base}rounds/{round_.code}/arrange/",
        "defence-notify-all": f"{base}rounds/{round_.code}/notify/",
        "defence-file": f"{base}{defence.code}/",
        "defence-move": f"{base}{defence.code}/move/",
        "defence-blind-files": f"{base}{defence.code}/blind-files/",
        "defence-recusal": f"{base}{defence.code}/recusal/",
        "defence-check-in": f"{base}check-in/",
    }.items():
        window.open(path)
        window.must_be_sound(name)
    match = NameMatch.objects.create(
        application=planned, expert=slots[0].sittings.first().expert, place="业绩成果：示例", found_at=PLANNED
    )
    window.open(f"{base}{defence.code}/matches/{match.code}/")
    window.must_be_sound("defence-match")
    told = defences.notified(waiting, slots[1])
    window.open(f"{base}{told.code}/change-slot/")
    window.must_be_sound("defence-change-slot")
    defences.asked(told)
    clock.move_to(TOLD)
    window.open(f"{base}{told.code}/answer/")
    window.must_be_sound("defence-answer")
    person = open_window(375, by=acting_personally(waiting.applicant))
    for name, path in {
        "defence-beside": f"/applications/{waiting.code}/",
        "defence-own": f"/review/own-defences/{told.code}/",
        "defence-change": f"/review/own-defences/{told.code}/change/",
    }.items():
        person.open(path)
        person.must_be_sound(name)


def test_the_experts_desk_is_sound_and_saves_itself(open_window: OpenWindow) -> None:
    entry = catalogue.published_entry()
    defences.guide(entry.committee)
    defence = defences.begun(defences.paid(entry))
    expert = defences.panel_of(defence)[0]
    clock.move_to(BEGINS)
    window = open_window(TABLET, by=expert)
    window.open("/review/panel/")
    window.must_be_sound("panel-desk")
    window.page.click("main table th a")
    window.must_be_sound("panel-file")
    window.page.fill("[name=opinion]", defences.OPINION)
    window.page.fill("[name=score_1]", "30")
    window.page.wait_for_selector("[data-autosave-status][data-state=saved]", timeout=15000)
    window.page.fill("[name=score_2]", "50")
    window.page.click("button[name=hand_in]")
    window.page.wait_for_url("**/hand-in/")  # the button waits for the save that leaving the field began
    window.must_be_sound("panel-hand-in")
    window.page.click("main form button")
    window.must_be_sound("panel-handed-in")
    opinion = PanelOpinion.objects.get(expert=expert.person)
    assert (opinion.state, opinion.scores) == ("handed_in", {"1": 30, "2": 50})
    window.open(f"/review/panel/{defence.blind_number}/recuse/")
    window.must_be_sound("panel-recuse")
    assert opining.opinion_of(defence, expert).handed_in_at is not None


def test_a_button_pressed_while_a_save_is_on_its_way_waits_for_the_answer(open_window: OpenWindow) -> None:
    """What is handed in rests on the version that the save makes; otherwise it would be refused as another window's."""
    clock.move_to(PLANNED)
    entry = catalogue.published_entry()
    defence = defences.begun(defences.paid(entry))
    clock.move_to(BEGINS)
    window = open_window(TABLET, by=defences.panel_of(defence)[0])
    page = window.open(f"/review/panel/{defence.blind_number}/")
    held: list[Route] = []

    def keep_saves(route: Route) -> None:
        if route.request.resource_type == "fetch":
            held.append(route)
        else:
            route.continue_()

    page.route("**/review/panel/**", keep_saves)
    with page.expect_request(lambda request: request.resource_type == "fetch"):
        page.fill("[name=opinion]", "论述清楚。")
        page.focus("[name=questions]")
    page.fill("[name=opinion]", defences.OPINION)
    page.click("button[name=hand_in]")
    expect(page.locator("[data-autosave-status]")).to_have_attribute("data-state", "saving")
    held[0].continue_()
    page.wait_for_url("**/hand-in/")
    assert PanelOpinion.objects.get().opinion == defences.OPINION
    assert not window.complaints
