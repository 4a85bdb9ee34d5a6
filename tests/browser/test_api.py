"""The API's reference in a real browser."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import WIDTHS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_reference_is_sound(open_window: Callable[..., Visitor], width: int) -> None:
    window = open_window(width)
    for name, path in {"index": "/api/docs/", "room": "/api/docs/recommendations/"}.items():
        window.open(path)
        window.must_be_sound(f"api-{name}")
