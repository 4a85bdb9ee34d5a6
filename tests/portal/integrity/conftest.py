"""A bureau with a clerk and a lead, and the sandbox of the platforms."""

import pytest

from tests.factories.integrity import Bureau
from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau()
