"""The gateway's notices over real HTTP, from the real sandbox: once, repeated, late, out of order, forged, wrong, unknown, at once."""

import datetime as dt
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from portal.connectors import signing
from portal.connectors.sandbox import KEY_ID, SECRET
from portal.shared import clock
from review.domain import ordering, polling, refunding
from review.models import GatewayNotice, Order, Payment, Refund, StrayNotice
from tests.factories import payments
from tests.factories.payments import PAID_AT
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process  # noqa: F401

PATH = "/review/payments/gateway/"
MINUTE = dt.timedelta(minutes=1)


def placed(sandbox: Sandbox, address: str = "http://127.0.0.1:9", payment: Payment | None = None) -> Order:  # noqa: F811
    """Return an order that the sandbox knows; it holds its notices until it is told to send them."""
    sandbox.tell(notices={"hold": True})
    fee = payment or payments.due()
    order = ordering.start(fee, by=payments.payer(fee), at=PAID_AT)
    back = f"{address}/review/payments/{fee.code}/back/"
    return ordering.place(order, notify_url=f"{address}{PATH}", return_url=back, at=PAID_AT)


def pay(sandbox: Sandbox, order: Order, outcome: str = "succeeded") -> None:  # noqa: F811
    paid_at = (PAID_AT + MINUTE).isoformat()
    sandbox.tell("pay", order_number=order.order_number, outcome=outcome, paid_at=paid_at)


def outcomes() -> list[str]:
    return list(GatewayNotice.objects.order_by("pk").values_list("outcome", flat=True))


def fresh(order: Order) -> Order:
    return Order.objects.select_related("payment__application").get(pk=order.pk)


