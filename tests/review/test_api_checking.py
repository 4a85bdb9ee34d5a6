"""The agency's desk over the API: what it shows, what it takes, and how it refuses."""

import datetime as dt
from collections.abc import Callable

import pytest

from applications.models import Application
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from review.models import AgencyReview, Finding
from tests.factories import accounts, agency_reviews
from tests.factories.calls import Caller, bases, codes, fields

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 29, 11, 0, tzinfo=clock.BEIJING)
TEXT = "请补充近三年的业绩证明材料。"


@pytest.fixture(autouse=True)
def _now(at: Callable[[dt.datetime], None]) -> None:
    at(AT)


def path(review: AgencyReview, step: str = "") -> str:
    return f"reviews/{review.code}/steps/{step}/" if step else f"reviews/{review.code}/"


@pytest.mark.rule("R-090", "R-091", "R-096")
def test_a_file_from_the_queue_to_its_return(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    clerk, lead = Caller(agency_reviews.clerk_of(review)), Caller(agency_reviews.lead_of(review))
    assert [one["code"] for one in clerk.get("reviews/", state="open").json()["results"]] == [review.code]
    assert clerk.get("reviews/", assignee="me").json()["results"] == []
    taken = clerk.post(path(review, "take")).json()
    assert (taken["state"], taken["tally"]["decided"]) == ("checking", 0)
    found = [{"item": item["key"], "verdict": "fine"} for item in taken["items"]]
    found[2] |= {"verdict": "defect", "text": TEXT, "basis": taken["items"][2]["basis"]}
    done = clerk.post(path(review, "find"), {"version": 0, "found": found}).json()
    assert done["tally"] == {"total": len(found), "decided": len(found), "defective": 1, "undecided": 0}
    refused = clerk.post(path(review, "propose"), {"proposal": "pass"})
    assert (refused.status_code, codes(refused), bases(refused)) == (409, ["no_defect_when_passing"], ["R-096"])
    proposed = clerk.post(path(review, "propose"), {"proposal": "return"}).json()
    assert [one["step"] for one in proposed["steps"]] == ["reconsider"]
    assert clerk.post(path(review, "return_once")).status_code == 403
    offered = lead.get(path(review)).json()["steps"]
    assert [(one["step"], one["open"]) for one in offered] == [("return_once", True), ("reconsider", True)]
    returned = lead.post(path(review, "return_once")).json()
    assert (returned["state"], returned["defects"][0]["text"]) == ("returned", TEXT)
    assert Application.objects.get(pk=review.application_id).return_count == 1


def test_findings_are_stored_all_or_none_and_never_over_a_later_one(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    clerk = Caller(agency_reviews.clerk_of(review))
    found = [
        {"item": "person", "verdict": "fine"},
        {"item": "post", "verdict": "defect", "text": "太短", "basis": "R-063"},
    ]
    refused = clerk.post(path(review, "find"), {"version": 0, "found": found})
    assert (refused.status_code, codes(refused), fields(refused)) == (409, ["text_too_short"], ["post"])
    assert not Finding.objects.exists()
    assert clerk.post(path(review, "find"), {"version": 0, "found": found[:1]}).json()["version"] == 1
    other = [{"item": "person", "verdict": "not_applicable"}]
    late = clerk.post(path(review, "find"), {"version": 0, "found": other})
    assert codes(late) == ["changed_elsewhere"]
    assert late.json()["conflicts"][0]["verdict"] == "fine"
    assert clerk.post(path(review, "find"), {"version": 1, "found": other}).json()["version"] == 2


def test_rejecting_and_handing_over(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    clerk, lead = Caller(agency_reviews.clerk_of(review)), Caller(agency_reviews.lead_of(review))
    refused = clerk.post(path(review, "propose"), {"proposal": "reject"})
    assert codes(refused) == ["reason_when_rejecting", "rule_when_rejecting"]
    assert codes(lead.post(path(review, "assign"), {"assignee": "P-NOBODY"})) == ["not_a_colleague"]
    other = accounts.actor(Role.AGENCY_CLERK, at=review.agency)
    assert lead.post(path(review, "assign"), {"assignee": other.person.code}).json()["assignee"] == other.person.code
    colleague = Caller(other)
    told = {"proposal": "reject", "reason": agency_reviews.REASON, "basis": "R-057"}
    assert colleague.post(path(review, "propose"), told).json()["proposal"] == "reject"
    assert lead.post(path(review, "reconsider"), {"reason": "请再核实一次业绩的真实性。"}).json()["proposal"] == ""
    colleague.post(path(review, "propose"), told)
    assert lead.post(path(review, "reject")).json()["state"] == "rejected"


def test_others_find_nothing(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    stranger = Caller(accounts.actor(Role.AGENCY_LEAD))
    assert stranger.get("reviews/").json()["results"] == []
    assert stranger.get(path(review)).status_code == 404
    assert stranger.post(path(review, "pass_review")).status_code == 404
    assert Caller(accounts.actor(Role.EMPLOYER_HEAD)).get("reviews/").status_code == 403
