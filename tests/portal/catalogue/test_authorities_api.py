"""The standing of agencies over the API: seen and changed by the bureau alone, with the same refusals as on the pages."""

import datetime as dt

import pytest

from portal.accounts.roles import Role
from portal.catalogue.models import AgencyAuthority
from portal.http.once import HEADER
from portal.shared import clock
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts, catalogue
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 8, 10, tzinfo=clock.BEIJING)
CAUSE = "评审程序违规。"

__all__ = ["_one_connection"]


@pytest.fixture
def authority() -> AgencyAuthority:
    entry = catalogue.published_entry()
    clock.move_to(AT)
    return AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)


@pytest.mark.rule("R-152", "R-153")
def test_an_agency_is_suspended_restored_and_loses_its_right_by_program(authority: AgencyAuthority) -> None:
    lead, address = Caller(accounts.actor(Role.BUREAU_LEAD)), f"authorities/{authority.code}/"
    (row,) = lead.get("authorities/", state="listed").json()["results"]
    assert (row["code"], row["agency"], row["state"]) == (authority.code, authority.agency.code, "listed")
    told = {"reason": CAUSE, "remedy_due_on": "2026-07-01"}
    assert codes(lead.post(f"{address}steps/suspend/", told)) == ["remedy_day_lies_ahead"]
    told["remedy_due_on"] = "2026-08-31"
    done = lead.post(f"{address}steps/suspend/", told, **{HEADER: "one"})
    assert (done.json()["state"], done.json()["remedy_due_on"]) == ("suspended", "2026-08-31")
    assert lead.post(f"{address}steps/suspend/", told, **{HEADER: "one"}).json() == done.json()
    assert [one["until_at"] for one in done.json()["suspensions"]] == [None]
    assert {one["step"] for one in done.json()["steps"] if one["open"]} == {"restore", "withdraw"}
    assert lead.post(f"{address}steps/restore/", {"reason": "整改到位。"}).json()["state"] == "listed"
    assert lead.post(f"{address}steps/withdraw/", {"reason": CAUSE}).json()["state"] == "withdrawn"
    assert codes(lead.post(f"{address}steps/restore/", {"reason": CAUSE})) == ["step_not_open"]


@pytest.mark.rule("R-152")
def test_only_the_bureaus_lead_decides_and_only_the_bureau_reads(authority: AgencyAuthority) -> None:
    told = {"reason": CAUSE, "remedy_due_on": "2026-08-31"}
    refused = Caller(accounts.actor(Role.BUREAU_CLERK)).post(f"authorities/{authority.code}/steps/suspend/", told)
    assert (refused.status_code, codes(refused)) == (403, ["step_not_permitted"])
    agency = Caller(accounts.actor(Role.AGENCY_LEAD, at=authority.agency))
    assert agency.get("authorities/").status_code == 403
    assert agency.get(f"authorities/{authority.code}/").status_code == 403


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(authority: AgencyAuthority) -> None:
    lead = accounts.actor(Role.BUREAU_LEAD)
    assert fuzzed(lead, ("authorities",), lambda _path: {"code": authority.code}) == 5
