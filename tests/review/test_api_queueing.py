"""The agency's queue over the API: narrowed as on the page, and shared out."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.documents.sheets import KEPT_FOR
from portal.http.once import HEADER
from portal.ledger.models import Entry
from portal.shared import clock
from review.domain import checking, exporting, preferring
from review.models import AgencyReview, QueueExport
from review.tasks import write_exports
from tests.factories import accounts, agency_reviews, payments
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 29, 11, 0, tzinfo=clock.BEIJING)


@pytest.fixture(autouse=True)
def _now(at: Callable[[dt.datetime], None]) -> None:
    at(AT)


def headings(answer: Any) -> tuple[Any, ...]:
    content = b"".join(answer.streaming_content)
    return next(load_workbook(io.BytesIO(content)).active.values)


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


@pytest.mark.rule("R-090")
def test_a_sheet_is_asked_for_once_and_fetched_by_who_asked(entry: CatalogueEntry) -> None:
    reviews = [agency_reviews.queued(entry) for _each in range(2)]
    asks, colleague = (Caller(who(reviews[0])) for who in (agency_reviews.clerk_of, agency_reviews.lead_of))
    preferring.choose_columns(["employer"], by=agency_reviews.clerk_of(reviews[0]))
    first = asks.post("reviews/exports/", {"filter": {"number": reviews[1].application.code}}, **{HEADER: "one"})
    assert first.status_code == 201
    told = first.json()
    assert (told["stage"], told["rows"], told["columns"]) == ("ready", 1, ["name", "employer"])
    assert told["filter"] == {"state": "open", "number": reviews[1].application.code, "order": "due"}
    assert asks.post("reviews/exports/", {"filter": {}}, **{HEADER: "one"}).json() == told
    assert Entry.objects.filter(step="export_reviews").count() == 1
    assert headings(asks.client.get(told["address"])) == ("申报人", "参保单位")
    other = asks.post("reviews/exports/", {"columns": ["state"]}).json()
    assert (other["rows"], other["columns"]) == (2, ["name", "state"])
    assert [one["code"] for one in asks.get("reviews/exports/").json()["results"]] == [other["code"], told["code"]]
    assert colleague.get(f"reviews/exports/{told['code']}/").status_code == 404
    assert colleague.client.get(told["address"]).status_code == 404
    assert asks.post("reviews/exports/", {"columns": ["number", "phone"]}).status_code == 400
    assert asks.post("reviews/exports/", {"filter": {"words": "林"}}).status_code == 400


def test_a_long_sheet_is_written_by_a_worker(entry: CatalogueEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    reviews = [agency_reviews.queued(entry) for _each in range(2)]
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    clerk = Caller(agency_reviews.clerk_of(reviews[0]))
    asked = clerk.post("reviews/exports/", {"filter": {"due_by": "2026-12-31"}}).json()
    assert (asked["stage"], asked["file"], asked["address"]) == ("waiting", None, None)
    assert clerk.post("reviews/exports/", {}).json() == asked
    write_exports()
    done = clerk.get(f"reviews/exports/{asked['code']}/").json()
    assert (done["stage"], done["rows"]) == ("ready", 2)
    exporting.SHEETS.drop_old(at=QueueExport.objects.get().finished_at + KEPT_FOR)
    assert clerk.get(f"reviews/exports/{asked['code']}/").json()["stage"] == "gone"


def test_filters_are_kept_for_one_person(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    clerk, colleague = (Caller(who(review)) for who in (agency_reviews.clerk_of, agency_reviews.lead_of))
    told = {"name": " 未分配 ", "filter": {"assignee": "none", "due_by": "2026-08-30"}, "is_default": True}
    kept = clerk.post("reviews/filters/", told, **{HEADER: "one"})
    assert (kept.status_code, kept.json()["name"], kept.json()["is_default"]) == (201, "未分配", True)
    assert kept.json()["filter"] == {"state": "open", "assignee": "none", "due_by": "2026-08-30", "order": "due"}
    assert clerk.post("reviews/filters/", told, **{HEADER: "one"}).json() == kept.json()
    address = f"reviews/filters/{kept.json()['code']}/"
    other = clerk.post("reviews/filters/", {"name": "逾期", "filter": {"state": "overdue"}}).json()
    assert codes(clerk.patch(address, {"name": "逾期"})) == ["name_taken"]
    assert clerk.patch(address, {"name": "待分配", "is_default": False}).json()["is_default"] is False
    assert [one["name"] for one in clerk.get("reviews/filters/").json()["results"]] == ["待分配", "逾期"]
    assert clerk.get(address).json()["name"] == "待分配"
    assert clerk.post("reviews/filters/", {"name": "林", "filter": {"words": "林"}}).status_code == 400
    assert colleague.get("reviews/filters/").json()["results"] == []
    assert colleague.get(address).status_code == colleague.delete(address).status_code == 404
    assert clerk.delete(f"reviews/filters/{other['code']}/").status_code == 204
    assert preferring.filters_of(agency_reviews.clerk_of(review))[0].name == "待分配"


def test_a_list_of_filters_ends(entry: CatalogueEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = Caller(agency_reviews.clerk_of(agency_reviews.queued(entry)))
    monkeypatch.setattr(preferring, "MOST_FILTERS", 1)
    assert clerk.post("reviews/filters/", {"name": "甲"}).status_code == 201
    assert codes(clerk.post("reviews/filters/", {"name": "乙"})) == ["too_many_filters"]
    assert clerk.post("reviews/filters/", {"name": " "}).status_code == 400


def test_the_columns_are_chosen_as_on_the_page(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    clerk = Caller(agency_reviews.clerk_of(review))
    usual = {one["key"] for one in clerk.get("reviews/columns/").json() if one["is_chosen"]}
    assert {"name", "title"} <= usual
    chosen = clerk.put("reviews/columns/", {"columns": ["employer"]}).json()
    assert [one["key"] for one in chosen if one["is_chosen"]] == ["name", "employer"]
    assert preferring.chosen_columns(agency_reviews.clerk_of(review)) == ["name", "employer"]
    assert clerk.put("reviews/columns/", {"columns": ["phone"]}).status_code == 400
    assert clerk.put("reviews/columns/", {"columns": []}, **{HEADER: ""}).status_code == 409


@pytest.mark.rule("R-090")
def test_the_overview_counts_what_lies_where(entry: CatalogueEntry) -> None:
    first, _second = agency_reviews.queued(entry), agency_reviews.queued(entry)
    who = agency_reviews.clerk_of(first)
    checking.take(first, by=who, at=AT)
    told = Caller(who).get("reviews/overview/").json()
    (committee,) = told["committees"]
    assert (committee["name"], committee["total"]) == (first.committee.name, 2)
    loads = {one["code"]: one for one in told["clerks"]}
    assert (loads[None]["waiting"], loads[who.person.code]["checking"]) == (1, 1)
    assert Caller(accounts.actor(Role.AGENCY_LEAD)).get("reviews/overview/").json()["committees"] == []
    for path in ("reviews/overview/", "reviews/columns/", "reviews/filters/"):
        assert Caller(accounts.actor(Role.BUREAU_LEAD)).get(path).status_code == 403


@pytest.mark.rule("R-097")
def test_the_bureau_reads_what_is_late(entry: CatalogueEntry) -> None:
    late, _other = agency_reviews.queued(entry), agency_reviews.queued(entry)
    AgencyReview.objects.filter(pk=late.pk).update(overdue=True)
    (told,) = Caller(accounts.actor(Role.BUREAU_CLERK)).get("overdue-reviews/").json()["results"]
    assert (told["code"], told["agency"], told["overdue"]) == (late.code, late.agency.name, True)
    assert Caller(agency_reviews.lead_of(late)).get("overdue-reviews/").status_code == 403


@pytest.mark.rule("R-028")
def test_the_bureau_reads_who_was_not_heard_by_the_end_of_the_period(entry: CatalogueEntry, at) -> None:
    application, schedule = payments.passed(entry), entry.schedule
    at(schedule.committee_closes_at - dt.timedelta(seconds=1))
    assert Caller(accounts.actor(Role.BUREAU_CLERK)).get("unheard-reviews/").json()["results"] == []
    at(schedule.committee_closes_at)
    (told,) = Caller(accounts.actor(Role.BUREAU_CLERK)).get("unheard-reviews/").json()["results"]
    assert told["agency"] == application.review.agency.name
    assert Caller(accounts.actor(Role.AGENCY_LEAD)).get("unheard-reviews/").status_code == 403
