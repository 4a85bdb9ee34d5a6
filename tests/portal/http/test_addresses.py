"""Addresses that no page ever links to."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.actors import Actor


@pytest.mark.parametrize(
    "path", ["/catalogue/entries/%00/", "/applications/%00/", "/files/%00/", "/api/messages/%00/", "/api/nowhere/"]
)
def test_an_address_with_a_zero_byte_leads_nowhere(
    visit: Callable[..., Client], actor: Callable[..., Actor], path: str
) -> None:
    assert visit(actor()).get(path).status_code == 404