def wait_for(what: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not what():
        assert time.monotonic() < ends, "it did not happen within ten seconds"
        time.sleep(0.05)


class TestOverTheWire:
    """The portal as a server, the gateway as a process of its own."""

    @pytest.fixture
    def order(self, sandbox: Sandbox, live_server: Any, transactional_db: None) -> Order:  # noqa: F811
        clock.move_to(PAID_AT)
        return placed(sandbox, live_server.url)

    @pytest.mark.rule("R-101")
    def test_a_notice_takes_effect_and_is_answered_so(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order)
        sandbox.tell("release")
        row = fresh(order)
        assert (row.state, row.payment.state, row.payment.application.state) == ("paid", "succeeded", "paid")
        assert row.paid_at == PAID_AT + MINUTE
        assert [delivery["status"] for delivery in sandbox.shown()["deliveries"]] == [200]
        assert outcomes() == ["took_effect"]

    def test_three_copies_are_one_effect(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        sandbox.tell(notices={"hold": True, "copies": 3})
        pay(sandbox, order)
        sandbox.tell("release")
        assert outcomes() == ["took_effect", "repeated", "repeated"]
        assert [delivery["status"] for delivery in sandbox.shown()["deliveries"]] == [200, 200, 200]

    def test_copies_at_the_same_moment_are_one_effect(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        sandbox.tell(notices={"hold": False, "copies": 3})
        pay(sandbox, order)
        wait_for(lambda: len(outcomes()) == 3)
        assert sorted(outcomes()) == ["repeated", "repeated", "took_effect"]
        assert Payment.objects.get().state == "succeeded"
        assert not Refund.objects.exists()

    def test_out_of_order_the_failed_attempt_after_the_success(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order, "failed")
        pay(sandbox, order)
        sandbox.tell("release", reverse=True)
        assert outcomes() == ["took_effect", "noted"]
        assert fresh(order).payment.state == "succeeded"

    def test_a_forged_one_is_not_believed(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        sandbox.tell(notices={"hold": True, "forge": True})
        pay(sandbox, order)
        sandbox.tell("release")
        kept = GatewayNotice.objects.get()
        assert (kept.outcome, kept.why, kept.order_number) == ("not_believed", "signature does not hold", "")
        assert fresh(order).state == "open"
        assert [delivery["status"] for delivery in sandbox.shown()["deliveries"]] == [403]

    @pytest.mark.rule("R-100")
    def test_a_wrong_amount_is_refused_and_comes_again(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order)
        sandbox.set("payment", "wrong_amount")
        sandbox.tell("release")
        assert outcomes() == ["amount_differs"]
        assert fresh(order).state == "mispaid"
        sandbox.set("payment")
        wait_for(lambda: outcomes()[-1] == "took_effect")
        assert fresh(order).state == "paid"

    def test_a_late_one_after_we_asked_ourselves_changes_nothing(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order)
        assert polling.ask(fresh(order), at=PAID_AT + 2 * MINUTE)
        assert fresh(order).payment.state == "succeeded"
        sandbox.tell("release")
        assert outcomes() == ["repeated"]

    def test_a_refund_is_told_too(self, sandbox: Sandbox, order: Order) -> None:  # noqa: F811
        pay(sandbox, order)
        polling.ask(fresh(order), at=PAID_AT + 2 * MINUTE)
        application = fresh(order).payment.application
        refund = payments.refund_of(fresh(order))
        sandbox.tell(slow_refunds=True)
        refunding.run_due(at=clock.now())
        assert Refund.objects.get().state == "approved"
        sandbox.tell("settle_refunds")
        sandbox.tell("release")
        assert Refund.objects.get(pk=refund.pk).state == "refunded"
        assert Payment.objects.get(application=application).state == "refunded"
        assert outcomes()[-1] == "took_effect"


def signed(order_number: str, *, nonce: str = "", secret: str = SECRET, **told: Any) -> tuple[bytes, dict[str, str]]:
    """Return body and headers of a notice as the gateway sends it."""
    notice = {
        "event": "succeeded",
        "order_number": order_number,
        "trade_number": "T1",
        "amount": 70000,
        "happened_at": PAID_AT.isoformat(),
        "receipt_number": "11060000000001",
        "refund_number": None,
        **told,
    }
    body = json.dumps(notice).encode()
    return body, signing.notice_headers(KEY_ID, secret, path=PATH, body=body)


def send(body: bytes, headers: dict[str, str]) -> Any:
    return Client(enforce_csrf_checks=True).post(PATH, body, content_type="application/json", headers=headers)


@pytest.mark.django_db
class TestTheAddress:
    @pytest.fixture(autouse=True)
    def _at(self, sandbox: Sandbox) -> None:  # noqa: F811
        clock.move_to(PAID_AT)

    def test_it_is_open_without_a_session_and_says_success(self) -> None:
        order = payments.ordered()
        answer = send(*signed(order.order_number))
        assert (answer.status_code, answer.content) == (200, b"success")
        assert fresh(order).payment.state == "succeeded"

    def test_an_unknown_order_is_kept_and_not_confirmed(self) -> None:
        answer = send(*signed("P-none"))
        assert (answer.status_code, answer.content) == (409, b"unknown_order")
        assert GatewayNotice.objects.get().order_number == "P-none"
        assert StrayNotice.objects.get().notice == GatewayNotice.objects.get()

    def test_the_same_message_again_is_a_replay(self) -> None:
        order = payments.ordered()
        message = signed(order.order_number)
        assert send(*message).status_code == 200
        assert send(*message).status_code == 403
        assert list(GatewayNotice.objects.order_by("pk").values_list("why", flat=True)) == ["", "replayed"]

    @pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"[]"])
    def test_what_is_no_notice_is_refused_with_its_reason(self, body: bytes) -> None:
        headers = signing.notice_headers(KEY_ID, SECRET, path=PATH, body=body)
        assert send(body, headers).status_code == 403
        assert GatewayNotice.objects.get().outcome == "not_believed"

    def test_only_post_and_nothing_large(self) -> None:
        assert Client().get(PATH).status_code == 405
        body = b" " * 20_000
        assert send(body, signing.notice_headers(KEY_ID, SECRET, path=PATH, body=body)).status_code == 413
        assert not GatewayNotice.objects.exists()

    def test_forgeries_do_not_fill_the_table(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("review.views.paying_gateway.DISBELIEVED_AN_HOUR", 2)
        order = payments.ordered()
        statuses = [send(*signed(order.order_number, secret="nobody's")).status_code for _ in range(4)]
        assert statuses == [403, 403, 429, 429]
        assert GatewayNotice.objects.count() == 2
        assert send(*signed(order.order_number)).status_code == 200

    def test_what_was_told_is_never_changed(self) -> None:
        send(*signed("P-none"))
        table = GatewayNotice._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in (f"UPDATE {table} SET why = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(InternalError), transaction.atomic():
                connection.cursor().execute(statement)

    def test_its_address_is_the_one_that_orders_carry(self) -> None:
        assert reverse("review:gateway_notices") == PATH


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A-10")
def test_two_orders_paid_at_the_same_moment_count_once(sandbox: Sandbox) -> None:  # noqa: F811
    """Whichever comes first is the fee; the other one is proposed for refund, and neither is lost."""
    clock.move_to(PAID_AT)
    first = placed(sandbox)
    Order.objects.filter(pk=first.pk).update(state="closed", closed_at=PAID_AT)
    Payment.objects.filter(pk=first.payment_id).update(state="due")
    second = placed(sandbox, payment=Payment.objects.get(pk=first.payment_id))
    barrier = threading.Barrier(4)

    def tell(order: Order) -> None:
        barrier.wait()
        send(*signed(order.order_number, trade_number=f"T{order.pk}"))
        connection.close()

    threads = [threading.Thread(target=tell, args=[order]) for order in (first, second, first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes()) == ["repeated", "repeated", "took_effect", "took_effect"]
    payment = Payment.objects.get()
    assert payment.state == "succeeded"
    refund = Refund.objects.get()
    assert (refund.ground, {refund.order_id, payment.settled_by_id}) == ("duplicate", {first.pk, second.pk})
