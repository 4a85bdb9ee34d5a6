"""A small paper to seal, drawn once a run; the sandbox of the time-stamp authority; the database of the portal's clock."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import override_settings

from portal.documents import pdf as documents
from portal.shared.clock import BEIJING
from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

PAPER = (
    '{% extends "documents/base.html" %}{% block title %}证书{% endblock %}{% block heading %}证书{% endblock %}'
    "{% block content %}<p>欧阳䶮，高级教师。</p>{% endblock %}"
)
DRAWN = dt.datetime(2026, 10, 14, 9, 0, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Needed by the clock that the connectors' breaker reads."""


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An unsigned PDF of one page."""
    folder: Path = tmp_path_factory.mktemp("paper")
    (folder / "paper.html").write_text(PAPER, "utf-8")
    first = configured.TEMPLATES[0]
    with override_settings(TEMPLATES=[{**first, "DIRS": [folder, *first["DIRS"]]}, *configured.TEMPLATES[1:]]):
        return documents.render("paper.html", {}, at=DRAWN)


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
