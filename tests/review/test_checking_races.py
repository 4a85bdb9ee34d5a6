"""Two at once, on real locks: one wins, the other is refused, and nothing stands in between."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from applications.domain import submitting
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.ledger.queries import history_of
from portal.shared import clock
from portal.shared.errors import StepRefused
from review.domain import checking, passing
from tests.factories import accounts, agency_reviews, catalogue

pytestmark = pytest.mark.django_db(transaction=True)
AT = dt.datetime(2026, 7, 29, 10, 0, tzinfo=clock.BEIJING)


def at_once(*steps: Callable[[], Any]) -> list[str]:
    """Take all steps at the same instant and return, in their order, the state that each came to, or "refused"."""
    gate, seen = threading.Barrier(len(steps)), [""] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        gate.wait()
        try:
            seen[place] = str(step().state)
        except StepRefused:
            seen[place] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


@pytest.mark.rule("R-090")
def test_two_clerks_take_one_file() -> None:
    review = agency_reviews.queued(catalogue.published_entry())
    one, other = agency_reviews.clerk_of(review), accounts.actor(Role.AGENCY_CLERK, at=review.agency)
    seen = at_once(
        lambda: checking.take(review, by=one, at=AT),
        lambda: checking.take(review, by=other, at=AT),
    )
    assert sorted(seen) == ["checking", "refused"]
    winner = (one, other)[seen.index("checking")]
    assert agency_reviews.fresh(review).assignee == winner.person
    assert [entry.step for entry in history_of(review)].count("take") == 1


@pytest.mark.rule("R-096", "A-25")
def test_the_lead_confirms_while_the_person_withdraws() -> None:
    review = agency_reviews.proposed(catalogue.published_entry())
    person, lead = acting_personally(review.application.applicant), agency_reviews.lead_of(review)
    passed, withdrawn = at_once(
        lambda: passing.pass_review(review, by=lead, at=AT),
        lambda: submitting.withdraw(review.application, by=person, at=AT),
    )
    application = Application.objects.get(pk=review.application_id)
    assert (withdrawn, application.state) == ("withdrawn", "withdrawn")
    assert (passed, agency_reviews.fresh(review).state) in {("passed", "passed"), ("refused", "closed")}
