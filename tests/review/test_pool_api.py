"""Pools and filings over the API: the same rules as the pages."""

import datetime as dt
from typing import Any

import pytest

from portal.accounts.actors import acting_personally
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.models import CatalogueEntry
from portal.http.bodies import XLSX
from portal.http.once import HEADER, new_key
from portal.shared import clock
from review.domain import nominating
from review.models import CommitteeFiling, ExpertTerm
from tests.factories import accounts, experts, filings
from tests.factories.calls import Caller, bases, codes
from tests.review.test_pool_pages import row, sheet

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)
NOMINATION = {
    "series": "05",
    "band": "senior",
    "level": "full",
    "title": "正高级工程师",
    "field": "集成电路设计",
    "employer_name": "示例研究院",
}


def test_an_expert_by_programs_of_four_desks() -> None:
    clock.move_to(AT)
    agency = accounts.organisation(OrganisationKind.AGENCY)
    clerk = Caller(accounts.actor(Role.AGENCY_CLERK, at=agency))
    lead = Caller(accounts.actor(Role.AGENCY_LEAD, at=agency))
    bureau = Caller(accounts.actor(Role.BUREAU_CLERK))
    person = accounts.person(full_name="李明")
    body = {**NOMINATION, "full_name": "李明", "number": accounts.document(person).number}
    assert codes(clerk.post("experts/", {**body, "level": "assistant"})) == ["title_sufficient"]
    code = clerk.post("experts/", body).json()["code"]
    term = ExpertTerm.objects.get()
    own = Caller(experts.personally(term))
    assert [one["step"] for one in own.get(f"own-terms/{code}/").json()["steps"] if one["open"]] == [
        "consent",
        "decline",
    ]
    assert own.post(f"own-terms/{code}/steps/consent/").status_code == 200
    assert codes(bureau.post(f"experts/{code}/steps/vet/")) == ["looked_over", "title_verified"]
    clerk.post(f"experts/{code}/steps/forward/", {"opinion": "同意推荐。"})
    experts.title_found(person, at=AT)
    assert bureau.post(f"experts/{code}/steps/vet/").json()["state"] == "vetted"
    span = {"starts_on": "2026-08-01", "ends_on": "2029-08-01"}
    assert codes(lead.post(f"experts/{code}/steps/appoint/", span)) == ["term_not_too_long"]
    done = lead.post(f"experts/{code}/steps/appoint/", {**span, "ends_on": "2029-07-31"}).json()
    assert (done["state"], done["number"]) == ("appointed", 1)
    assert codes(own.post(f"own-terms/{code}/steps/promise/", {"promised": False})) == ["promise_read"]
    assert own.post(f"own-terms/{code}/steps/promise/", {"promised": True}).json()["promised_at"]
    paused = clerk.post(f"experts/{code}/steps/pause/", {"reason": "出国进修。"}).json()
    assert (paused["state"], paused["reason"]) == ("paused", "出国进修。")
    assert clerk.get("experts/").json()["results"][0]["name"] == "李明"


@pytest.mark.rule("R-161")
def test_employers_authorities_and_people_name_experts_by_program() -> None:
    clock.move_to(AT)
    agency = accounts.organisation(OrganisationKind.AGENCY)
    person = accounts.person(full_name="李明")
    body = {**NOMINATION, "full_name": "李明", "number": accounts.document(person).number, "agency": agency.code}
    employer = Caller(accounts.actor(Role.EMPLOYER_CLERK))
    assert codes(employer.post("nominations/", {**body, "agency": "nowhere"})) == ["agency_unknown"]
    assert codes(employer.post("nominations/", {**body, "number": ""})) == ["person_unknown"]
    named = employer.post("nominations/", body)
    assert (named.status_code, named.json()["state"]) == (201, "nominated")
    term = ExpertTerm.objects.get()
    assert (term.origin, term.consented_at) == ("employer", None)
    assert [one["code"] for one in employer.get("nominations/").json()["results"]] == [term.code]
    other = Caller(accounts.actor(Role.INDUSTRY_OFFICER))
    assert other.get("nominations/").json()["results"] == []
    assert codes(other.post("nominations/", body)) == ["already_in_the_pool"]
    own = accounts.person()
    alone = Caller(acting_personally(own))
    left_out = {name: value for name, value in body.items() if name not in {"full_name", "number"}}
    assert alone.post("nominations/", left_out).status_code == 201
    assert ExpertTerm.objects.get(expert__person=own).consented_at is not None


def test_a_filing_by_programs_of_two_desks(entry: CatalogueEntry) -> None:
    clock.move_to(AT)
    assert entry.committee is not None
    agency = entry.committee.agency
    terms = experts.appointed(agency, 12, ends_on=dt.date(2029, 7, 31))
    clerk = Caller(accounts.actor(Role.AGENCY_CLERK, at=agency))
    head = Caller(accounts.actor(Role.BUREAU_LEAD))
    body = {"name": entry.committee.name, "band": "senior", "series": "05", "size": 11}
    scope = {**body, "specialty": entry.specialty.code}
    assert codes(clerk.post("filings/", {**scope, "specialty": "99999"})) == ["scope_unknown"]
    assert codes(clerk.post("filings/", {**scope, "size": 12})) == ["size_is_odd"]
    code = clerk.post("filings/", scope).json()["code"]
    base = f"filings/{code}/"
    assert clerk.put(base, {**scope, "small_reason": ""}).json()["size"] == 11
    assert codes(clerk.post(f"{base}members/", {"terms": ["PQ-XXXXXXXXXX"]})) == ["not_in_the_pool"]
    shown = clerk.post(f"{base}members/", {"terms": [term.code for term in terms]}).json()
    assert len(shown["members"]) == 12
    assert codes(clerk.post(f"{base}steps/submit/")) == ["chair_named"]
    clerk.post(f"{base}duty/", {"term": terms[0].code, "duty": "chair"})
    clerk.post(f"{base}duty/", {"term": terms[1].code, "duty": "out"})
    assert codes(clerk.post(f"{base}duty/", {"term": terms[1].code, "duty": "out"})) == ["member_unknown"]
    assert clerk.post(f"{base}steps/submit/").json()["state"] == "submitted"
    book = {"number": "备1", "valid_from": "2026-08-01", "valid_to": "2029-07-31"}
    assert clerk.post(f"{base}steps/record/", book).status_code == 403
    done = head.post(f"{base}steps/record/", book).json()
    assert (done["state"], done["number"], done["members"][0]["duty"]) == ("filed", "备1", "chair")
    assert [one["step"] for one in head.get(base).json()["steps"] if one["open"]] == ["revoke"]
    renewal = clerk.post(f"{base}steps/renew/").json()
    assert (renewal["state"], renewal["size"], len(renewal["members"])) == ("draft", 11, 11)
    assert codes(head.post(f"{base}steps/renew/")) == ["step_not_permitted"]


