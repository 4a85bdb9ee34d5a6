"""Organisations by program: claimed by who leads them, confirmed by their district, registered by the bureau alone."""

import datetime as dt
from typing import Any

import pytest

from portal.accounts.actors import Actor
from portal.accounts.districts import District
from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import OrganisationKind, Role
from tests.factories import accounts
from tests.factories.calls import Caller, bases, codes, fields
from tests.fixtures.sandbox import unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox")]
YUNHENG = "北京云衡电子有限公司"


@pytest.fixture
def claimant(person: Any, at: Any, now: dt.datetime) -> Actor:
    at(now)
    return accounts.acting_personally(person)


def told(name: str = YUNHENG, kind: str = OrganisationKind.EMPLOYER) -> dict[str, str]:
    return {"credit_code": unit(YUNHENG)["credit_code"], "name": name, "kind": kind, "district": District.HAIDIAN}


@pytest.mark.rule("R-013")
def test_a_claim_waits_for_the_district_of_the_organisation(claimant: Actor) -> None:
    claim = Caller(claimant).post("claims/", told())
    assert (claim.status_code, claim.json()["state"], claim.json()["steps"]) == (201, "proposed", [])
    step = f"membership-requests/{claim.json()['code']}/steps/confirm/"
    elsewhere = accounts.organisation(OrganisationKind.DISTRICT, district=District.MIYUN)
    assert Caller(accounts.actor(Role.DISTRICT_CLERK, at=elsewhere)).post(step).status_code == 404
    there = accounts.organisation(OrganisationKind.DISTRICT, district=District.HAIDIAN)
    confirmed = Caller(accounts.actor(Role.DISTRICT_CLERK, at=there)).post(step)
    assert confirmed.status_code == 200
    assert Membership.objects.get(person=claimant.person).role == Role.EMPLOYER_HEAD
    assert Organisation.objects.get(name=YUNHENG).is_active
    again = Caller(claimant).post("claims/", told())
    assert (codes(again), bases(again), fields(again)) == (["organisation_registered"], ["R-013"], ["credit_code"])


def test_a_claim_says_what_the_register_says_otherwise(claimant: Actor) -> None:
    program = Caller(claimant)
    assert codes(program.post("claims/", told("北京云衡有限公司"))) == ["organisation_not_matched"]
    assert codes(program.post("claims/", told(kind=OrganisationKind.AGENCY))) == ["kind_not_claimed"]
    assert fields(program.post("claims/", {**told(), "district": "nowhere"})) == ["district"]
    assert not Organisation.objects.filter(credit_code=told()["credit_code"]).exists()


@pytest.mark.rule("R-001")
def test_the_bureau_alone_registers_an_organisation(claimant: Actor) -> None:
    assert Caller(claimant).post("organisations/", told()).status_code == 403
    head = Caller(accounts.actor(Role.EMPLOYER_HEAD)).post("organisations/", told())
    assert (head.status_code, codes(head), bases(head)) == (403, ["step_not_permitted"], ["R-001"])
    lead = Caller(accounts.actor(Role.BUREAU_LEAD))
    made = lead.post("organisations/", told())
    assert (made.status_code, made.json()["name"]) == (201, YUNHENG)
    assert codes(lead.post("organisations/", told())) == ["organisation_registered"]
    assert Caller(claimant).post("organisations/", told()).status_code == 403
