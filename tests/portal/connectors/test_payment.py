"""The payment gateway: orders, refunds, the daily statement, and that an operation done twice is done once."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from portal.connectors import payment
from portal.connectors.errors import Refused, Unreachable
from portal.connectors.payment import Direction, NewOrder, OrderStatus, RefundStatus
from portal.connectors.sandbox.desk import JOURNAL
from tests.fixtures.sandbox import Sandbox, running

FEE = Decimal(700)


@pytest.fixture
def order(sandbox: Sandbox, now: dt.datetime) -> NewOrder:
    sandbox.tell(notices={"hold": True})
    return NewOrder(
        order_number="P2026-0001",
        amount=FEE,
        subject="职称评审费（高级）",
        expires_at=now + dt.timedelta(days=5),
        notify_url="http://127.0.0.1:9/payment/notice",
        return_url="http://127.0.0.1:9/payment/P2026-0001",
    )


def pay(sandbox: Sandbox, order: NewOrder, outcome: str = "succeeded", **told: Any) -> None:
    sandbox.tell("pay", order_number=order.order_number, outcome=outcome, **told)


class TestOrder:
    def test_a_new_order_is_open_and_says_where_to_pay(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        made = payment.create_order(order, at=now)
        assert (made.status, made.amount, made.paid_at) == (OrderStatus.OPEN, FEE, None)
        assert made.pay_url.startswith(f"{sandbox.url}/pay/")

    def test_the_same_number_again_is_the_same_order(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
        assert payment.create_order(order, at=now) == payment.create_order(order, at=now)
        assert len(sandbox.shown()["orders"]) == 1

    def test_the_same_number_for_another_amount_is_refused(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        payment.create_order(order, at=now)
        with pytest.raises(Refused) as caught:
            payment.create_order(replace(order, amount=Decimal(500)), at=now)
        assert caught.value.code == "order_differs"

    def test_an_order_whose_answer_was_lost_is_not_made_twice(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        sandbox.set("payment", "lost_reply", times=1)
        made = payment.create_order(order, at=now)
        assert len(sandbox.requests("payment")) == 2
        assert payment.query(order.order_number, at=now) == made

    def test_an_unknown_order_is_none(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert payment.query("P-none", at=now) is None

    def test_an_amount_finer_than_a_fen_is_a_mistake_of_ours(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        with pytest.raises(ValueError, match="two decimal places"):
            payment.create_order(replace(order, amount=Decimal("700.001")), at=now)

    def test_a_wrong_amount_is_shown_as_told_for_the_caller_to_compare(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        payment.create_order(order, at=now)
        sandbox.set("payment", "wrong_amount")
        found = payment.query(order.order_number, at=now)
        assert found is not None
        assert found.amount == Decimal("700.01")


class TestPaying:
    @pytest.mark.rule("R-101")
    def test_a_paid_order_has_its_own_time_and_a_receipt(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        payment.create_order(order, at=now)
        pay(sandbox, order)
        paid = payment.query(order.order_number, at=now)
        assert paid is not None
        assert paid.status is OrderStatus.SUCCEEDED
        assert paid.receipt_number
        assert paid.paid_at is not None
        assert abs(paid.paid_at - now) < dt.timedelta(minutes=2)

    def test_a_failed_attempt_leaves_the_order_open(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
        payment.create_order(order, at=now)
        pay(sandbox, order, "failed")
        found = payment.query(order.order_number, at=now)
        assert found is not None
        assert found.status is OrderStatus.OPEN

    def test_a_closed_order_can_no_longer_be_paid(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
        payment.create_order(order, at=now)
        assert payment.close(order.order_number, at=now).status is OrderStatus.CLOSED
        answer = httpx.post(
            f"{sandbox.url}/_control/pay", json={"order_number": order.order_number, "outcome": "succeeded"}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "not_open")

    def test_closing_an_order_just_paid_tells_that_it_was_paid(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        payment.create_order(order, at=now)
        pay(sandbox, order)
        assert payment.close(order.order_number, at=now).status is OrderStatus.SUCCEEDED

    def test_closing_an_unknown_order_is_refused(self, sandbox: Sandbox, now: dt.datetime) -> None:
        with pytest.raises(Refused) as caught:
            payment.close("P-none", at=now)
        assert caught.value.code == "no_such_order"

    def test_the_payers_page_pays(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
        pay_url = payment.create_order(order, at=now).pay_url
        page = httpx.get(pay_url)
        assert "700.00" in page.text
        assert order.order_number in page.text
        answer = httpx.post(pay_url, data={"outcome": "succeeded"})
        assert (answer.status_code, answer.headers["Location"]) == (303, order.return_url)
        again = httpx.post(pay_url, data={"outcome": "succeeded"})
        assert again.status_code == 409
        assert 'role="alert"' in again.text


class TestRefund:
    @pytest.fixture
    def paid(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> NewOrder:
        payment.create_order(order, at=now)
        pay(sandbox, order)
        return order

    @pytest.mark.rule("A-10")
    def test_the_whole_amount_back(self, paid: NewOrder, now: dt.datetime) -> None:
        given = payment.refund(paid.order_number, "R-1", FEE, "重复缴费", at=now)
        assert (given.status, given.amount) == (RefundStatus.SUCCEEDED, FEE)
        found = payment.query(paid.order_number, at=now)
        assert found is not None
        assert found.status is OrderStatus.REFUNDED

    def test_the_same_number_again_gives_nothing_more(self, paid: NewOrder, now: dt.datetime) -> None:
        first = payment.refund(paid.order_number, "R-1", FEE, "重复缴费", at=now)
        assert payment.refund(paid.order_number, "R-1", FEE, "重复缴费", at=now) == first
        assert payment.query_refund("R-1", at=now) == first

    def test_a_slow_refund_is_processing_until_it_is_settled(
        self, sandbox: Sandbox, paid: NewOrder, now: dt.datetime
    ) -> None:
        sandbox.tell(slow_refunds=True)
        given = payment.refund(paid.order_number, "R-1", FEE, "会议取消", at=now)
        assert (given.status, given.refunded_at) == (RefundStatus.PROCESSING, None)
        sandbox.tell("settle_refunds")
        settled = payment.query_refund("R-1", at=now)
        assert settled is not None
        assert settled.status is RefundStatus.SUCCEEDED

    @pytest.mark.parametrize(("number", "amount", "code"), [("R-1", 100, "refund_differs"), ("R-2", 300, "too_much")])
    def test_what_is_refused(self, paid: NewOrder, now: dt.datetime, number: str, amount: int, code: str) -> None:
        payment.refund(paid.order_number, "R-1", Decimal(500), "部分退费", at=now)
        with pytest.raises(Refused) as caught:
            payment.refund(paid.order_number, number, Decimal(amount), "再退", at=now)
        assert caught.value.code == code

    def test_nothing_paid_nothing_back(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
        payment.create_order(order, at=now)
        with pytest.raises(Refused) as caught:
            payment.refund(order.order_number, "R-1", FEE, "误操作", at=now)
        assert caught.value.code == "not_paid"

    def test_an_unknown_refund_is_none(self, sandbox: Sandbox, now: dt.datetime) -> None:
        assert payment.query_refund("R-none", at=now) is None


class TestStatement:
    def test_it_holds_the_days_movements_in_order_of_time(
        self, sandbox: Sandbox, order: NewOrder, now: dt.datetime
    ) -> None:
        other = replace(order, order_number="P2026-0002", amount=Decimal(200))
        for each in (order, other):
            payment.create_order(each, at=now)
        pay(sandbox, other, paid_at="2026-07-08T23:59:59+08:00")
        pay(sandbox, order, paid_at="2026-07-08T08:00:00+08:00")
        day = [(line.order_number, line.amount) for line in payment.statement(now.date(), at=now)]
        assert day == [("P2026-0001", FEE), ("P2026-0002", Decimal(200))]
        assert payment.statement(now.date() + dt.timedelta(days=1), at=now) == ()

    def test_refunds_stand_in_it_too(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
        payment.create_order(order, at=now)
        pay(sandbox, order)
        payment.refund(order.order_number, "R-1", FEE, "重复缴费", at=now)
        lines = payment.statement(now.date(), at=now)
        assert [(line.direction, line.refund_number) for line in lines] == [
            (Direction.PAID, None),
            (Direction.REFUNDED, "R-1"),
        ]

    def test_a_long_one_comes_in_pages(self, sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
        payment.create_order(order, at=now)
        pay(sandbox, order)
        for number in range(20):
            payment.refund(order.order_number, f"R-{number}", Decimal(1), "逐笔退费", at=now)
        assert len(payment.statement(now.date(), at=now)) == 21

    def test_a_dead_gateway_gives_none(self, sandbox: Sandbox, now: dt.datetime) -> None:
        sandbox.set("payment", "dead")
        with pytest.raises(Unreachable):
            payment.statement(now.date(), at=now)


def test_payments_survive_a_restart_of_the_sandbox(
    sandbox: Sandbox, order: NewOrder, now: dt.datetime, settings: Any, tmp_path: Any
) -> None:
    payment.create_order(order, at=now)
    pay(sandbox, order)
    (tmp_path / JOURNAL).write_bytes((sandbox.data / JOURNAL).read_bytes())
    with running(tmp_path) as other:
        settings.CONNECTORS["payment"] |= {"url": f"{other.url}/payment"}
        found = payment.query(order.order_number, at=now)
    assert found is not None
    assert found.status is OrderStatus.SUCCEEDED


def test_the_sandbox_follows_the_portals_clock(sandbox: Sandbox, order: NewOrder, now: dt.datetime) -> None:
    """A demonstration skips days; a payment made afterwards carries the portal's day, not the machine's."""
    payment.create_order(order, at=now)
    payment.query(order.order_number, at=now + dt.timedelta(days=3))
    pay(sandbox, order)
    found = payment.query(order.order_number, at=now + dt.timedelta(days=3))
    assert found is not None
    assert found.paid_at is not None
    assert found.paid_at.date() == now.date() + dt.timedelta(days=3)
