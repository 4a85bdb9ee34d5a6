"""How fast the gateway's notices take effect, beside the plainest way to keep them: one INSERT each."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.connectors import signing
from portal.connectors.sandbox import KEY_ID, SECRET
from portal.connectors.systems import System
from portal.shared import clock
from review.models import GatewayNotice, Order
from tests.bench.rates import Row, stopwatch
from tests.factories import payments

ORDERS = 12
THREADS = 4
PLAIN = """
INSERT INTO review_gatewaynotice
  (received_at, outcome, why, event, order_number, trade_number, refund_number, amount, happened_at, sha256, size)
VALUES (now(), 'noted', '', 'failed', %s, '', '', 700, now(), repeat('0', 64), 1)
"""


@contextmanager
def rows() -> Iterator[list[Row]]:
    before, has_demo_clock = settings.CONNECTORS, settings.DEMO_CLOCK
    way = {"url": "http://127.0.0.1:9/payment", "key_id": KEY_ID, "secret": SECRET}
    settings.CONNECTORS = {**before, System.PAYMENT.value: way}
    settings.DEMO_CLOCK = True  # the fees are due in August, whatever the machine's calendar says
    clock.move_to(payments.PAID_AT)
    try:
        yield [
            Row("fees paid by notice", "notices/s", "one INSERT with commit", fresh_notices, inserts),
            Row("notices repeated", "notices/s", "one INSERT with commit", repeated_notices, inserts),
        ]
    finally:
        clock.back_to_real_time()
        settings.CONNECTORS, settings.DEMO_CLOCK = before, has_demo_clock


def fresh_notices() -> float:
    """Let each of some orders be paid: signature, locks, three steps with their ledger entries, letters, commit."""
    orders = [payments.ordered() for _ in range(ORDERS)]
    return _sent(orders, repeats=1)


def repeated_notices() -> float:
    """Send the same news of one paid order again and again."""
    order = payments.ordered()
    _sent([order], repeats=1)
    return _sent([order], repeats=20 * THREADS)


def _sent(orders: list[Order], *, repeats: int) -> float:
    cache.clear()
    messages = [_signed(order) for order in orders for _ in range(repeats)]
    shares = [messages[start::THREADS] for start in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool, stopwatch() as watch:
        list(pool.map(_send, shares))
    assert GatewayNotice.objects.filter(order__in=orders).count() >= len(messages)
    return len(messages) / watch.seconds


def _send(messages: list[tuple[bytes, dict[str, str]]]) -> None:
    client, path = Client(), reverse("review:gateway_notices")
    for body, headers in messages:
        answer = client.post(path, body, content_type="application/json", headers=headers)
        assert answer.content == b"success", answer.content
    connection.close()


def _signed(order: Order) -> tuple[bytes, dict[str, str]]:
    notice = {
        "event": "succeeded",
        "order_number": order.order_number,
        "trade_number": f"T{order.pk}",
        "amount": int(order.amount * 100),
        "happened_at": payments.PAID_AT.isoformat(),
        "receipt_number": f"1106{order.pk:010d}",
        "refund_number": None,
    }
    body = json.dumps(notice).encode()
    return body, signing.notice_headers(KEY_ID, SECRET, path=reverse("review:gateway_notices"), body=body)


def inserts() -> float:
    """Insert as many rows by as many connections, each in a transaction of its own."""
    number = 100 * THREADS
    with ThreadPoolExecutor(THREADS) as pool, stopwatch() as watch:
        list(pool.map(partial(_insert, number // THREADS), range(THREADS)))
    return number / watch.seconds


def _insert(number: int, thread: int) -> None:
    with connection.cursor() as cursor:
        for one in range(number):
            cursor.execute(PLAIN, [f"bench-{thread}-{one}"])
    connection.close()
