"""The fee by programs: the payer's order, the agency's fees and refunds, the compared days, and who sees none of it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.shared import clock
from review.domain import reconciling
from review.models import Difference, Payment, Refund
from tests.factories import accounts, applications, payments
from tests.factories.payments import DUE_AT, PAID_AT
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process  # noqa: F401

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


class Program:
    """A program that acts for somebody."""

    def __init__(self, who: Actor) -> None:
        self.client: Client = accounts.client(who)
        self.number = 0

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/{path}")
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def post(self, path: str, status: int = 200, **body: Any) -> Any:
        self.number += 1
        headers = {"Idempotency-Key": f"k{self.number}"}
        answer = self.client.post(f"/api/{path}", body, content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


@pytest.mark.rule("R-100", "R-101")
def test_a_payer_orders_and_learns_where_to_pay(sandbox: Sandbox) -> None:  # noqa: F811
    payment = payments.due()
    clock.move_to(PAID_AT)
    payer = Program(payments.payer(payment))
    [listed] = payer.get("payments/")["results"]
    assert (listed["amount"], listed["state"]) == ("700.00", "due")
    assert dt.datetime.fromisoformat(listed["due_at"]) == DUE_AT
    payer.get(f"payments/{payment.code}/cashier/", 404)
    for _twice in range(2):
        made = payer.post(f"payments/{payment.code}/orders/")
    assert [order["state"] for order in made["orders"]] == ["prepared"]
    assert payer.get(f"payments/{payment.code}/cashier/")["pay_url"].startswith(f"{sandbox.url}/pay/")
    assert payer.get(f"payments/{payment.code}/")["orders"][0]["state"] == "open"
    Program(accounts.actor()).get(f"payments/{payment.code}/", 404)


@pytest.mark.rule("R-102")
def test_a_late_order_is_refused_with_its_rule() -> None:
    payment = payments.due()
    clock.move_to(DUE_AT)
    refused = Program(payments.payer(payment)).post(f"payments/{payment.code}/orders/", 409)
    assert [(one["code"], one["basis"]) for one in refused["reasons"]] == [("the_fee_can_be_paid", "R-102")]


@pytest.mark.rule("A-10")
def test_the_agency_reads_fees_and_gives_back_in_four_eyes() -> None:
    application = payments.paid(payments.passed())
    payment = Payment.objects.get(application=application)
    order = payment.orders.get()
    clock.move_to(PAID_AT + MINUTE)
    clerk = Program(applications.agency_clerk_of(application))
    assert clerk.get("fees/?state=succeeded")["results"][0]["name"] == application.applicant.full_name
    assert clerk.get("fees/?state=due")["results"] == []
    assert clerk.post("fees/searches/", words=application.applicant.full_name)["count"] == 1
    assert clerk.post("fees/searches/", words=order.order_number, state="due")["count"] == 0
    assert clerk.get(f"fees/{payment.code}/")["orders"][0]["receipt_number"] == order.receipt_number
    told = {"order_number": order.order_number, "ground": "agency_error", "reason": "审核差错，应当退费"}
    refund = clerk.post(f"fees/{payment.code}/refunds/", 201, **told)
    again = clerk.post(f"fees/{payment.code}/refunds/", 409, **told)
    assert again["code"] == "refunded_before"
    clerk.post(f"refunds/{refund['code']}/steps/approve_refund/", 403)
    lead = Program(payments.agency_lead_of(application))
    needed = lead.post(f"refunds/{refund['code']}/steps/approve_refund/", 409)
    assert needed["code"] == "the_fee_is_not_needed"
    payments.withdrawn(application)
    assert lead.post(f"refunds/{refund['code']}/steps/approve_refund/")["state"] == "approved"
    assert Refund.objects.get().decided_by is not None
    stranger = Program(accounts.actor(Role.AGENCY_LEAD))
    assert stranger.get("refunds/")["results"] == []
    stranger.get(f"fees/{payment.code}/", 404)


@pytest.mark.rule("A-10")
def test_a_day_is_compared_on_demand_and_its_difference_settled(sandbox: Sandbox) -> None:  # noqa: F811
    application = payments.paid(payments.passed())
    clock.move_to(PAID_AT + dt.timedelta(days=1))
    lead = Program(payments.agency_lead_of(application))
    assert lead.post("reconciliations/", 409, day="2026-08-22")["code"] == "day_not_over"
    day = lead.post("reconciliations/", day="2026-08-21")
    assert day["state"] == "waiting"
    reconciling.run_due(at=clock.now())
    [found] = lead.get(f"reconciliations/{day['code']}/")["differences"]
    assert (found["kind"], found["amount_here"], found["amount_there"]) == ("missing_there", "700.00", None)
    done = lead.post(f"reconciliations/{day['code']}/settle/", difference=found["code"], note="次日补记，已核实")
    assert done["differences"][0]["note"] == "次日补记，已核实"
    assert Difference.objects.get().settled_at is not None
    lead.post(f"reconciliations/{day['code']}/settle/", 409, difference=found["code"], note="次日补记，已核实")
    stranger = Program(accounts.actor(Role.AGENCY_LEAD))
    assert stranger.get(f"reconciliations/{day['code']}/")["differences"] == []
