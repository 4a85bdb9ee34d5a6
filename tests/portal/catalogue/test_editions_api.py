"""A year's catalogue, its windows and the policy by program: the pages' rules, four eyes, and nobody but who keeps them."""

import datetime as dt
from typing import Any

import pytest

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.domain import rows
from portal.catalogue.enums import LevelKey
from portal.catalogue.models import Edition, PolicyVersion, Specialty
from portal.http.once import HEADER
from portal.shared import clock
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts, catalogue
from tests.factories.calls import Caller, bases, codes, fields

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 8, 10, tzinfo=clock.BEIJING)
DAYS = {name: str(value) for name, value in vars(catalogue.PLAN).items()}
YEAR = {"code": "BJ-2027", "year": 2027, "title": "2027年度目录"}

__all__ = ["_one_connection"]


@pytest.fixture
def clerk() -> Actor:
    clock.move_to(AT)
    return accounts.actor(Role.BUREAU_CLERK)


@pytest.fixture
def lead(clerk: Actor) -> Actor:
    return accounts.actor(Role.BUREAU_LEAD, at=clerk.organisation)


def begun(program: Caller) -> str:
    """Begin a year with one committee and one row by program; return where the year stands."""
    made = program.post("editions/", YEAR)
    assert (made.status_code, made.json()["state"]) == (201, "preparing")
    agency = accounts.organisation(OrganisationKind.AGENCY)
    told = {"name": "工程技术系列高级评委会", "band": "senior", "agency": agency.code}
    committee = program.post("editions/BJ-2027/committees/", told).json()
    windows = program.post("editions/BJ-2027/schedules/", {"title": "统一安排", "kind": "qualification", **DAYS}).json()
    row = {"specialty": catalogue.specialty().code, "level": LevelKey.ASSOCIATE, "method": "review"}
    row["schedule"] = windows["code"]
    added = program.post("editions/BJ-2027/rows/", {**row, "committee": committee["code"]})
    assert (added.status_code, added.json()["committee"]) == (201, committee["code"])
    return "editions/BJ-2027/"


@pytest.mark.rule("R-020", "R-001")
def test_a_year_is_prepared_by_one_and_approved_by_another(clerk: Actor, lead: Actor) -> None:
    program, decider = Caller(clerk), Caller(lead)
    year = begun(program)
    assert codes(program.post("editions/", {**YEAR, "code": "BJ-2027-A"})) == ["year_taken"]
    done = program.post(f"{year}steps/submit/", **{HEADER: "one"})
    assert (done.json()["state"], done.json()["changes"]["counts"]["added"]) == ("submitted", 1)
    assert program.post(f"{year}steps/submit/", **{HEADER: "one"}).json() == done.json()
    refused = program.post(f"{year}steps/approve/")
    assert (refused.status_code, codes(refused)) == (403, ["step_not_permitted"])
    assert codes(decider.post(f"{year}steps/send_back/", {"note": ""}))
    sent_back = decider.post(f"{year}steps/send_back/", {"note": "核对电话。"}).json()
    assert {one["step"]: one["address"] for one in sent_back["steps"]} == {"submit": f"/api/{year}steps/submit/"}
    program.post(f"{year}steps/submit/")
    assert decider.post(f"{year}steps/approve/").json()["state"] == "approved"
    published = decider.post(f"{year}steps/publish/").json()
    assert (published["state"], published["revision"]) == ("published", 1)
    assert Caller().get("catalogue/entries/", edition="BJ-2027").json()["count"] == 1
    (row,) = program.get(f"{year}rows/").json()["results"]
    dropped = program.delete(f"{year}rows/{row['code']}/")
    assert (dropped.status_code, codes(dropped), bases(dropped)) == (
        409,
        ["edition_is_not_in_preparation"],
        ["R-020"],
    )


@pytest.mark.rule("R-001")
def test_whoever_prepared_does_not_approve(lead: Actor) -> None:
    program = Caller(lead)
    year = begun(program)
    program.post(f"{year}steps/submit/")
    refused = program.post(f"{year}steps/approve/")
    assert (refused.status_code, codes(refused)) == (409, ["another_prepared"])


