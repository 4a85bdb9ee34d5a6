"""The launcher is a program, not a package: its modules are found where it is started from."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "portal" / "launch"))


@pytest.fixture(autouse=True)
def _no_servers_given(monkeypatch):
    """The tests' own servers are not the launcher's."""
    for name in ("DATABASE_URL", "REDIS_URL", "DEMO_HOST", "DEMO_PORT"):
        monkeypatch.delenv(name, raising=False)
