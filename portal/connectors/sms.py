"""Text messages: send with the portal's own message id, ask later whether it was delivered (R-107)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.connectors.contract import read, read_optional
from portal.connectors.systems import System
from portal.connectors.transport import call


class Delivery(StrEnum):
    """Fate of a message."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Receipt:
    """The provider took the message; `message_id` is the portal's, `provider_id` the provider's."""

    message_id: str
    provider_id: str
    accepted_at: datetime


@dataclass(frozen=True)
class Report:
    """What became of a message; `reason` is the operator's code when it failed, else empty."""

    message_id: str
    provider_id: str
    delivery: Delivery
    at: datetime
    reason: str


def send(message_id: str, phone: str, text: str, *, at: datetime) -> Receipt:
    """Hand one message to the provider and return its receipt; raise a `ConnectorError`.

    A second `send` with the same `message_id` returns the first receipt and sends nothing, but not
    every provider keeps that promise for long. It is therefore tried again only if the request never
    arrived; after an `Unreachable` with `maybe_done`, ask `report` before sending again.
    """
    return call(
        System.SMS,
        "send",
        {"message_id": message_id, "phone": phone, "text": text},
        at=at,
        read=lambda data: read(Receipt, data),
        idempotent=False,
    )


def report(message_id: str, *, at: datetime) -> Report | None:
    """Return what became of a message, None if the provider never got it; raise a `ConnectorError`."""
    return call(
        System.SMS,
        "report",
        {"message_id": message_id},
        at=at,
        read=lambda data: read_optional(Report, data.get("report"), "report"),
    )
