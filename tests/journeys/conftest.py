"""The year in which the scenarios play, loaded once for each of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.shared import clock
from tests.fixtures import scanner
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process
from tests.journeys.lives import load_year

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture(scope="module")
def _the_year(standing: Callable[[Callable[[], Any]], Any]) -> None:
    standing(load_year)
    clock.forget()


@pytest.fixture(scope="session")
def _scanner() -> Iterator[str]:
    with scanner.running() as address:
        yield address


@pytest.fixture
def year(sandbox: Sandbox, _the_year: None, _scanner: str, settings: Any) -> None:
    """The year BJ-2026-demo with its accounts, the registers behind it, and a scanner for what people hand in."""
    settings.REQUIRE_SECOND_FACTOR = True
    settings.CLAMD_URL, settings.DOCUMENTS_WITHOUT_SCANNER = _scanner, False
