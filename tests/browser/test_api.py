"""The API's reference in a real browser."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_reference_is_sound(open_window: Callable[..., Visitor]) -> None:
    window = open_window()
    for name, path in {"index": "/api/docs/", "room": "/api/docs/recommendations/"}.items():
        window.open(path)
        window.must_be_sound(f"api-{name}")
