"""Asking the gateway about open orders when no notice comes, and closing those that must no longer be paid."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q

from portal.accounts.actors import SYSTEM
from portal.connectors import payment as gateway
from portal.connectors.errors import ConnectorError, Refused
from portal.connectors.payment import OrderStatus
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import crediting
from review.domain.crediting import Money
from review.enums.paying import OPEN_ORDERS, WAITS_FOR_MONEY, OrderState
from review.guards.paying import deadline_of
from review.models import Order

logger = logging.getLogger(__name__)

FIRST_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(minutes=10)
# While the person looks at the page it may ask by itself, but not more often than this.
PATIENCE = dt.timedelta(seconds=3)


def run_due(*, at: dt.datetime, most: int = 50) -> int:
    """Ask about the open orders whose turn it is, at most ``most``, and return how many; any number of workers may run."""
    asked = 0
    while asked < most:
        order = _claimed(at)
        if order is None:
            break
        ask(order, at=at)
        asked += 1
    return asked


def ask(order: Order, *, at: dt.datetime) -> bool:
    """Let the gateway say how an order stands, take it over, and return whether it answered.

    Holds no lock and no transaction while it asks. An order whose fee is settled, closed or past its last day is closed
    there first: money that came before the closing comes back as paid, and none can come after it.
    """
    must_close = _must_close(order, at)
    try:
        answer = _closed(order, at) if must_close else gateway.query(order.order_number, at=at)
    except ConnectorError as error:
        logger.info("order %s: %s", order.order_number, error)
        Order.objects.filter(pk=order.pk).update(last_error=str(error)[:200])
        return False
    _take(order, answer, must_close=must_close, at=at)
    return True


def ask_now(order: Order, *, at: dt.datetime) -> bool:
    """Ask for the person who waits at the page, unless somebody has just asked; return whether the gateway answered."""
    is_stale = Q(asked_at=None) | Q(asked_at__lte=at - PATIENCE)
    mine = Order.objects.filter(is_stale, pk=order.pk, state__in=OPEN_ORDERS).update(asked_at=at)
    return ask(order, at=at) if mine else True


def _claimed(at: dt.datetime) -> Order | None:
    """Return the order that waits longest, put off for the others; the attempt counts from here, whatever becomes of it."""
    with transaction.atomic():
        due = Order.objects.filter(state__in=OPEN_ORDERS, next_at__lte=at).select_related("payment__application")
        order = due.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("next_at", "pk").first()
        if order is not None:
            order.attempts, order.asked_at = order.attempts + 1, at
            order.next_at = at + min(FIRST_PAUSE * 2 ** min(order.attempts, 10), _longest(order, at))
            order.save(update_fields=["attempts", "asked_at", "next_at", "updated_at"])
        return order


def _longest(order: Order, at: dt.datetime) -> dt.timedelta:
    """Ask often while people look and while the margin runs; else every ten minutes."""
    return dt.timedelta(minutes=1) if _must_close(order, at) else LONGEST_PAUSE


def _must_close(order: Order, at: dt.datetime) -> bool:
    """Where the fee is settled or past its last day; and where a moved deadline left the order behind, for a new one."""
    due_at = deadline_of(order.payment)
    is_over = at >= order.expires_at or (due_at is not None and at >= due_at)
    return order.payment.state not in WAITS_FOR_MONEY or is_over


def _closed(order: Order, at: dt.datetime) -> gateway.Order | None:
    try:
        return gateway.close(order.order_number, at=at)
    except Refused as refused:
        if refused.code == "no_such_order":
            return None
        raise


def _take(order: Order, answer: gateway.Order | None, *, must_close: bool, at: dt.datetime) -> None:
    if answer is None:
        if must_close:  # the gateway never had it
            crediting.close(order, at=at)
        return
    if answer.paid_at is not None:
        money = Money(answer.amount, answer.paid_at, answer.trade_number, answer.receipt_number or "")
        outcome = crediting.credit(order, money, at=at)
        logger.info("order %s: %s", order.order_number, outcome)
    elif answer.status is OrderStatus.CLOSED:
        crediting.close(order, at=at)
    elif order.state == OrderState.PREPARED:
        _place(order, answer, at)


def _place(order: Order, answer: gateway.Order, at: dt.datetime) -> None:
    """Take over an order whose answer was lost between the gateway and us."""
    with transaction.atomic():
        locked(order.payment.application)
        row = locked(order)
        if row.state == OrderState.PREPARED:
            carry_out(row, "place", by=SYSTEM, at=at, trade_number=answer.trade_number, pay_url=answer.pay_url)
