"""The sandbox, and the database that the portal's clock needs."""

import pytest

from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """The breaker reads the portal's clock, which keeps its demonstration offset in the database."""
