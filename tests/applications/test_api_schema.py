"""The API's description: whole, without a warning, and true of what the operations answer."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.api import router
from portal.http.access import all_patterns
from portal.http.bodies import XLSX
from portal.http.once import HEADER, new_key
from portal.http.papers import PDF
from portal.web import reference
from portal.wsgi import application as wsgi
from review.domain import preferring
from review.enums.pooling import Attendance
from review.models import DutyRecord
from tests.factories import accounts, agency_reviews, applications, catalogue, filings

pytestmark = pytest.mark.django_db
UNDESCRIBED = {"api:schema", "api:reference", "api:room"}


def test_it_is_made_without_a_warning(tmp_path) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yml"))


def test_every_address_is_in_it() -> None:
    described = {one.path for one in reference.operations()}
    resolver = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "api")
    names = {name for name, _pattern in all_patterns(resolver, ("api",))} - UNDESCRIBED
    assert len(described) == len(names)
    assert len(router.urls) == len(names) - 1


def test_every_operation_has_its_words_and_its_room() -> None:
    for one in reference.operations():
        assert one.summary, one.key
        assert one.description, one.key
        assert one.room in reference.ROOMS, one.key
        assert one.answers, one.key


def test_unsafe_operations_ask_for_a_key_and_name_their_refusals() -> None:
    (submit,) = [one for one in reference.operations() if one.path == "/api/applications/{code}/steps/submit/"]
    assert ("Idempotency-Key", "header", True) in {(row.name, row.place, row.required) for row in submit.parameters}
    codes = dict(submit.codes)
    assert {"inside_the_window", "not_barred", "commitment_made", "key_missing"} <= set(codes["409"])
    assert codes["403"] == ("not_permitted", "step_not_permitted")


def test_anybody_reads_it(client: Client) -> None:
    made = client.get("/api/schema/")
    assert (made.status_code, made.json()["openapi"][:2]) == (200, "3.")
    index = client.get("/api/docs/")
    assert "/api/applications/{code}/steps/submit/" in index.content.decode()
    for room in reference.ROOMS:
        page = client.get(f"/api/docs/{room}/")
        assert page.status_code == 200, room
        assert len(page.content) < 400_000
    assert client.get("/api/docs/nowhere/").status_code == 404


# --- What it says is what happens ---------------------------------------------------------------
EXAMPLES = 2
SEED = 20260708
TOKEN = "a" * 32
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
APPLICANT = ("applications", "archive", "registers", "eligibility", "sections")
EMPLOYER = ("recommendations",)
schemathesis.serializer.alias([XLSX, PDF], "application/octet-stream")


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Keep the test's connection over requests that come as from a server, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def fuzzed(who: Actor, rooms: tuple[str, ...], known: Callable[[str], dict[str, Any]]) -> int:
    """Send what the description allows, and what it forbids, to every operation of ``rooms``; return how many were met.

    ``known`` gives for an address the codes that lead to real rows.
    """
    session = accounts.client(who).cookies["sessionid"].value
    cookies, met = {"sessionid": session, "csrftoken": TOKEN}, 0
    schema = schemathesis.openapi.from_wsgi("/api/schema/", wsgi)
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.tags[0] not in rooms:
            continue
        modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if operation.body else [])]
        for mode in modes:
            _send(operation, mode, cookies, known(operation.path))
        met += 1
    return met


def _send(operation: Any, mode: GenerationMode, cookies: dict[str, str], known: dict[str, Any]) -> None:
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
        headers = {HEADER: new_key(), "X-CSRFToken": TOKEN, "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, cookies=cookies, checks=CHECKS)

    send()


@pytest.mark.usefixtures("_one_connection")
def test_the_applicants_operations_answer_as_described(at) -> None:
    at(applications.NOW)
    entry, who = catalogue.published_entry(), applications.applicant()
    application = applications.submitted(entry, who)
    item = application.works.get().item
    proof = item.evidence.get()
    parts = {
        "kind": "post",
        "item": item.code,
        "number": "1",
        "entry": entry.code,
        "proof": proof.code,
        "paper": "form",
    }

    def known(path: str) -> dict[str, Any]:
        return {**parts, "code": item.code if path.startswith("/api/archive/") else application.code}

    assert fuzzed(who, APPLICANT, known) >= 25


@pytest.mark.usefixtures("_one_connection")
def test_the_employers_operations_answer_as_described(at) -> None:
    at(applications.NOW)
    recommendation = applications.received(catalogue.published_entry())
    head = applications.head_of(recommendation.organisation)
    assert fuzzed(head, EMPLOYER, lambda _path: {"code": recommendation.code}) >= 9


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_of_pools_and_filings_answer_as_described(at) -> None:
    at(applications.NOW)
    entry = catalogue.published_entry()
    filing = filings.filed(entry.committee, 11)
    clerk = accounts.actor(Role.AGENCY_CLERK, at=filing.agency)
    term = filing.roll()[0].term
    duty = DutyRecord.objects.create(
        term=term, session="HY-26000001", held_on=applications.NOW.date(), attendance=Attendance.PRESENT
    )

    def known(path: str) -> dict[str, Any]:
        return {"code": filing.code if path.startswith("/api/filings/") else term.code, "session": duty.session}

    assert fuzzed(clerk, ("experts", "filings"), known) >= 25


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_of_the_agencys_queue_answer_as_described(at) -> None:
    at(applications.NOW + dt.timedelta(days=21))
    review = agency_reviews.queued(catalogue.published_entry())
    clerk = agency_reviews.clerk_of(review)
    kept = preferring.save_filter("待审核", {"state": "waiting"}, by=clerk)

    def known(path: str) -> dict[str, Any]:
        return {"code": kept.code if "/filters/" in path else review.code, "allotment": "FP-00000000"}

    assert fuzzed(clerk, ("reviews",), known) >= 18
    assert fuzzed(accounts.actor(Role.BUREAU_CLERK), ("overdue-reviews", "unheard-reviews"), known) == 2
