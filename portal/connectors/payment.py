"""Online payment (R-101): order, query, close, refund, daily statement, and the gateway's notices.

Money is a Decimal of yuan here and whole fen on the wire. Every operation is idempotent by a
number that the portal gives: asking twice with the same number does once and answers alike.
A notice only says that it is time to look: what counts is `amount`, `paid_at` and `status`, which
the caller compares with the order (amount equal, own time of payment within the limit, A-10).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from portal.connectors.contract import fen, read, read_optional
from portal.connectors.notices import open_notice
from portal.connectors.systems import System
from portal.connectors.transport import call


class OrderStatus(StrEnum):
    """State of an order at the gateway; a failed attempt leaves it `OPEN`."""

    OPEN = "open"
    SUCCEEDED = "succeeded"
    CLOSED = "closed"
    REFUNDED = "refunded"


class RefundStatus(StrEnum):
    """State of a refund at the gateway."""

    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Event(StrEnum):
    """What a notice tells."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class NewOrder:
    """What is to be paid, until when, and where gateway and payer are to report back."""

    order_number: str
    amount: Decimal
    subject: str
    expires_at: datetime
    notify_url: str
    return_url: str


@dataclass(frozen=True)
class Order:
    """An order as the gateway holds it; `paid_at` and `receipt_number` (财政电子票据) once it succeeded."""

    order_number: str
    trade_number: str
    status: OrderStatus
    amount: Decimal
    pay_url: str
    paid_at: datetime | None
    receipt_number: str | None


@dataclass(frozen=True)
class Refund:
    """A refund as the gateway holds it."""

    refund_number: str
    order_number: str
    amount: Decimal
    status: RefundStatus
    refunded_at: datetime | None


@dataclass(frozen=True)
class Notice:
    """One verified message of the gateway; `happened_at` is the gateway's own time of the event."""

    event: Event
    order_number: str
    trade_number: str
    amount: Decimal
    happened_at: datetime
    receipt_number: str | None
    refund_number: str | None


class Direction(StrEnum):
    """Which way the money of a statement line went."""

    PAID = "paid"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class StatementLine:
    """One movement of money on the day of the statement."""

    direction: Direction
    order_number: str
    trade_number: str
    amount: Decimal
    happened_at: datetime
    refund_number: str | None


@dataclass(frozen=True)
class _StatementPage:
    lines: tuple[StatementLine, ...]
    next_page: int | None


def create_order(order: NewOrder, *, at: datetime) -> Order:
    """Open an order and return it with the address where the payer pays; raise a `ConnectorError`.

    Refused with `order_differs` when the number was used before for another amount.
    """
    facts = {
        "order_number": order.order_number,
        "amount": fen(order.amount),
        "subject": order.subject,
        "expires_at": order.expires_at.isoformat(),
        "notify_url": order.notify_url,
        "return_url": order.return_url,
    }
    return call(System.PAYMENT, "create", facts, at=at, read=lambda data: read(Order, data))


def query(order_number: str, *, at: datetime) -> Order | None:
    """Return an order as the gateway holds it now, None when it has none; raise a `ConnectorError`."""
    return call(
        System.PAYMENT,
        "query",
        {"order_number": order_number},
        at=at,
        read=lambda data: read_optional(Order, data.get("order"), "order"),
    )


def close(order_number: str, *, at: datetime) -> Order:
    """Close an open order so that it can no longer be paid; one already paid comes back as `SUCCEEDED`.

    Raise a `ConnectorError`; refused with `no_such_order` when the gateway has none.
    """
    return call(System.PAYMENT, "close", {"order_number": order_number}, at=at, read=lambda data: read(Order, data))


def refund(order_number: str, refund_number: str, amount: Decimal, reason: str, *, at: datetime) -> Refund:
    """Ask for money to be given back; asked again with the same number, return how far it is.

    Raise a `ConnectorError`; refused with `not_paid`, `too_much` or `refund_differs`.
    """
    facts = {
        "order_number": order_number,
        "refund_number": refund_number,
        "amount": fen(amount),
        "reason": reason,
    }
    return call(System.PAYMENT, "refund", facts, at=at, read=lambda data: read(Refund, data))


def query_refund(refund_number: str, *, at: datetime) -> Refund | None:
    """Return how far a refund is, None when the gateway has none; raise a `ConnectorError`."""
    return call(
        System.PAYMENT,
        "query_refund",
        {"refund_number": refund_number},
        at=at,
        read=lambda data: read_optional(Refund, data.get("refund"), "refund"),
    )


def statement(day: date, *, at: datetime) -> tuple[StatementLine, ...]:
    """Return every movement of money of one day (Asia/Shanghai), in order of time; raise a `ConnectorError`."""
    lines: list[StatementLine] = []
    page: int | None = 1
    while page is not None:
        facts = {"day": day.isoformat(), "page": page}
        part = call(System.PAYMENT, "statement", facts, at=at, read=lambda data: read(_StatementPage, data))
        lines += part.lines
        page = part.next_page if part.next_page != page else None
    return tuple(lines)


def read_notice(path: str, headers: Mapping[str, str], body: bytes) -> Notice:
    """Return what a request to the notify address tells, if the gateway itself sent it, now, for the first time.

    Raise `Malformed` when the signature does not hold, the timestamp is stale, the nonce was used
    before or the content is not as agreed, and `Unreachable` when payment is not configured. The
    view answers 200 with the text `success` only after the notice took effect; else the gateway repeats it.
    """
    return open_notice(System.PAYMENT, path, headers, body, read=lambda data: read(Notice, data))
