"""The pages in English, whose words are longer: nothing spills, nothing scrolls sideways."""

from collections.abc import Callable

import pytest
from django.conf import settings

from portal.accounts.roles import Role
from portal.catalogue import demo
from portal.shared import clock
from portal.web import demonstration
from tests.browser.conftest import Visitor
from tests.factories import accounts, publicity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = {
    "home": "/",
    "login": "/account/login/",
    "register": "/account/register/",
    "board": "/notices/",
    "calendar": "/calendar/2026/",
    "catalogue": "/catalogue/",
    "help": "/help/",
    "rule": "/rules/R-112/",
}
BUREAU = {"desk": "/desk/", "operations": "/operations/", "manage": "/catalogue/manage/", "profile": "/account/"}


def test_pages_in_english_are_sound(open_window: Callable[..., Visitor]) -> None:
    clock.move_to(demonstration.BEGINS)
    demo.load_edition(demo.YEAR)
    lead = accounts.actor(Role.BUREAU_LEAD)
    running = publicity.posted(accounts.actor(Role.BUREAU_CLERK), demonstration.BEGINS, "张三")
    public, bureau = open_window(), open_window(by=lead)
    for window, pages in ((public, {**PUBLIC, "notice": f"/notices/{running.code}/"}), (bureau, BUREAU)):
        window.page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": window.origin}])
        for name, path in pages.items():
            window.open(path)
            window.must_be_sound(f"en-{name}")
