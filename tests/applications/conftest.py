"""People who fill in an application, in the individual window of the demonstration year."""

import pytest

from applications.models import Application
from portal.accounts.actors import Actor
from portal.catalogue.models import CatalogueEntry
from tests.factories import applications, catalogue


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


@pytest.fixture
def person() -> Actor:
    """Whom the registers know: a master of 2013, an engineer since 2019, insured in Haidian."""
    return applications.applicant()


@pytest.fixture
def draft(entry: CatalogueEntry, person: Actor) -> Application:
    return applications.draft(entry, person)
