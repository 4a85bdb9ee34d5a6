"""The pages of the entrance in a real browser: sound at every width, and usable with nothing but a keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from portal.accounts.actors import Actor, acting_personally
from portal.accounts.roles import Role
from portal.entrance.domain import inviting
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import accounts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
PUBLIC = {
    "login": "/account/login/",
    "register": "/account/register/",
    "password-reset": "/account/password/reset/",
    "password-reset-sent": "/account/password/reset/sent/",
}
OWN = {
    "profile": "/account/",
    "contact": "/account/contact/",
    "add-document": "/account/documents/new/",
    "switch": "/account/acting/",
    "claim": "/account/organisations/claim/",
    "password-change": "/account/password/change/",
    "second-factor": "/account/second-factor/",
    "log-out": "/account/logout/",
}


def test_the_pages_before_log_in_are_sound(open_window: OpenWindow) -> None:
    window = open_window()
    for name, path in PUBLIC.items():
        window.open(path)
        window.must_be_sound(f"entrance-{name}")
    window.open("/account/unlinked/", status=403)
    window.must_be_sound("entrance-unlinked")


def test_ones_own_pages_are_sound(open_window: OpenWindow) -> None:
    person = accounts.person(email="a@example.com", phone="14000000001")
    accounts.document(person)
    window = open_window(by=acting_personally(person))
    for name, path in OWN.items():
        window.open(path)
        window.must_be_sound(f"entrance-{name}")
    page = window.open(f"/account/people/{person.code}/identity/")
    page.get_by_label("手机号码").check()
    page.get_by_role("button", name="查看全部号码").click()
    expect(page.get_by_text("14000000001")).to_be_visible()
    window.must_be_sound("entrance-identity")


def test_the_pages_of_leads_are_sound(open_window: OpenWindow, actor: Callable[..., Actor]) -> None:
    lead = actor(Role.BUREAU_LEAD)
    place = lead.organisation
    assert place is not None
    inviting.propose(place, role=Role.AUDITOR, full_name="王小明", email="", by=lead, at=clock.now())
    window = open_window(by=lead)
    for name, path in {
        "members": f"/account/members/{place.code}/",
        "propose": f"/account/members/{place.code}/propose/",
        "organisations": "/account/organisations/",
        "admit": "/account/organisations/admit/",
    }.items():
        window.open(path)
        window.must_be_sound(f"entrance-{name}")


def test_the_enrolment_of_a_second_factor_is_sound(
    open_window: OpenWindow, actor: Callable[..., Actor], settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    clerk = actor(Role.BUREAU_CLERK)
    assert clerk.person is not None
    clerk.person.set_password("Ganlan-Shu-7")
    clerk.person.save()
    window = open_window(375)
    page = window.open("/account/login/")
    page.get_by_label("账号", exact=False).first.fill(clerk.person.username)
    page.locator("input[type=password]").fill("Ganlan-Shu-7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/reauthenticate/**")
    window.must_be_sound("entrance-reauthenticate")
    page.locator("input[type=password]").fill("Ganlan-Shu-7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/activate/**")
    window.must_be_sound("entrance-enrol")


def test_an_empty_registration_tells_every_fault_with_a_link(open_window: OpenWindow) -> None:
    window = open_window(320)
    page = window.open("/account/register/")
    page.get_by_role("button", name="核验并注册").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert page.locator(".govuk-error-summary__list a").count() >= 7
    window.must_be_sound("entrance-register-refused")
