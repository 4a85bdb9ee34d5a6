"""A small paper to seal, drawn once a run; the sandbox of the time-stamp authority; the database of the portal's clock."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories import seals
from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Needed by the clock that the connectors' breaker reads."""


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An unsigned PDF of one page."""
    return seals.drawn(tmp_path_factory.mktemp("paper"))


@pytest.fixture
def unstamped(settings: Any) -> None:
    """An installation without a time-stamp authority."""
    settings.SEALING = {**settings.SEALING, "time_stamps": False}


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Callable[..., Path]:
    """Return what points the portal to a folder of keys below this test's own."""

    def point(name: str = "ring") -> Path:
        settings.SEALING = {**settings.SEALING, "keys": str(tmp_path / name)}
        return tmp_path / name

    return point
