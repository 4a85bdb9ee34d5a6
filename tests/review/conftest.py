"""Files that came to the agency, in the demonstration year."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.catalogue.models import CatalogueEntry
from review.models import Payment
from tests.factories import catalogue, payments, sessions


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


@pytest.fixture(scope="module")
def at_the_door(standing: Callable[..., Any]) -> tuple[int, int]:
    """Keep a case at the door of its committee for the module's tests; the keys of its row of the catalogue and of it."""

    def make() -> tuple[int, int]:
        entry = catalogue.published_entry()
        (case,) = sessions.ready(entry)
        return entry.pk, case.pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def in_the_room(standing: Callable[..., Any]) -> int:
    """Keep an open session of eleven with one case for the module's tests; its key."""

    def make() -> int:
        entry = catalogue.published_entry()
        return sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry)).pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def owed(standing: Callable[..., Any]) -> int:
    """Keep a fee that waits to be paid for the module's tests; its key."""
    return standing(lambda: payments.due().pk)  # type: ignore[no-any-return]


@pytest.fixture
def payment(owed: int) -> Payment:
    return Payment.objects.with_all().get(pk=owed)
