"""The year in which the scenarios play, loaded once for each of them."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.shared import clock
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process
from tests.journeys.lives import load_year

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture(scope="module")
def _the_year(standing: Callable[[Callable[[], Any]], Any]) -> None:
    standing(load_year)
    clock.forget()


@pytest.fixture
def year(sandbox: Sandbox, _the_year: None, db: None) -> None:
    """The year BJ-2026-demo with its accounts, and the registers behind it."""
