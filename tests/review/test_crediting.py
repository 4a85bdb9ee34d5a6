"""Money that arrives: in time, late, too late, twice, for what has ended; never swallowed, never counted twice."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.domain import submitting
from applications.models import Application
from portal.accounts.actors import SYSTEM, acting_personally
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared.errors import StepNotOpen
from portal.workflow import carry_out
from review.domain import crediting, ordering, refunding
from review.enums.paying import RefundGround
from review.models import Order, Payment, Refund
from tests.factories import applications, payments
from tests.factories.payments import DUE_AT, PAID_AT

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def order(payment: Payment) -> Order:
    return payments.ordered(payment)


def state_of(order: Order) -> tuple[str, str, str]:
    """Return how order, fee and application stand."""
    payment = Payment.objects.get(pk=order.payment_id)
    return (
        Order.objects.get(pk=order.pk).state,
        payment.state,
        Application.objects.get(pk=payment.application_id).state,
    )


def refunds() -> list[tuple[str, str, Decimal]]:
    return list(Refund.objects.order_by("pk").values_list("ground", "state", "amount"))


@pytest.mark.rule("R-101", "A-10")
def test_money_in_time_settles_the_fee(order: Order) -> None:
    assert crediting.credit(order, payments.money(order), at=PAID_AT + MINUTE) == "took_effect"
    assert state_of(order) == ("paid", "succeeded", "paid")
    payment = order.payment
    assert setting.kinds_waiting(payment.application) == set()
    told = Notification.objects.about(payment).get(kind="review.fee_paid")
    assert Order.objects.get(pk=order.pk).receipt_number in told.body
    assert Notification.objects.about(payment).filter(kind="review.fee_paid_to_agency").exists()
    assert refunds() == []


def test_the_same_news_again_changes_nothing(order: Order) -> None:
    money = payments.money(order)
    crediting.credit(order, money, at=PAID_AT)
    entries = Entry.objects.count()
    assert crediting.credit(order, money, at=PAID_AT + MINUTE) == "repeated"
    assert Entry.objects.count() == entries
    assert Notification.objects.filter(kind="review.fee_paid").count() == 1


@pytest.mark.rule("R-100", "A-10")
@pytest.mark.parametrize("amount", ["699.99", "700.01", "7"])
def test_another_amount_goes_back_and_the_fee_can_be_paid_anew(order: Order, amount: str) -> None:
    application, lead = order.payment.application, payments.agency_lead_of(order.payment.application)
    wrong = replace(payments.money(order), amount=Decimal(amount))
    assert crediting.credit(order, wrong, at=PAID_AT) == "amount_differs"
    assert state_of(order) == ("mispaid", "due", "review_passed")
    assert refunds() == [("amount", "proposed", Decimal(amount))]
    told = Notification.objects.about(order.payment).get(kind="review.fee_mispaid")
    assert (told.person, "2026年8月26日（星期三）24:00" in told.body) == (application.applicant, True)
    assert f"到账{Decimal(amount).normalize():f}元" in told.body
    assert Notification.objects.filter(kind="review.refund_proposed", person=lead.person).exists()
    assert crediting.credit(order, wrong, at=PAID_AT + MINUTE) == "repeated"
    assert len(refunds()) == 1
    again = payments.ordered(Payment.objects.get(pk=order.payment_id), at=PAID_AT + MINUTE)
    crediting.credit(again, payments.money(again), at=PAID_AT + 2 * MINUTE)
    assert state_of(again) == ("paid", "succeeded", "paid")
    refunding.approve(Refund.objects.get(), by=lead, at=PAID_AT + 3 * MINUTE)
    assert refunds() == [("amount", "approved", Decimal(amount))]
    assert state_of(again) == ("paid", "succeeded", "paid")


@pytest.mark.rule("A-10")
def test_a_gateway_that_corrects_the_amount_is_believed(order: Order) -> None:
    right = payments.money(order)
    crediting.credit(order, replace(right, amount=Decimal(7)), at=PAID_AT)
    assert crediting.credit(order, right, at=PAID_AT + MINUTE) == "took_effect"
    assert state_of(order) == ("paid", "succeeded", "paid")
    assert refunds() == [("amount", "declined", Decimal(7))]
    assert Refund.objects.get().answer == "缴费渠道已更正到账金额。"
    lead, clerk = (of(order.payment.application) for of in (payments.agency_lead_of, applications.agency_clerk_of))
    with pytest.raises(StepNotOpen):
        refunding.approve(Refund.objects.get(), by=lead, at=PAID_AT + 2 * MINUTE)
    payments.withdrawn(order.payment.application, at=PAID_AT + 3 * MINUTE)
    given = {"ground": RefundGround.AGENCY_ERROR, "reason": "机构审核差错", "by": clerk, "at": PAID_AT + 4 * MINUTE}
    refunding.approve(refunding.propose(order, **given), by=lead, at=PAID_AT + 5 * MINUTE)
    assert refunds()[1:] == [("agency_error", "approved", Decimal("700.00"))]


@pytest.mark.rule("A-10")
@pytest.mark.parametrize("decided", ["", "approved", "failed", "refunded"])
def test_a_correction_after_the_fee_was_paid_again_gives_the_whole_money_back(order: Order, decided: str) -> None:
    right = payments.money(order)
    crediting.credit(order, replace(right, amount=Decimal(7)), at=PAID_AT)
    bring_to(Refund.objects.get(), decided, at=PAID_AT)
    again = payments.ordered(Payment.objects.get(pk=order.payment_id), at=PAID_AT + MINUTE)
    crediting.credit(again, payments.money(again), at=PAID_AT + 2 * MINUTE)
    for later in (3, 4):
        crediting.credit(order, right, at=PAID_AT + later * MINUTE)
    rest = ("amount", decided, Decimal(7)) if decided else ("amount", "declined", Decimal(7))
    assert refunds() == [rest, ("duplicate", "proposed", Decimal(693) if decided else Decimal(700))]
    assert state_of(again) == ("paid", "succeeded", "paid")


@pytest.mark.rule("A-10")
@pytest.mark.parametrize("decided", ["approved", "failed", "refunded"])
def test_what_came_back_in_part_is_no_fee_and_its_rest_follows(order: Order, decided: str) -> None:
    right = payments.money(order)
    crediting.credit(order, replace(right, amount=Decimal(7)), at=PAID_AT)
    bring_to(Refund.objects.get(), decided, at=PAID_AT)
    crediting.credit(order, right, at=PAID_AT + MINUTE)
    assert state_of(order) == ("paid", "due", "review_passed")
    assert refunds() == [("amount", decided, Decimal(7)), ("amount", "proposed", Decimal(693))]
    again = payments.ordered(Payment.objects.get(pk=order.payment_id), at=PAID_AT + 2 * MINUTE)
    crediting.credit(again, payments.money(again), at=PAID_AT + 3 * MINUTE)
    refunding.approve(
        Refund.objects.latest("pk"), by=payments.agency_lead_of(order.payment.application), at=PAID_AT + 4 * MINUTE
    )
    assert state_of(again) == ("paid", "succeeded", "paid")


@pytest.mark.rule("A-10")
def test_the_database_gives_no_more_back_than_came(order: Order) -> None:
    crediting.credit(order, replace(payments.money(order), amount=Decimal(7)), at=PAID_AT)
    bring_to(Refund.objects.get(), "approved", at=PAID_AT)
    more = Refund(order=order, refund_number="R2", ground="ended", amount=Decimal("0.01"), proposed_at=PAID_AT)
    with pytest.raises(IntegrityError, match="brought less"), transaction.atomic():
        more.save()


def bring_to(refund: Refund, state: str, *, at: dt.datetime) -> None:
    """Let the lead approve a refund, and the gateway fail or give it."""
    if state:
        refunding.approve(refund, by=payments.agency_lead_of(refund.order.payment.application), at=at)
    if state == "failed":
        carry_out(refund, "fail", by=SYSTEM, at=at, why="渠道繁忙")
    elif state == "refunded":
        refunding.complete(refund, refunded_at=at, at=at)


@pytest.mark.rule("A-10")
def test_another_amount_in_the_last_minutes_asks_for_no_second_payment(order: Order) -> None:
    crediting.credit(order, replace(payments.money(order), amount=Decimal(7)), at=DUE_AT + 5 * MINUTE)
    assert "重新缴纳" not in Notification.objects.get(kind="review.fee_mispaid").body
    ring_due(at=DUE_AT + dt.timedelta(days=1))
    assert state_of(order) == ("mispaid", "expired", "deemed_withdrawn")
    assert refunds() == [("amount", "proposed", Decimal(7))]


@pytest.mark.rule("A-10")
def test_money_paid_at_the_last_instant_and_told_within_the_margin_counts(order: Order) -> None:
    ring_due(at=DUE_AT)
    money = payments.money(order, paid_at=DUE_AT)
    assert crediting.credit(order, money, at=DUE_AT + 14 * MINUTE) == "took_effect"
    assert state_of(order) == ("paid", "succeeded", "paid")
    ring_due(at=DUE_AT + dt.timedelta(days=1))
    assert state_of(order) == ("paid", "succeeded", "paid")


@pytest.mark.rule("A-10")
@pytest.mark.parametrize("after", [dt.timedelta(minutes=16), dt.timedelta(days=9)])
def test_money_in_time_that_is_told_late_revives_the_application(order: Order, after: dt.timedelta) -> None:
    money = payments.money(order, paid_at=DUE_AT - SECOND)
    crediting.credit(order, money, at=DUE_AT + after)
    assert state_of(order) == ("paid", "succeeded", "paid")
    application = Application.objects.get(pk=order.payment.application_id)
    assert (application.ended_at, application.end_reason) == (None, "")
    assert application.recommendation.state == "recommended"
    assert [entry.step for entry in Entry.objects.filter(subject_id=application.pk, step="revive")] == ["revive"]
    assert refunds() == []


@pytest.mark.rule("A-10")
@pytest.mark.parametrize("told_after", [dt.timedelta(minutes=5), dt.timedelta(hours=5)])
def test_money_after_the_last_instant_goes_back(order: Order, told_after: dt.timedelta) -> None:
    crediting.credit(order, payments.money(order, paid_at=DUE_AT + SECOND), at=DUE_AT + told_after)
    ring_due(at=DUE_AT + dt.timedelta(days=1))
    assert state_of(order) == ("paid", "expired", "deemed_withdrawn")
    assert refunds() == [("late", "proposed", Decimal("700.00"))]


@pytest.mark.rule("A-10")
def test_a_second_payment_goes_back_and_the_first_counts(order: Order) -> None:
    first = order
    payment = first.payment
    crediting.close(first, at=PAID_AT)
    second = payments.ordered(Payment.objects.get(pk=payment.pk), at=PAID_AT + MINUTE)
    for one in (second, first):
        crediting.credit(one, payments.money(one, paid_at=PAID_AT), at=PAID_AT + 2 * MINUTE)
    payment = Payment.objects.get(pk=payment.pk)
    assert (payment.state, payment.settled_by) == ("succeeded", second)
    assert Refund.objects.get().order == first
    assert refunds() == [("duplicate", "proposed", Decimal("700.00"))]


@pytest.mark.rule("A-10")
def test_money_for_a_withdrawn_application_goes_back(order: Order) -> None:
    person = acting_personally(order.payment.application.applicant)
    submitting.withdraw(order.payment.application, by=person, at=PAID_AT)
    crediting.credit(order, payments.money(order), at=PAID_AT + MINUTE)
    assert state_of(order) == ("paid", "closed", "withdrawn")
    assert refunds() == [("ended", "proposed", Decimal("700.00"))]


@pytest.mark.rule("A-10", "A-25")
def test_beside_another_application_of_the_year_none_is_revived(order: Order) -> None:
    ring_due(at=DUE_AT + 15 * MINUTE)
    application = order.payment.application
    other = applications.draft(application.entry, acting_personally(application.applicant))
    crediting.credit(order, payments.money(order), at=DUE_AT + dt.timedelta(days=1))
    assert state_of(order) == ("paid", "expired", "deemed_withdrawn")
    assert Refund.objects.get().ground == "ended"
    assert "另一份进行中的申报" in Refund.objects.get().reason
    assert other.is_live


def test_a_closed_order_lets_the_person_try_again(order: Order) -> None:
    crediting.close(order, at=PAID_AT)
    assert state_of(order) == ("closed", "due", "review_passed")
    again = ordering.start(Payment.objects.get(pk=order.payment_id), by=payments.payer(order.payment), at=PAID_AT)
    assert again.order_number != order.order_number


def test_an_order_closed_here_and_paid_there_counts(order: Order) -> None:
    crediting.close(order, at=PAID_AT)
    crediting.credit(order, payments.money(order), at=PAID_AT + MINUTE)
    assert state_of(order) == ("paid", "succeeded", "paid")