@pytest.mark.rule("R-030", "A-39")
def test_rows_and_committees_are_refused_for_the_same_reasons(clerk: Actor) -> None:
    program = Caller(clerk)
    year = begun(program)
    (row,) = program.get(f"{year}rows/").json()["results"]
    (committee,) = program.get(f"{year}committees/").json()["results"]
    told = {name: row[name] for name in ("specialty", "level", "method", "committee", "schedule")}
    assert codes(program.post(f"{year}rows/", told)) == ["row_stands_already"]
    without = program.put(f"{year}rows/{row['code']}/", {**told, "committee": None})
    assert (codes(without), fields(without)) == (["committee_missing"], ["committee"])
    elsewhere = catalogue.committee(catalogue.edition())
    assert codes(program.post(f"{year}rows/", {**told, "committee": elsewhere.code})) == ["committee_of_another_year"]
    assert fields(program.post(f"{year}rows/", {**told, "speciality": "1"})) == ["speciality"]
    changed = program.put(f"{year}rows/{row['code']}/", {**told, "telephone": "12333"}).json()
    assert changed["telephone"] == "12333"
    same = {name: committee[name] for name in ("name", "band", "agency")}
    assert codes(program.post(f"{year}committees/", same)) == ["committee_name_taken"]
    late = program.put(f"{year}committees/{committee['code']}/", {**same, "correction_workdays": 40})
    assert (codes(late), fields(late)) == (["parameter_out_of_range"], ["correction_workdays"])
    assert program.get("editions/BJ-2031/rows/").status_code == 404
    assert program.delete(f"{year}rows/{changed['code']}/").status_code == 204
    assert codes(program.post(f"{year}steps/submit/")) == ["has_entries"]


@pytest.mark.rule("R-057", "A-26")
def test_conditions_are_entered_changed_and_dropped(clerk: Actor) -> None:
    program = Caller(clerk)
    sets = f"{begun(program)}conditions/"
    route = {"education": "bachelor", "title": "intermediate", "title_years": 5}
    told = {"series": "05", "level": LevelKey.ASSOCIATE, "routes": [route], "source": "通知"}
    made = program.post(sets, told)
    assert (made.status_code, [one["title_years"] for one in made.json()["routes"]]) == (201, [5])
    assert codes(program.post(sets, told)) == ["conditions_stand_already"]
    own = f"{sets}{made.json()['code']}/"
    assert codes(program.put(own, {"routes": [], "source": "通知"})) == ["routes_missing"]
    changed = program.put(own, {"routes": [{**route, "title_years": 4}], "source": "通知"}).json()
    assert [one["title_years"] for one in changed["routes"]] == [4]
    assert program.delete(f"{sets}{changed['code']}/").status_code == 204
    assert program.get(sets).json()["count"] == 0


@pytest.mark.rule("A-05", "A-33", "R-024")
def test_windows_are_entered_checked_and_published_by_another(clerk: Actor, lead: Actor) -> None:
    program, year = Caller(clerk), catalogue.edition()
    told = {"title": "统一安排", "kind": "qualification", **DAYS}
    wrong = program.post(f"editions/{year.code}/schedules/", {**told, "individual_to": "2026-07-01"})
    assert (codes(wrong), fields(wrong)) == (["ends_before_it_starts"], ["individual_to"])
    made = program.post(f"editions/{year.code}/schedules/", told).json()
    assert (made["state"], made["is_checked"]) == ("draft", True)
    long_ago = {name: day.replace("2026", "2016") for name, day in DAYS.items()}
    early = program.post(f"editions/{year.code}/schedules/", {**told, **long_ago, "title": "早年"}).json()
    assert (early["is_checked"], early["findings"]) == (False, [])
    assert codes(program.post(f"schedules/{early['code']}/steps/verify/")) == ["nothing_refuses_the_windows"]
    plan = f"schedules/{made['code']}/"
    moved = program.put(plan, {**DAYS, "title": "统一安排", "committee_to": "2026-12-01"}).json()
    assert moved["committee_closes_at"] == "2026-12-02T00:00:00+08:00"
    assert codes(program.put(plan, {**DAYS, "title": "早年"})) == ["title_taken"]
    checked = program.post(f"{plan}steps/verify/", {"acknowledgement": "已核对。"})
    assert checked.json()["state"] == "checked"
    assert codes(program.put(plan, {**DAYS, "title": "统一安排"})) == ["schedule_is_not_a_draft"]
    assert codes(Caller(lead).post(f"{plan}steps/publish/")) == ["edition_is_published"]
    owner = accounts.organisation(OrganisationKind.INDUSTRY)
    officer = Caller(accounts.actor(Role.INDUSTRY_OFFICER, at=owner))
    assert officer.get(plan).status_code == 404
    own = catalogue.schedule(year, owner=owner)
    assert [one["code"] for one in officer.get("schedules/").json()["results"]] == [own.code]
    assert officer.post(f"editions/{year.code}/schedules/", told).status_code == 403


