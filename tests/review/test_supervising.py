"""The bureau reads any file that an agency checks; nobody else reads along."""

import pytest

from portal.accounts.roles import Role
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts, agency_reviews, applications, catalogue
from tests.factories.calls import Caller

pytestmark = pytest.mark.django_db

__all__ = ["_one_connection"]


@pytest.mark.rule("R-151")
def test_the_bureau_reads_a_whole_file(at) -> None:
    at(applications.NOW)
    review = agency_reviews.taken(catalogue.published_entry())
    bureau = Caller(accounts.actor(Role.BUREAU_CLERK))
    listed = bureau.get("supervised-reviews/", agency__code=review.agency.code).json()["results"]
    assert [(one["code"], one["agency"]) for one in listed] == [(review.code, review.agency.name)]
    assert bureau.get("supervised-reviews/", agency__code="U-00000000").json()["results"] == []
    told = bureau.get(f"supervised-reviews/{review.code}/").json()
    assert (told["application"], told["state"]) == (review.application.code, "checking")
    assert {part["section"] for part in told["parts"]} >= {"person", "post"}
    assert told["tally"]["undecided"] == told["tally"]["total"]
    assert told["history"][-1]["words"]
    assert "steps" not in told


def test_nobody_else_reads_along(at) -> None:
    at(applications.NOW)
    review = agency_reviews.queued(catalogue.published_entry())
    for role in (Role.AGENCY_LEAD, Role.EMPLOYER_HEAD, Role.DISTRICT_LEAD, Role.AUDITOR, Role.EXPERT):
        reader = Caller(accounts.actor(role))
        assert reader.get("supervised-reviews/").status_code == 403, role
        assert reader.get(f"supervised-reviews/{review.code}/").status_code == 403, role


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(at) -> None:
    at(applications.NOW)
    review = agency_reviews.queued(catalogue.published_entry())
    bureau = accounts.actor(Role.BUREAU_LEAD)
    assert fuzzed(bureau, ("supervised-reviews",), lambda _path: {"code": review.code}) == 2
