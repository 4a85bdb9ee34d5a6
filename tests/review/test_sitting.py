"""A session from its plan to the signature, and every reason against each of its steps (domain §8.6)."""

import pytest

from applications.enums import ApplicationState
from applications.models import Application
from portal.catalogue.models import CatalogueEntry
from portal.shared.errors import Refusal
from review.enums.sitting import ItemState, SessionState
from tests.factories import catalogue, sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def state_of(application: Application) -> str:
    return str(Application.objects.get(pk=application.pk).state)


# --- The whole way ----------------------------------------------------------------------------
@pytest.mark.rule("R-112")
def test_from_the_plan_to_the_signature(entry: CatalogueEntry) -> None:
    passing, failing = sessions.ready(entry, 2)
    session = sessions.opened(sessions.planned(entry.committee), [passing, failing], present=13)
    first, second = sessions.items(session)
    assert sessions.decided(first, agree=9, against=4).state == ItemState.DECIDED_PASS
    assert sessions.decided(second, agree=8, against=5).state == ItemState.DECIDED_FAIL
    assert {state_of(passing), state_of(failing)} == {ApplicationState.ON_AGENDA}
    signed = sessions.signed(session)
    assert signed.state == SessionState.SIGNED
    assert len(signed.signature) == 64
    assert state_of(passing) == ApplicationState.VOTED_PASS
    assert state_of(failing) == ApplicationState.VOTED_FAIL
