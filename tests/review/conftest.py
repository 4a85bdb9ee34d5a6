"""Files that came to the agency, in the demonstration year."""

import pytest

from portal.catalogue.models import CatalogueEntry
from tests.factories import catalogue


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()
