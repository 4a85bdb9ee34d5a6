"""Taking one delivery a step further: claim it under a lease, call the channel outside any transaction, mark it.

Towards a provider a message is sent at least once: a worker killed between the call and the mark leaves a row that
comes due again when its lease ends. The next attempt asks the provider first and repeats the same message id, so
that a person is told once.
"""

import datetime as dt
import zlib
from collections.abc import Collection
from enum import StrEnum
from typing import Any

import structlog
from django.db import transaction

from portal.accounts.actors import SYSTEM
from portal.notifications.channels import (
    Carrier,
    ChannelDown,
    Fate,
    NeverTaken,
    Parcel,
    TryLater,
    address_of,
    carrier_of,
)
from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.models import Delivery
from portal.shared.errors import StepNotOpen
from portal.workflow import carry_out

log = structlog.get_logger("portal.notifications")

# Longer than any carrier lets a call take.
LEASE = dt.timedelta(seconds=60)
MOST_ATTEMPTS = 10
FIRST_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=2)
PAUSE_OF_DOWN_CHANNEL = dt.timedelta(seconds=15)
FIRST_QUESTION = dt.timedelta(minutes=1)
NEXT_QUESTION = dt.timedelta(minutes=15)
LAST_QUESTION = dt.timedelta(days=3)


class Outcome(StrEnum):
    """What taking a delivery further came to."""

    MOVED = "moved"
    POSTPONED = "postponed"
    CHANNEL_DOWN = "channel_down"


def claim_next(*, at: dt.datetime, without: Collection[Channel] = ()) -> Delivery | None:
    """Lease the delivery that is due longest and return it, or None where nothing is due that nobody holds."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.due(at)
            .exclude(channel__in=without)
            .select_related("notification__person")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("not_before", "pk")
            .first()
        )
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.not_before = at + LEASE
        delivery.save(update_fields=["attempts", "not_before"])
        return delivery


def deliver(delivery: Delivery, *, at: dt.datetime) -> Outcome:
    """Take a claimed delivery one step further: send it, or ask what became of it; never raises a CarrierFault."""
    carrier = carrier_of(delivery)
    try:
        if delivery.state == DeliveryState.SENT:
            return _ask(delivery, carrier, at)
        return _send(delivery, carrier, at)
    except ChannelDown as down:
        _give_back(delivery, down, at)
        return Outcome.CHANNEL_DOWN
    except TryLater as later:
        _postpone(delivery, pause_before(delivery), at, later.code)
        return Outcome.POSTPONED


def pause_before(delivery: Delivery) -> dt.timedelta:
    """Return how long to wait after the attempts made so far: doubling, capped, and spread by a quarter either way.

    The spread is drawn from the delivery itself, so that those which failed together do not return together.
    """
    doubled = min(FIRST_PAUSE * 2.0 ** (delivery.attempts - 1), LONGEST_PAUSE)
    share = zlib.crc32(f"{delivery.message_id}:{delivery.attempts}".encode()) / 2**32
    return doubled * (0.75 + share / 2)


def _send(delivery: Delivery, carrier: Carrier, at: dt.datetime) -> Outcome:
    address = address_of(delivery)
    if delivery.notification.lapsed_at:
        return _take(delivery, "cancel", at)
    if not address:
        return _take(delivery, "find_no_address", at)
    if delivery.attempts > MOST_ATTEMPTS:
        return _take(delivery, "give_up", at, why=delivery.last_error or "tried_too_often")
    Delivery.objects.filter(pk=delivery.pk).update(sent_to=carrier.masked(address))
    parcel = Parcel(delivery.message_id, address, delivery.line)
    try:
        receipt = carrier.send(parcel, again=delivery.attempts > 1, at=at)
    except NeverTaken as refused:
        return _take(delivery, "give_up", at, why=refused.code)
    ask_at = at + FIRST_QUESTION if carrier.knows_fate else None
    return _take(delivery, "mark_sent", at, receipt=receipt, ask_at=ask_at)


def _ask(delivery: Delivery, carrier: Carrier, at: dt.datetime) -> Outcome:
    try:
        report = carrier.report(delivery.message_id, at=at)
    except NeverTaken as refused:
        raise TryLater(refused.code) from refused
    if report is not None and report.fate is Fate.ARRIVED:
        return _take(delivery, "confirm_arrival", at)
    if report is not None and report.fate is Fate.LOST:
        return _take(delivery, "bounce", at, why=report.code or "lost")
    _postpone(delivery, NEXT_QUESTION, at)
    return Outcome.POSTPONED


def _take(delivery: Delivery, step: str, at: dt.datetime, **facts: Any) -> Outcome:
    """Carry the step out; another worker whose claim came after ours ran out may have been quicker."""
    try:
        carry_out(delivery, step, by=SYSTEM, at=at, **facts)
    except StepNotOpen:
        log.info("delivery_already_moved", delivery=delivery.code, step=step)
    return Outcome.MOVED


def _postpone(delivery: Delivery, pause: dt.timedelta, at: dt.datetime, why: str = "") -> None:
    asked_long_enough = delivery.state == DeliveryState.SENT and at - (delivery.sent_at or at) > LAST_QUESTION
    _release(delivery, not_before=None if asked_long_enough else at + pause, last_error=why)


def _give_back(delivery: Delivery, down: ChannelDown, at: dt.datetime) -> None:
    """Undo the claim: the channel is down for everybody, and one delivery per run tries whether it is back."""
    _release(delivery, not_before=at + PAUSE_OF_DOWN_CHANNEL, last_error=down.code, attempts=delivery.attempts - 1)


def _release(delivery: Delivery, **fields: object) -> None:
    """Write the fields, provided that the claim is still ours."""
    ours = Delivery.objects.filter(
        pk=delivery.pk, state=delivery.state, round=delivery.round, attempts=delivery.attempts
    )
    ours.update(**fields)
