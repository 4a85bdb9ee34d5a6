"""The agency's queue over the API: narrowed as on the page, and shared out."""

import datetime as dt
from collections.abc import Callable

import pytest

from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from review.domain import checking
from review.models import AgencyReview
from tests.factories import accounts, agency_reviews
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 29, 11, 0, tzinfo=clock.BEIJING)


@pytest.fixture(autouse=True)
def _now(at: Callable[[dt.datetime], None]) -> None:
    at(AT)


def found(caller: Caller, **query: str) -> list[str]:
    return [one["code"] for one in caller.get("reviews/", **query).json()["results"]]


def test_the_list_is_narrowed_as_on_the_page(entry: CatalogueEntry) -> None:
    first, second = agency_reviews.queued(entry), agency_reviews.queued(entry)
    clerk = Caller(agency_reviews.clerk_of(first))
    checking.take(first, by=agency_reviews.clerk_of(first), at=AT)
    assert found(clerk) == [first.code, second.code]
    assert found(clerk, order="-due") == [second.code, first.code]
    assert found(clerk, state="waiting") == found(clerk, assignee="none") == [second.code]
    assert found(clerk, number=first.application.code) == [first.code]
    assert found(clerk, level="entry") == []
    assert clerk.get("reviews/", state="nonsense").status_code == 400
    assert clerk.get("reviews/", due_by="tomorrow").status_code == 400
    AgencyReview.objects.filter(pk=second.pk).update(state="closed")
    assert found(clerk) == [first.code]
    assert clerk.get(f"reviews/{second.code}/").status_code == 200


@pytest.mark.rule("R-090")
def test_many_are_given_at_once(entry: CatalogueEntry) -> None:
    reviews = [agency_reviews.queued(entry) for _each in range(2)]
    lead, clerk = agency_reviews.lead_of(reviews[0]), agency_reviews.clerk_of(reviews[0])
    told = {"codes": [one.code for one in reviews], "to": [lead.person.code, clerk.person.code]}
    made = Caller(lead).post("reviews/assign/", told).json()
    assert [(one["code"], one["done"]) for one in made["files"]] == [(one.code, True) for one in reviews]
    assert {one["to"] for one in made["files"]} == set(told["to"])
    assert Caller(clerk).get(f"reviews/assignments/{made['code']}/").json() == made
    refused = Caller(lead).post("reviews/assign/", {**told, "to": ["P-NOBODY"]})
    assert codes(refused) == ["not_a_colleague"]
    stranger = Caller(accounts.actor(Role.AGENCY_LEAD))
    assert stranger.post("reviews/assign/", told).status_code == 404
    assert stranger.get(f"reviews/assignments/{made['code']}/").status_code == 404
