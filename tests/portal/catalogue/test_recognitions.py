"""Recognised associations: who enters, who approves, on which days a recognition holds, and what everybody reads (R-082)."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.domain import recognising
from portal.catalogue.domain.recognising import Recognised
from portal.catalogue.enums import Recogniser
from portal.catalogue.models import Recognition
from portal.catalogue.wiring import waiting_for_decision
from portal.http.once import FIELD, new_key
from portal.ledger.models import Entry
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories.calls import Caller, codes

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R-082")]
AT = dt.datetime(2026, 6, 8, 9, 0, tzinfo=clock.BEIJING)
SINCE = dt.date(2025, 3, 3)


@pytest.fixture
def association() -> Organisation:
    return accounts.organisation(OrganisationKind.ASSOCIATION, name="北京示例插画协会")


@pytest.fixture
def clerk() -> Actor:
    return accounts.actor(Role.BUREAU_CLERK)


@pytest.fixture
def lead(clerk: Actor) -> Actor:
    return accounts.actor(Role.BUREAU_LEAD, at=clerk.organisation)


@pytest.fixture
def told(association: Organisation) -> Recognised:
    return Recognised(association, Recogniser.CULTURE, "示例文件（2025）1号", SINCE)


def holds(day: dt.date) -> bool:
    return Recognition.objects.holding_on(day).exists()


def test_it_holds_from_its_day_once_another_approved(told, clerk, lead) -> None:
    row = recognising.propose(told, by=clerk, at=AT)
    assert not holds(AT.date())
    approved = carry_out(row, "approve", by=lead, at=AT)
    assert (approved.state, approved.by_whom) == ("recognised", "北京市文化和旅游局")
    assert [holds(SINCE - dt.timedelta(1)), holds(SINCE), holds(dt.date(2030, 1, 1))] == [False, True, True]
    assert Entry.objects.filter(subject_id=row.pk, subject_type=row._meta.label).count() == 2


def test_whoever_entered_it_does_not_approve_it_and_no_clerk_does(told, clerk, lead) -> None:
    own = recognising.propose(told, by=lead, at=AT)
    with pytest.raises(StepRefused) as refusal:
        carry_out(own, "approve", by=lead, at=AT)
    assert [reason.code for reason in refusal.value.reasons] == ["another_prepared"]
    with pytest.raises(StepNotPermitted):
        carry_out(own, "approve", by=clerk, at=AT)


def test_a_limited_or_ended_recognition_holds_to_its_last_day(told, clerk, lead) -> None:
    limited = replace(told, until=dt.date(2026, 7, 31))
    row = carry_out(recognising.propose(limited, by=clerk, at=AT), "approve", by=lead, at=AT)
    assert [holds(dt.date(2026, 7, 31)), holds(dt.date(2026, 8, 1))] == [True, False]
    with pytest.raises(StepRefused) as refusal:
        carry_out(row, "end", by=lead, at=AT, note="主管部门收回认可", ended_on=dt.date(2026, 6, 7))
    assert [reason.code for reason in refusal.value.reasons] == ["ends_from_today"]
    carry_out(row, "end", by=lead, at=AT, note="主管部门收回认可", ended_on=dt.date(2026, 7, 10))
    assert [holds(dt.date(2026, 7, 9)), holds(dt.date(2026, 7, 10))] == [True, False]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"recogniser": Recogniser.INDUSTRY}, "authority_not_named"),
        ({"authority": "北京市示例局"}, "authority_not_named"),
        ({"document": " "}, "no_document"),
        ({"recognised_on": dt.date(2026, 6, 9)}, "recognised_in_future"),
        ({"until": dt.date(2025, 3, 2)}, "ends_before_it_begins"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(told, clerk, changed, code) -> None:
    with pytest.raises(Refusal) as refusal:
        recognising.propose(replace(told, **changed), by=clerk, at=AT)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_only_associations_are_recognised_each_once_a_day(told, clerk) -> None:
    employer = accounts.organisation(OrganisationKind.EMPLOYER)
    with pytest.raises(Refusal, match="协会、学会"):
        recognising.propose(replace(told, association=employer), by=clerk, at=AT)
    recognising.propose(told, by=clerk, at=AT)
    with pytest.raises(Refusal, match="已经登记"):
        recognising.propose(told, by=clerk, at=AT)
    with pytest.raises(StepNotPermitted):
        recognising.propose(told, by=accounts.actor(Role.ASSOCIATION_HEAD), at=AT)


def test_the_pages_of_the_bureau_and_of_everybody(at, association, clerk, lead) -> None:
    at(AT)
    preparing, deciding = accounts.client(clerk), accounts.client(lead)
    filled = {
        "association": association.code,
        "recogniser": "industry",
        "authority": "北京市示例行业管理局",
        "document": "示例文件（2025）2号",
        "recognised_on": "2025-03-03",
    }
    address = reverse("catalogue:propose_recognition")
    answer = preparing.post(address, {**filled, FIELD: new_key()})
    assert answer.status_code == 302, answer.content.decode()
    row = Recognition.objects.get()
    page = preparing.get(reverse("catalogue:recognition:show", args=[row.code])).content.decode()
    assert "北京市示例行业管理局" in page
    public = accounts.client().get
    assert "北京示例插画协会" not in public(reverse("catalogue:associations")).content.decode()
    waiting = {str(one.label): one.count for one in waiting_for_decision(lead, AT)}
    assert waiting["协会、学会认可待批准"] == 1
    deciding.post(reverse("catalogue:recognition:approve", args=[row.code]), {FIELD: new_key()})
    assert "北京市示例行业管理局" in public(reverse("catalogue:associations")).content.decode()
    assert "北京示例插画协会" in preparing.get(reverse("catalogue:recognitions")).content.decode()


def test_the_register_over_the_api(at, association, clerk, lead) -> None:
    at(AT)
    body = {
        "association": association.code,
        "recogniser": "arts",
        "document": "示例文件（2025）3号",
        "recognised_on": "2025-03-03",
    }
    preparing, deciding = Caller(clerk), Caller(lead)
    made = preparing.post("recognitions/", body)
    assert made.status_code == 201, made.json()
    code = made.json()["code"]
    assert codes(preparing.post("recognitions/", body)) == ["recognition_known"]
    assert preparing.post(f"recognitions/{code}/steps/approve/").status_code == 403
    approved = deciding.post(f"recognitions/{code}/steps/approve/").json()
    assert (approved["state"], [one["step"] for one in approved["steps"]]) == ("recognised", ["end"])
    listed = preparing.get("catalogue/associations/").json()["results"]
    assert [(one["association"]["name"], one["by_whom"]) for one in listed] == [
        ("北京示例插画协会", "北京市文学艺术界联合会")
    ]
    ended = deciding.post(f"recognitions/{code}/steps/end/", {"note": "认可已收回", "ended_on": "2026-06-08"})
    assert ended.json()["state"] == "ended"
    assert preparing.get("catalogue/associations/").json()["results"] == []
