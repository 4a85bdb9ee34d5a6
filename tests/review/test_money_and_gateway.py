"""Asking the gateway when nothing comes, refunds that travel, and the daily comparison, against the real sandbox."""

import datetime as dt
from decimal import Decimal

import pytest

from portal.accounts.roles import Role
from portal.deadlines.ringing import ring_due
from portal.notifications.models import Notification
from portal.shared.errors import Refusal
from review.domain import crediting, ordering, polling, reconciling, refunding
from review.domain.reconciling import Movement, compare
from review.enums.paying import Direction
from review.models import Difference, Order, Payment, Reconciliation, Refund
from tests.factories import accounts, payments
from tests.factories.payments import DUE_AT, PAID_AT
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process  # noqa: F401

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)
NEXT_DAY = PAID_AT + dt.timedelta(days=1)


@pytest.fixture
def order(sandbox: Sandbox) -> Order:  # noqa: F811
    """An order that the sandbox knows; no notice ever comes."""
    sandbox.tell(notices={"hold": True})
    return place(payments.due())


def place(payment: Payment, at: dt.datetime = PAID_AT) -> Order:
    order = ordering.start(payment, by=payments.payer(payment), at=at)
    return ordering.place(order, notify_url="http://127.0.0.1:9/n", return_url="http://127.0.0.1:9/r", at=at)


def pay(sandbox: Sandbox, order: Order, paid_at: dt.datetime = PAID_AT) -> None:  # noqa: F811
    sandbox.tell("pay", order_number=order.order_number, outcome="succeeded", paid_at=paid_at.isoformat())


def fresh(order: Order) -> Order:
    return Order.objects.select_related("payment__application").get(pk=order.pk)


