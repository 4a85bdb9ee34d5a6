"""Lists cost the same number of queries for one row and for three; strangers are kept out; the API tells the same."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.enums import ScheduleKind
from portal.catalogue.models import CatalogueEntry, Edition
from portal.shared import clock
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories import catalogue as make


def year(rows: int) -> Edition:
    edition = make.edition()
    plan = make.schedule(edition)
    return make.published(*(make.row(edition, plan) for _ in range(rows)), of=edition, plan=plan)


def cost(client: Client, address: str) -> int:
    clock.forget()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "name", ["catalogue:edition:show", "catalogue:edition:rows", "catalogue:edition:committees", "catalogue:history"]
)
def test_pages_of_an_edition_cost_the_same_at_one_and_three_rows(
    visit: Callable[..., Client], bureau_clerk: Actor, name: str
) -> None:
    client = visit(bureau_clerk)
    small, large = year(1), year(3)
    for edition in (small, large):
        carry_out(edition, "amend", by=make.SYSTEM, at=make.PUBLISHED_AT)
    client.get(reverse("web:desk"))
    costs = [cost(client, reverse(name, args=[edition.code])) for edition in (small, large)]
    assert costs[0] == costs[1]


@pytest.mark.parametrize("address", ["/catalogue/?edition={}", "/api/catalogue/entries/?edition={}"])
def test_the_public_list_costs_the_same_at_one_and_three_rows(db: None, address: str) -> None:
    small, large = year(1), year(3)
    client = Client()
    client.get("/catalogue/")
    assert cost(client, address.format(small.code)) == cost(client, address.format(large.code))


@pytest.mark.parametrize(
    "name",
    ["catalogue:overview", "catalogue:specialties", "catalogue:schedules", "api:policy-list", "api:schedule-list"],
)
def test_whole_lists_cost_the_same_at_one_and_three(
    visit: Callable[..., Client], bureau_clerk: Actor, name: str
) -> None:
    client = visit(bureau_clerk)
    year(1)
    client.get(reverse("web:desk"))
    first = cost(client, reverse(name))
    year(1)
    year(1)
    assert cost(client, reverse(name)) == first


@pytest.mark.parametrize(
    ("role", "status"), [(Role.BUREAU_CLERK, 200), (Role.AGENCY_LEAD, 403), (Role.EMPLOYER_HEAD, 403), (None, 302)]
)
def test_only_the_bureau_keeps_the_catalogue(
    visit: Callable[..., Client], actor: Callable[..., Actor], role: Role | None, status: int
) -> None:
    edition = year(1)
    client = visit(actor(role)) if role else Client()
    for name, args in [("catalogue:overview", []), ("catalogue:edition:show", [edition.code])]:
        assert client.get(reverse(name, args=args)).status_code == status


def test_an_owner_sees_its_own_schedules_only(visit: Callable[..., Client]) -> None:
    edition = year(1)
    office = accounts.organisation(OrganisationKind.INDUSTRY)
    own = make.schedule(edition, kind=ScheduleKind.POST, owner=office, title="本部门安排")
    foreign = edition.schedules.exclude(pk=own.pk).get()
    client = visit(accounts.actor(Role.INDUSTRY_OFFICER, at=office))
    assert "本部门安排" in client.get(reverse("catalogue:own_schedules")).text
    assert client.get(reverse("catalogue:schedule:show", args=[own.code])).status_code == 200
    assert client.get(reverse("catalogue:schedule:show", args=[foreign.code])).status_code == 404


def test_the_public_sees_no_unpublished_edition(db: None) -> None:
    edition = make.edition()
    plan = make.schedule(edition)
    make.apply(edition, make.Changes(added=[make.row(edition, plan)]), by=make.SYSTEM, at=make.PREPARED_AT)
    entry = CatalogueEntry.objects.get()
    client = Client()
    assert client.get(f"/catalogue/?edition={edition.code}").status_code == 404
    assert client.get(reverse("catalogue:history", args=[edition.code])).status_code == 404
    assert client.get(reverse("catalogue:entry", args=[entry.code])).status_code == 404
    assert client.get("/api/catalogue/entries/").json()["count"] == 0
    assert client.get("/api/catalogue/schedules/").json()["count"] == 0
    assert client.get(f"/api/catalogue/editions/{edition.code}/").json()["code"] == "not_found"


def test_the_api_shows_a_row_by_public_codes(db: None) -> None:
    entry = make.published_entry()
    shown = Client().get(f"/api/catalogue/entries/{entry.code}/").json()
    assert shown["committee"]["name"] == entry.committee.name
    assert (shown["edition"], shown["level"], shown["method"]) == (entry.edition.code, "associate", "review")
    assert "id" not in shown
    found = Client().get("/api/catalogue/entries/", {"q": entry.specialty.name, "level": "associate"}).json()
    assert [row["code"] for row in found["results"]] == [entry.code]


def test_the_api_shows_policies_with_range_and_source(db: None) -> None:
    shown = Client().get("/api/catalogue/policies/BJ-2025-12/").json()
    parameters = {row["key"]: row for row in shown["parameters"]}
    assert parameters["publicity.min_workdays"]["value"] == 5
    assert parameters["publicity.min_workdays"]["allowed"] == "不少于 5"
    assert parameters["payment.workdays"]["unverified"] is True


def test_an_old_row_says_that_it_was_changed(db: None, now: dt.datetime) -> None:
    entry = make.published_entry()
    edition = carry_out(entry.edition, "amend", by=make.SYSTEM, at=now)
    make.apply(
        edition, make.Changes(dropped=[entry], added=[make.row(edition, entry.schedule)]), by=make.SYSTEM, at=now
    )
    for step in ("submit", "approve"):
        edition = carry_out(edition, step, by=make.SYSTEM, at=now)
    make.editions.publish(edition, by=make.SYSTEM, at=now)
    assert "后来的修订版" in Client().get(reverse("catalogue:entry", args=[entry.code])).text
    assert "第 2 版" in Client().get(reverse("catalogue:history", args=[edition.code])).text
