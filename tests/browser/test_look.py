"""Every kind of page in a real browser, at the width of a desk, a phone and a narrow phone."""

from collections.abc import Callable

import pytest

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]

PAGES = {
    "home": "/",
    "help": "/help/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "rules": "/rules/",
    "rule": "/rules/R-112/",
}


def test_public_pages_are_sound(open_window: OpenWindow) -> None:
    window = open_window()
    for name, path in PAGES.items():
        window.open(path)
        window.must_be_sound(name)
    window.open("/nothing/here/", status=404)
    window.must_be_sound("missing")


def test_the_desk_is_sound(open_window: OpenWindow, actor: Callable[..., Actor]) -> None:
    window = open_window(by=actor(Role.AGENCY_CLERK, Role.AGENCY_LEAD))
    assert "正在代表" in window.open("/desk/").content()
    window.must_be_sound("desk")


def test_all_parts_are_sound(open_window: OpenWindow, gallery: str) -> None:
    window = open_window()
    window.open(gallery)
    window.must_be_sound("gallery")
    window.open(gallery + "?q=1")
    window.must_be_sound("gallery-refused")


def test_large_type_fits(open_window: OpenWindow, gallery: str) -> None:
    window = open_window()
    window.open("/size/large/?next=" + gallery)
    window.must_be_sound("gallery-large")
    window.open("/")
    window.must_be_sound("home-large")


def test_english_pages_are_sound(open_window: OpenWindow) -> None:
    window = open_window(375, tongue="en")
    window.open("/")
    assert window.page.locator("html").get_attribute("lang") == "en"
    window.must_be_sound("home-en")