class TestAsking:
    @pytest.mark.rule("R-101")
    def test_money_without_a_notice_is_found_by_asking(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order)
        assert polling.run_due(at=PAID_AT) == 0
        assert polling.run_due(at=PAID_AT + MINUTE) == 1
        assert fresh(order).payment.state == "succeeded"

    def test_nothing_new_is_asked_about_less_and_less_often(self, order: Order) -> None:
        polling.run_due(at=PAID_AT + MINUTE)
        first = fresh(order).next_at
        polling.run_due(at=first)
        assert fresh(order).next_at - first > first - (PAID_AT + MINUTE)
        assert (fresh(order).state, fresh(order).payment.state) == ("open", "processing")

    @pytest.mark.rule("A-10")
    def test_on_the_last_evening_money_is_found_within_the_margin(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order, DUE_AT - SECOND)
        sandbox.set("payment", "dead")
        ring_due(at=DUE_AT)
        polling.run_due(at=DUE_AT)
        assert fresh(order).payment.state == "processing"
        sandbox.set("payment")
        polling.run_due(at=DUE_AT + 10 * MINUTE)
        ring_due(at=DUE_AT + 20 * MINUTE)
        assert fresh(order).payment.application.state == "paid"

    @pytest.mark.rule("A-10", "R-102")
    def test_a_gateway_down_for_a_day_costs_nobody_the_year(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order, DUE_AT - SECOND)
        ring_due(at=DUE_AT + 20 * MINUTE)
        assert fresh(order).payment.application.state == "deemed_withdrawn"
        polling.run_due(at=DUE_AT + dt.timedelta(days=1))
        assert (fresh(order).payment.state, fresh(order).payment.application.state) == ("succeeded", "paid")

    def test_after_the_last_day_the_order_is_closed_there_too(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        ring_due(at=DUE_AT)
        polling.run_due(at=DUE_AT)
        assert fresh(order).state == "closed"
        assert sandbox.shown()["orders"][0]["status"] == "closed"

    def test_an_order_whose_creation_was_lost_is_taken_over(self, sandbox: Sandbox) -> None:  # noqa: F811
        payment = payments.due()
        order = ordering.start(payment, by=payments.payer(payment), at=PAID_AT)
        sandbox.set("payment", "lost_reply")
        with pytest.raises(Refusal, match="没有产生任何扣款"):
            ordering.place(order, notify_url="http://127.0.0.1:9/n", return_url="http://127.0.0.1:9/r", at=PAID_AT)
        assert fresh(order).state == "prepared"
        sandbox.set("payment")
        polling.run_due(at=PAID_AT + MINUTE)
        assert fresh(order).state in {"open", "prepared"}
        assert len(sandbox.shown()["orders"]) == 1


class TestRefund:
    @pytest.mark.rule("A-10")
    def test_a_slow_refund_is_asked_about_until_it_is_there(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order)
        polling.ask(fresh(order), at=PAID_AT + MINUTE)
        refund = payments.refund_of(fresh(order), at=PAID_AT + 2 * MINUTE)
        sandbox.tell(slow_refunds=True)
        refunding.run_due(at=PAID_AT + 3 * MINUTE)
        assert Refund.objects.get().state == "approved"
        sandbox.tell("settle_refunds")
        refunding.run_due(at=PAID_AT + 30 * MINUTE)
        assert Refund.objects.get().state == "refunded"
        assert fresh(order).payment.state == "refunded"
        assert Notification.objects.filter(kind="review.refunded").count() == 1
        assert refund.refund_number == Refund.objects.get().refund_number

    def test_one_that_the_gateway_refuses_is_tried_again_under_a_new_number(self, sandbox: Sandbox) -> None:  # noqa: F811
        order = payments.ordered()  # the sandbox does not know it
        crediting.credit(order, payments.money(order), at=PAID_AT)
        refund = payments.refund_of(fresh(order), at=PAID_AT + MINUTE)
        refunding.run_due(at=PAID_AT + 2 * MINUTE)
        failed = Refund.objects.get()
        assert failed.state == "failed"
        assert failed.last_error.startswith("缴费渠道不予退款")
        assert Notification.objects.filter(kind="review.refund_failed").exists()
        lead = payments.agency_lead_of(fresh(order).payment.application)
        again = refunding.retry(failed, by=lead, at=PAID_AT + 3 * MINUTE)
        assert (again.state, again.refund_number != refund.refund_number) == ("approved", True)


def moved(number: str = "P1", amount: int = 700, at: dt.datetime = PAID_AT, refund: str = "") -> Movement:
    way = Direction.REFUNDED if refund else Direction.PAID
    return Movement(way, number, refund, Decimal(amount), at)


@pytest.mark.rule("A-10")
@pytest.mark.parametrize(
    ("here", "there", "kinds"),
    [
        ([moved()], [moved()], []),
        ([], [moved()], ["missing_here"]),
        ([moved()], [], ["missing_there"]),
        ([moved()], [moved(amount=500)], ["amount"]),
        ([moved()], [moved(at=PAID_AT + SECOND)], ["time"]),
        ([moved()], [moved(), moved()], ["twice"]),
        ([moved()], [moved(amount=500, at=PAID_AT + SECOND)], ["amount", "time"]),
        ([moved(refund="R1")], [moved()], ["missing_there", "missing_here"]),
    ],
)
def test_every_difference_has_its_name(here: list[Movement], there: list[Movement], kinds: list[str]) -> None:
    assert [found.kind.value for found in compare(here, there).found] == kinds


class TestComparing:
    @pytest.mark.rule("A-10")
    def test_a_day_in_step_has_no_difference_and_the_same_sums(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order)
        polling.ask(fresh(order), at=PAID_AT + MINUTE)
        reconciling.plan(at=NEXT_DAY)
        assert reconciling.run_due(at=NEXT_DAY) == 1
        day = Reconciliation.objects.get()
        assert (day.state, day.lines_here, day.paid_here, day.paid_there) == ("done", 1, Decimal(700), Decimal(700))
        assert not Difference.objects.exists()

    @pytest.mark.rule("A-10")
    def test_money_that_nobody_told_of_heals_and_is_kept_as_a_difference_that_vanished(
        self,
        sandbox: Sandbox,  # noqa: F811
        order: Order,
    ) -> None:
        pay(sandbox, order)
        reconciling.ask(PAID_AT.date(), by=accounts.actor(Role.BUREAU_LEAD), at=NEXT_DAY)
        reconciling.run_due(at=NEXT_DAY)
        assert fresh(order).payment.state == "succeeded"
        found = Difference.objects.get()
        assert (found.kind, found.gone_at) == ("missing_here", NEXT_DAY)
        assert not Notification.objects.filter(kind="review.differences_found").exists()

    def test_what_stays_is_told_to_bureau_and_agency(self, sandbox: Sandbox) -> None:  # noqa: F811
        order = payments.ordered()
        crediting.credit(order, payments.money(order), at=PAID_AT)
        lead, bureau = payments.agency_lead_of(order.payment.application), accounts.actor(Role.BUREAU_LEAD)
        reconciling.plan(at=NEXT_DAY)
        reconciling.run_due(at=NEXT_DAY)
        told = Notification.objects.filter(kind="review.differences_found")
        assert {message.person for message in told} >= {lead.person, bureau.person}
        assert {message.occasion for message in told} == {"N-13"}
        with pytest.raises(Refusal, match="处理情况"):
            reconciling.settle(Difference.objects.get(), note="", by=lead, at=NEXT_DAY)

    def test_before_two_in_the_morning_yesterday_waits(self, order: Order) -> None:
        night = dt.datetime.combine(NEXT_DAY.date(), dt.time(1, 59), tzinfo=PAID_AT.tzinfo)
        reconciling.plan(at=night)
        assert not Reconciliation.objects.exists()
        for _twice in range(2):
            reconciling.plan(at=night + MINUTE)
        assert Reconciliation.objects.get().day == PAID_AT.date()

    def test_a_dead_gateway_is_asked_again_later(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        sandbox.set("payment", "dead")
        reconciling.plan(at=NEXT_DAY)
        assert reconciling.run_due(at=NEXT_DAY) == 0
        day = Reconciliation.objects.get()
        assert (day.state, day.next_at) == ("waiting", NEXT_DAY + 10 * MINUTE)
        assert day.last_error
