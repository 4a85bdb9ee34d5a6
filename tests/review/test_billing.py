"""The fee falls due: how much, until when; nothing to pay; the last day, the margin, and who is told."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.domain import holding, submitting
from applications.enums import FEE, Hold
from applications.models import Application
from portal.accounts.actors import SYSTEM, acting_personally
from portal.accounts.roles import Role
from portal.catalogue.domain import policies
from portal.catalogue.models import CatalogueEntry, Committee
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import StepNotOpen, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from review.domain import billing, ordering
from review.enums.paying import SETTLEMENT
from review.models import Payment
from tests.factories import accounts, applications, catalogue, payments
from tests.factories.payments import DUE_AT, PAID_AT, PASSED_AT

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def letters(payment: Payment) -> list[str]:
    return list(Notification.objects.about(payment).order_by("pk").values_list("kind", flat=True))


def fresh(payment: Payment) -> Payment:
    return Payment.objects.with_all().get(pk=payment.pk)


@pytest.mark.rule("R-100", "R-101", "R-102")
def test_the_fee_is_due_for_five_working_days(payment: Payment) -> None:
    assert (payment.state, payment.amount, payment.due_at) == ("due", Decimal(700), DUE_AT)
    message = Notification.objects.about(payment).get(kind="review.fee_due")
    assert message.person == payment.application.applicant
    assert "700元" in message.body
    assert "2026年8月26日（星期三）24:00" in message.body
    assert message.occasion == "N-07"


@pytest.mark.rule("R-027")
def test_a_committee_has_its_own_period_for_paying() -> None:
    entry = catalogue.published_entry()
    Committee.objects.filter(pk=entry.committee_id).update(payment_workdays=8)
    payment = payments.due(CatalogueEntry.objects.with_all().get(pk=entry.pk))
    assert payment.due_at == dt.datetime(2026, 9, 1, tzinfo=clock.BEIJING)
    assert "2026年8月31日（星期一）24:00" in Notification.objects.about(payment).get(kind="review.fee_due").body


def test_billed_twice_is_billed_once(payment: Payment) -> None:
    assert billing.bill(payment.application, at=PASSED_AT + MINUTE) == payment
    assert letters(payment) == ["review.fee_due"]


def change_the_fee(to: int) -> None:
    """Let another fee be in force from 1 August on."""
    clerk, lead = accounts.actor(Role.BUREAU_CLERK), accounts.actor(Role.BUREAU_LEAD)
    since = dt.date(2026, 8, 1)
    facts = {"code": "2026-8", "title": "收费调整", "valid_from": since, "source": "示例通知", "values": {}}
    version = policies.prepare(**facts, by=clerk, at=applications.NOW)
    version = policies.change(version, {"fee.senior": policies.Entered(to, "示例通知")}, by=clerk, at=applications.NOW)
    policies.publish(carry_out(version, "approve", by=lead, at=applications.NOW), by=lead, at=applications.NOW)


@pytest.mark.rule("R-100")
@pytest.mark.parametrize(("today", "asked"), [(600, 600), (900, 700)])
def test_a_change_since_submission_counts_only_in_the_persons_favour(today: int, asked: int) -> None:
    change_the_fee(today)
    assert payments.due().amount == Decimal(asked)


@pytest.mark.rule("A-43", "R-101")
def test_a_fee_of_nothing_is_not_required_and_the_application_goes_on() -> None:
    change_the_fee(0)
    application = payments.passed()
    payment = billing.bill(application, at=PASSED_AT)
    assert payment.state == "not_required"
    assert Application.objects.get(pk=application.pk).state == "paid"
    assert setting.waiting(FEE, application) is None
    assert letters(payment) == ["review.fee_waived"]


@pytest.mark.rule("R-102", "R-067")
def test_the_last_day_gives_a_margin_and_then_it_is_deemed_withdrawn(payment: Payment) -> None:
    ring_due(at=DUE_AT + 14 * MINUTE)
    assert fresh(payment).state == "due"
    ring_due(at=DUE_AT + 15 * MINUTE)
    payment = fresh(payment)
    application = payment.application
    assert (payment.state, application.state) == ("expired", "deemed_withdrawn")
    assert application.ended_at == DUE_AT + 15 * MINUTE
    assert application.end_reason == "逾期未缴费，视为放弃申报。"
    assert setting.kinds_waiting(application) == set()
    assert set(letters(payment)) == {"review.fee_due", "review.fee_expired", "review.fee_expired_to_agency"}


@pytest.mark.rule("R-102")
@pytest.mark.parametrize("late", [dt.timedelta(), dt.timedelta(days=3)])
def test_a_late_sweep_leaves_what_one_on_time_would_have_left(payment: Payment, late: dt.timedelta) -> None:
    ring_due(at=DUE_AT + 15 * MINUTE + late)
    application = fresh(payment).application
    assert (application.state, application.ended_at) == ("deemed_withdrawn", DUE_AT + 15 * MINUTE)


@pytest.mark.rule("R-102")
def test_a_command_that_comes_first_executes_the_end_itself(payment: Payment) -> None:
    with pytest.raises(StepNotOpen) as caught:
        ordering.start(payment, by=payments.payer(payment), at=DUE_AT + 16 * MINUTE)
    assert "逾期未缴" in str(caught.value)
    assert fresh(payment).application.state == "deemed_withdrawn"


def test_one_working_day_before_the_end_the_person_is_reminded(payment: Payment) -> None:
    ring_due(at=DUE_AT - dt.timedelta(days=1, hours=-10))
    message = Notification.objects.about(payment).get(kind="review.fee_reminder")
    assert "还有1个工作日" in message.body
    assert "700元" in message.body


@pytest.mark.rule("R-101")
def test_only_the_person_starts_an_order_and_only_in_time(payment: Payment) -> None:
    lead = payments.agency_lead_of(payment.application)
    with pytest.raises(StepNotPermitted):
        ordering.start(payment, by=lead, at=PAID_AT)
    with pytest.raises(StepRefused) as caught:
        ordering.start(payment, by=payments.payer(payment), at=DUE_AT)
    assert [reason.code for reason in caught.value.reasons] == ["the_fee_can_be_paid"]
    assert not payment.orders.exists()


def test_one_open_order_at_a_time_however_often_it_is_started(payment: Payment) -> None:
    by = payments.payer(payment)
    first = ordering.start(payment, by=by, at=PAID_AT, key="1")
    assert ordering.start(payment, by=by, at=PAID_AT, key="1") == first
    assert ordering.start(payment, by=by, at=PAID_AT + MINUTE, key="2") == first
    assert (first.amount, first.expires_at) == (Decimal(700), DUE_AT)
    first.pk, first.order_number = None, "P2"
    with pytest.raises(IntegrityError, match="one_open_order_a_payment"), transaction.atomic():
        first.save(force_insert=True)


@pytest.mark.rule("A-08")
def test_an_investigation_stops_the_clock_and_nobody_pays_meanwhile(payment: Payment) -> None:
    holding.set_hold(payment.application, Hold.INVESTIGATION, at=PAID_AT, basis="R-148")
    with pytest.raises(StepRefused) as caught:
        ordering.start(fresh(payment), by=payments.payer(payment), at=PAID_AT + MINUTE)
    assert {reason.code for reason in caught.value.reasons} == {"the_fee_can_be_paid", "nothing_holds_it"}
    ring_due(at=DUE_AT + dt.timedelta(days=30))
    assert fresh(payment).state == "due"
    holding.set_hold(payment.application, Hold.NONE, at=PAID_AT + dt.timedelta(days=7), basis="R-148")
    running = setting.waiting(FEE, payment.application)
    assert running is not None
    assert running.due_at is not None
    assert running.due_at > DUE_AT + dt.timedelta(days=6)
    late = DUE_AT + dt.timedelta(days=2)
    assert ordering.start(fresh(payment), by=payments.payer(payment), at=late).expires_at == running.due_at


@pytest.mark.rule("A-25")
def test_a_withdrawn_application_owes_nothing(payment: Payment) -> None:
    payments.ordered(payment)
    person = acting_personally(payment.application.applicant)
    submitting.withdraw(payment.application, by=person, at=PAID_AT + MINUTE)
    payment = fresh(payment)
    assert payment.state == "closed"
    assert setting.kinds_waiting(payment.application) == set()
    assert payment.orders.get().next_at == PAID_AT + MINUTE


@pytest.mark.parametrize("step", ["expire", "confirm"])
def test_nobody_moves_a_fee_by_hand(payment: Payment, step: str) -> None:
    with pytest.raises(StepNotPermitted):
        carry_out(payment, step, by=payments.agency_lead_of(payment.application), at=PAID_AT)


def test_a_fee_does_not_expire_early(payment: Payment) -> None:
    with pytest.raises(StepRefused) as caught:
        carry_out(payment, "expire", by=SYSTEM, at=DUE_AT - MINUTE)
    assert [reason.code for reason in caught.value.reasons] == ["margin_is_over"]


@pytest.mark.rule("R-106")
def test_a_junior_goes_straight_to_the_committee() -> None:
    application = payments.paid(payments.junior())
    assert application.state == "ready_for_committee"
    assert application.payment.amount == Decimal(200)


@pytest.mark.rule("R-105")
def test_a_senior_waits_for_the_defence() -> None:
    application = payments.paid(payments.passed())
    assert application.state == "paid"
    assert setting.waiting(SETTLEMENT, application) is None