def test_foreign_rows_are_not_there(entry: CatalogueEntry) -> None:
    assert entry.committee is not None
    filing = filings.filed(entry.committee, 11)
    stranger = Caller(accounts.actor(Role.AGENCY_LEAD))
    term = filing.roll()[0].term
    assert stranger.get(f"filings/{filing.code}/").status_code == 404
    assert stranger.get(f"experts/{term.code}/").status_code == 404
    assert stranger.post(f"filings/{filing.code}/steps/amend/", {"reason": "无"}).status_code == 404
    assert Caller(accounts.actor()).get(f"own-terms/{term.code}/").status_code == 404
    assert CommitteeFiling.objects.get().state == "filed"


# --- Many by a sheet --------------------------------------------------------------------------
def handed_in(caller: Caller, content: bytes, key: str = "") -> Any:
    headers = {HEADER: key or new_key()}
    return caller.client.generic("POST", "/api/experts/imports/", content, content_type=XLSX, headers=headers)


@pytest.mark.rule("R-161")
def test_a_sheet_is_judged_kept_and_taken_over_once() -> None:
    clock.move_to(AT)
    agency = accounts.organisation(OrganisationKind.AGENCY)
    clerk = Caller(accounts.actor(Role.AGENCY_CLERK, at=agency))
    experts.series()
    people = [accounts.person() for _each in range(2)]
    rows = [row(one, accounts.document(one).number) for one in people]
    wrong = handed_in(clerk, sheet(rows[0], row(people[1], "123"), row(people[1], "", 职称级别="助理级")).read())
    assert set(codes(wrong)) == {"row_unfit"}
    assert set(bases(wrong)) == {"R-161"}
    assert [reason["field"] for reason in wrong.json()["reasons"]][:1] == ["3"]
    right = sheet(*rows).read()
    kept = handed_in(clerk, right, "one")
    assert (kept.status_code, [one["name"] for one in kept.json()["lines"]]) == (
        201,
        [one.full_name for one in people],
    )
    assert handed_in(clerk, right, "one").json() == kept.json()
    assert not ExpertTerm.objects.exists()
    address = f"experts/imports/{kept.json()['code']}/"
    assert [one["code"] for one in clerk.get("experts/imports/").json()["results"]] == [kept.json()["code"]]
    assert Caller(accounts.actor(Role.AGENCY_LEAD, at=agency)).get(address).status_code == 404
    named = clerk.post(f"{address}steps/take_over/", **{HEADER: "two"}).json()
    assert set(named["terms"]) == set(ExpertTerm.objects.values_list("code", flat=True))
    assert clerk.post(f"{address}steps/take_over/", **{HEADER: "two"}).json() == named
    assert clerk.post(f"{address}steps/take_over/").status_code == 404


@pytest.mark.rule("R-161")
def test_what_is_no_sheet_of_experts_is_refused() -> None:
    clock.move_to(AT)
    clerk = Caller(accounts.actor(Role.AGENCY_CLERK))
    assert codes(handed_in(clerk, b"no sheet")) == ["sheet_unfit"]
    assert codes(handed_in(clerk, sheet().read())) == ["sheet_unfit"]
    assert clerk.post("experts/imports/", {"rows": []}).status_code == 415
    template = clerk.client.get("/api/experts/imports/template/", headers={"Accept": XLSX})
    assert (template["Content-Type"], codes(handed_in(clerk, template.content))) == (XLSX, ["sheet_unfit"])
    assert Caller(accounts.actor(Role.BUREAU_LEAD)).get("experts/imports/").status_code == 403
    assert handed_in(Caller(accounts.actor(Role.BUREAU_LEAD)), template.content).status_code == 403


@pytest.mark.rule("R-161")
def test_a_kept_sheet_that_no_longer_holds_names_its_rows() -> None:
    clock.move_to(AT)
    agency = accounts.organisation(OrganisationKind.AGENCY)
    who = accounts.actor(Role.AGENCY_CLERK, at=agency)
    person = accounts.person()
    scope = nominating.Scope(agency, experts.series(), "senior")
    kept = handed_in(Caller(who), sheet(row(person, accounts.document(person).number)).read()).json()
    nominating.nominate(person, scope, experts.facts(), grounds="", by=who, at=AT)
    refused = Caller(who).post(f"experts/imports/{kept['code']}/steps/take_over/")
    assert codes(refused) == ["already_in_the_pool"]
    assert refused.json()["reasons"][0]["text"].startswith("第2行：")
