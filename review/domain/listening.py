"""The gateway's notices: believed only when signed, kept whatever they say, answered when they took effect."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal.connectors import payment as gateway
from portal.connectors.errors import ConnectorError, Malformed
from portal.connectors.payment import Event
from review.domain import crediting, refunding, stray_notices
from review.domain.crediting import Money
from review.enums.paying import Outcome, RefundState
from review.models import GatewayNotice, Order, Refund


def hear(path: str, headers: Mapping[str, str], body: bytes, *, at: dt.datetime) -> Outcome:
    """Take one request to the notify address over and return what became of it.

    The effect and its record commit together, or neither does and the gateway sends it again. Raises ``Malformed`` for
    what the gateway did not send, now and for the first time; ``note_disbelief`` keeps that it came.
    """
    told = gateway.read_notice(path, headers, body)
    order = _order(told.order_number)
    with transaction.atomic():
        if order is None:
            return _keep(told, None, Outcome.UNKNOWN_ORDER, body, at)
        return _keep(told, order, _effect(told, order, at), body, at)


def note_disbelief(error: ConnectorError, body: bytes, *, at: dt.datetime) -> None:
    """Keep that something came which was not the gateway's: why it was not believed, its hash and its size, not its words."""
    why = error.defect if isinstance(error, Malformed) else type(error).__name__
    GatewayNotice.objects.create(
        received_at=at, outcome=Outcome.NOT_BELIEVED, why=why[:200], sha256=_hash(body), size=len(body)
    )


def _effect(told: gateway.Notice, order: Order, at: dt.datetime) -> Outcome:
    if told.event is Event.SUCCEEDED:
        money = Money(told.amount, told.happened_at, told.trade_number, told.receipt_number or "")
        return crediting.credit(order, money, at=at)
    if told.event is Event.REFUNDED:
        return _given_back(told, order, at)
    return Outcome.NOTED  # a failed attempt: the order stays open, the payer tries again


def _given_back(told: gateway.Notice, order: Order, at: dt.datetime) -> Outcome:
    refund = Refund.objects.filter(order=order, refund_number=told.refund_number or "").first()
    if refund is None:
        return Outcome.UNKNOWN_ORDER
    if told.amount != refund.amount:
        return Outcome.AMOUNT_DIFFERS
    if refund.state == RefundState.REFUNDED:
        return Outcome.REPEATED
    done = refunding.complete(refund, refunded_at=told.happened_at, at=at)
    return Outcome.TOOK_EFFECT if done.state == RefundState.REFUNDED else Outcome.NOTED


def _order(number: str) -> Order | None:
    return Order.objects.select_related("payment__application").filter(order_number=number).first()


def _keep(told: gateway.Notice, order: Order | None, outcome: Outcome, body: bytes, at: dt.datetime) -> Outcome:
    known: dict[str, Any] = {
        "event": told.event,
        "order_number": told.order_number[:64],
        "trade_number": told.trade_number[:64],
        "refund_number": (told.refund_number or "")[:64],
        "amount": told.amount,
        "happened_at": told.happened_at,
    }
    kept = GatewayNotice.objects.create(
        received_at=at, outcome=outcome, order=order, sha256=_hash(body), size=len(body), **known
    )
    if outcome == Outcome.UNKNOWN_ORDER:
        stray_notices.keep(kept)
    return outcome


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
