"""What of scores reaches the duty record: one number for a whole session, and only over enough cases."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from review.domain import score_deviations
from review.models import AgendaItem, CommitteeSession, DutyRecord
from tests.factories import scoring as factory
from tests.factories import sessions
from tests.factories.scoring import HIGH, RESULTS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(standing: Callable[..., Any]) -> int:
    """Keep an open session of eleven with three cases under a published standard; its key."""
    return standing(lambda: factory.opened(3).pk)  # type: ignore[no-any-return]


@pytest.fixture
def session(kept: int) -> CommitteeSession:
    return CommitteeSession.objects.with_all().get(pk=kept)


def decided(item: AgendaItem) -> AgendaItem:
    return sessions.decided(item, agree=9, against=2)


@pytest.mark.rule("R-116")
def test_the_signature_notes_how_far_members_lay_from_the_room(session: CommitteeSession) -> None:
    first, second, third, *_others = sessions.members(session)
    cases = sessions.items(session)
    for item in cases:
        for member in (first, second):
            factory.handed_in(item, member)
    for item in cases[:2]:
        factory.handed_in(item, third, {**HIGH, RESULTS: 12})
    assert score_deviations.deviations_of(session) == {}  # nothing is decided
    factory.handed_in(cases[2], third)
    for item in cases:
        decided(item)
    # In two cases the third gave 15 points less: the mean lies 5 below the others and 10 above; in one all agreed.
    found = score_deviations.deviations_of(session)
    assert found == {first.pk: Decimal("3.3"), second.pk: Decimal("3.3"), third.pk: Decimal("6.7")}
    sessions.signed(session)
    noted = dict(DutyRecord.objects.filter(session=session.code).values_list("term", "deviation"))
    assert noted[third.term_id] == Decimal("6.70")
    assert sum(one is not None for one in noted.values()) == 3


def test_too_few_sheets_or_cases_give_no_number(session: CommitteeSession) -> None:
    first, second, third, *_others = sessions.members(session)
    cases = sessions.items(session)
    for item in cases:
        factory.handed_in(item, first)
    for item in cases[:2]:
        factory.handed_in(item, second)
        factory.handed_in(item, third)
    for item in cases:
        decided(item)
    assert score_deviations.deviations_of(session) == {}
