"""Members of an organisation by program: the link is said once, four eyes where they decide, nobody else's organisation."""

import datetime as dt
from typing import Any

import pytest

from portal.accounts.actors import Actor
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.entrance.domain import inviting
from portal.http.once import HEADER
from portal.shared import clock
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts
from tests.factories.calls import Caller, bases, codes, fields

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 8, 10, tzinfo=clock.BEIJING)
WANTED = {"role": "employer_clerk", "full_name": "王小明", "email": "wang@example.com"}

__all__ = ["_one_connection"]


@pytest.fixture
def head() -> Actor:
    clock.move_to(AT)
    return accounts.actor(Role.EMPLOYER_HEAD)


def place(of: Actor) -> str:
    assert of.organisation is not None
    return f"organisations/{of.organisation.code}/"


def invited(name: str = "王小明") -> Actor:
    who = accounts.person(full_name=name)
    accounts.document(who)
    return accounts.acting_personally(who)


@pytest.mark.rule("R-013")
def test_an_invitation_is_said_once_and_accepted_by_whom_it_names(head: Actor) -> None:
    program = Caller(head)
    made = program.post(f"{place(head)}invitations/", WANTED, **{HEADER: "one"})
    assert (made.status_code, made.json()["is_shown"], made.json()["request"]["state"]) == (201, True, "invited")
    again = program.post(f"{place(head)}invitations/", WANTED, **{HEADER: "one"}).json()
    assert (again["request"]["code"], again["address"], again["is_shown"]) == (
        made.json()["request"]["code"],
        "",
        False,
    )
    own = f"invitations/{made.json()['request']['code']}/steps/accept/"
    token = {"token": made.json()["address"].rstrip("/").rsplit("/", 1)[1]}
    assert Caller(invited()).post(own, {"token": "another"}).status_code == 404
    assert codes(Caller(invited("李四")).post(own, token)) == ["name_is_the_invited"]
    joined = Caller(invited()).post(own, token)
    assert (joined.status_code, joined.json()["role"]) == (200, "employer_clerk")
    names = [one["name"] for one in program.get(f"{place(head)}members/").json()["results"]]
    assert "王小明" in names
    assert Caller(invited()).post(own, token).status_code == 404


@pytest.mark.rule("R-001", "R-013")
def test_who_decides_over_others_is_let_in_by_another_lead() -> None:
    clock.move_to(AT)
    lead = accounts.actor(Role.BUREAU_LEAD)
    other = accounts.actor(Role.BUREAU_LEAD, at=lead.organisation)
    wanted = {"role": "bureau_clerk", "full_name": "王小明"}
    waiting = Caller(lead).post(f"{place(lead)}invitations/", wanted).json()
    assert (waiting["request"]["state"], waiting["address"]) == ("proposed", "")
    step = f"membership-requests/{waiting['request']['code']}/steps/invite/"
    assert codes(Caller(lead).post(step)) == ["second_pair_of_eyes"]
    assert Caller(other).post(step).json()["is_shown"] is True
    taken_back = Caller(other).post(step.replace("invite", "withdraw"), {"note": "人员调整"})
    assert taken_back.json()["state"] == "withdrawn"


@pytest.mark.rule("R-013")
def test_a_role_ends_at_once_but_not_the_last_leads(head: Actor) -> None:
    program = Caller(head)
    clerk = accounts.actor(Role.EMPLOYER_CLERK, at=head.organisation)
    assert clerk.person is not None
    assert head.person is not None
    told = {"note": "离职"}
    own = f"{place(head)}members/{head.person.code}/employer_head/end/"
    refused = program.post(own, told)
    assert (refused.status_code, codes(refused), bases(refused)) == (409, ["last_lead"], ["R-013"])
    theirs = f"{place(head)}members/{clerk.person.code}/employer_clerk/end/"
    assert fields(program.post(theirs, {})) == ["note"]
    assert program.post(theirs, told).status_code == 200
    assert program.post(theirs, told).status_code == 404
    assert Membership.objects.get(person=clerk.person).ended_at is not None


def test_a_role_of_another_kind_of_organisation_is_refused(head: Actor) -> None:
    refused = Caller(head).post(f"{place(head)}invitations/", {**WANTED, "role": "agency_clerk"})
    assert (refused.status_code, codes(refused)) == (409, ["role_unknown"])


@pytest.mark.rule("R-001")
def test_nobody_manages_another_organisation(head: Actor) -> None:
    other = accounts.actor(Role.EMPLOYER_HEAD)
    stranger = Caller(other)
    assert stranger.get(f"{place(head)}members/").status_code == 404
    assert stranger.post(f"{place(head)}invitations/", WANTED).status_code == 404
    request = inviting.propose(
        head.organisation, role=Role.EMPLOYER_CLERK, full_name="王小明", email="", by=head, at=AT
    )
    for step in ("invite", "withdraw", "refuse"):
        answer = stranger.post(f"membership-requests/{request.code}/steps/{step}/", {"note": "无"})
        assert answer.status_code == 404, step
    clerk = Caller(accounts.actor(Role.EMPLOYER_CLERK, at=head.organisation))
    assert clerk.get("organisations/").status_code == 403
    assert clerk.post(f"{place(head)}invitations/", WANTED).status_code == 403


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(head: Actor) -> None:
    request = inviting.propose(
        head.organisation, role=Role.EMPLOYER_CLERK, full_name="王小明", email="", by=head, at=AT
    )
    place_, person = head.organisation.code, head.person.code

    def known(path: str) -> dict[str, Any]:
        code = place_ if path.startswith("/api/organisations/") else request.code
        return {"code": code, "person": person, "role": "employer_head"}

    assert fuzzed(head, ("organisations", "membership-requests"), known) == 11
