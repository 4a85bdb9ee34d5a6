"""Every kind of page in a real browser, at the width of a desk, a phone and a narrow phone."""

from collections.abc import Callable

import pytest

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from tests.browser.conftest import WIDTHS, Visitor

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


@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages_are_sound(open_window: OpenWindow, width: int) -> None:
    window = open_window(width)
    for name, path in PAGES.items():
        window.open(path)
        window.must_be_sound(name)
    window.open("/nothing/here/", status=404)
    window.must_be_sound("missing")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_desk_is_sound(open_window: OpenWindow, actor: Callable[..., Actor], width: int) -> None:
    window = open_window(width, by=actor(Role.AGENCY_CLERK, Role.AGENCY_LEAD))
    assert "正在代表" in window.open("/desk/").content()
    window.must_be_sound("desk")


@pytest.mark.parametrize("width", WIDTHS)
def test_all_parts_are_sound(open_window: OpenWindow, gallery: str, width: int) -> None:
    window = open_window(width)
    window.open(gallery)
    window.must_be_sound("gallery")
    window.open(gallery + "?q=1")
    window.must_be_sound("gallery-refused")


@pytest.mark.parametrize("width", [1280, 320])
def test_large_type_fits(open_window: OpenWindow, gallery: str, width: int) -> None:
    window = open_window(width)
    window.open("/size/large/?next=" + gallery)
    window.must_be_sound("gallery-large")
    window.open("/")
    window.must_be_sound("home-large")


def test_english_pages_are_sound(open_window: OpenWindow) -> None:
    window = open_window(375, tongue="en")
    window.open("/")
    assert window.page.locator("html").get_attribute("lang") == "en"
    window.must_be_sound("home-en")