@pytest.mark.rule("R-019")
def test_a_policy_is_prepared_changed_and_put_in_force(clerk: Actor, lead: Actor) -> None:
    program, decider = Caller(clerk), Caller(lead)
    told = {"code": "BJ-2026-09", "title": "新参数", "source": "通知", "valid_from": "2026-09-01"}
    made = program.post("policies/", told)
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert codes(program.post("policies/", told)) == ["code_taken"]
    version = "policies/BJ-2026-09/"

    def entered(value: Any, key: str = "correction.workdays") -> dict[str, Any]:
        return {"parameters": [{"key": key, "value": value, "source": "通知第三条", "unverified": False}]}

    for value in (40, True, "10", [10]):
        refused = program.patch(version, entered(value))
        assert (codes(refused), bases(refused)) == (["parameter_out_of_range"], ["A-09"]), value
    assert program.patch(version, entered(1, "no.such.number")).status_code == 400
    changed = {one["key"]: one for one in program.patch(version, entered(15)).json()["parameters"]}
    assert (changed["correction.workdays"]["value"], changed["payment.workdays"]["value"]) == (15, 5)
    assert codes(program.post(f"{version}steps/approve/")) == ["step_not_permitted"]
    assert decider.post(f"{version}steps/approve/").json()["state"] == "approved"
    assert codes(program.patch(version, entered(12))) == ["policy_is_frozen"]
    assert decider.post(f"{version}steps/publish/").json()["state"] == "published"
    assert PolicyVersion.objects.get(code="BJ-2025-12").successor == PolicyVersion.objects.get(code="BJ-2026-09")


@pytest.mark.rule("R-021")
def test_a_specialty_is_judged_as_on_the_page(clerk: Actor) -> None:
    program = Caller(clerk)
    told = {"code": "05998", "series": "05", "name": "量子工程", "valid_from": "2026-01-01"}
    wrong = program.post("specialties/", {**told, "code": "06998"})
    assert (wrong.status_code, fields(wrong)) == (400, ["code"])
    assert program.post("specialties/", told).status_code == 201
    assert set(fields(program.post("specialties/", told))) == {"code", ""}
    assert program.put("specialties/05998/", {**told, "name": "量子信息"}).json()["name"] == "量子信息"
    assert Specialty.objects.get(code="05998").name == "量子信息"


@pytest.mark.parametrize("role", [Role.AGENCY_LEAD, Role.EMPLOYER_HEAD, Role.AUDITOR])
def test_nobody_else_sees_what_is_being_prepared(role: Role, clerk: Actor) -> None:
    year = catalogue.edition()
    program = Caller(accounts.actor(role))
    rooms = ("editions/", f"editions/{year.code}/", f"editions/{year.code}/rows/", "policies/", "specialties/")
    for room in (*rooms, "schedules/", f"editions/{year.code}/committees/", f"editions/{year.code}/conditions/"):
        assert program.get(room).status_code == 403, room
    assert program.post("editions/", YEAR).status_code == 403
    assert not Edition.objects.filter(code="BJ-2027").exists()


def test_the_rows_come_out_as_a_sheet(clerk: Actor) -> None:
    program = Caller(clerk)
    answer = program.get(f"{begun(program)}export/")
    assert (answer.status_code, answer["Content-Disposition"]) == (200, 'attachment; filename="BJ-2027.xlsx"')


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(clerk: Actor) -> None:
    edition = catalogue.edition()
    plan = catalogue.schedule(edition)
    rows.apply(edition, rows.Changes(added=[catalogue.row(edition, plan)]), by=clerk, at=AT)
    row, committee = edition.entries.get(), edition.committees.get()
    specialty, version = row.specialty.code, PolicyVersion.objects.get(code="BJ-2025-12").code

    def known(path: str) -> dict[str, Any]:
        inner = {"rows": row.code, "committees": committee.code, "conditions": "TJ-00000000"}
        room = path.removeprefix("/api/").split("/")
        code = {"schedules": plan.code, "policies": version, "specialties": specialty}.get(room[0])
        return {"edition": edition.code, "code": code or inner.get(next(iter(room[2:3]), ""), edition.code)}

    assert fuzzed(clerk, ("editions", "schedules", "policies", "specialties"), known) == 41
