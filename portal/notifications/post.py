"""Posting letters: rows in the transaction of the step, sent after it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django.db import connection, models, transaction
from django.db.transaction import TransactionManagementError

from portal.accounts.actors import SYSTEM
from portal.accounts.models import Person
from portal.notifications import bell
from portal.notifications.enums import Channel, DeliveryState, Need
from portal.notifications.kinds import Letter, reach_of
from portal.notifications.models import Declined, Delivery, Notification
from portal.notifications.recipients import Copy, Recipient, copies_for, email_of
from portal.notifications.rendering import Words, render
from portal.shared import clock
from portal.shared.codes import new_code
from portal.shared.errors import StepNotOpen
from portal.workflow import carry_out


def post(
    letter: type[Letter],
    *,
    to: Recipient | Iterable[Recipient],
    about: models.Model,
    at: dt.datetime,
    facts: Mapping[str, Any] | None = None,
) -> list[Notification]:
    """Tell the recipients and return their messages; the message exists if, and only if, the step does.

    Must stand in the transaction of the step, else raises TransactionManagementError. ``facts`` are exactly those
    that the letter declares, else raises IncompleteLetterError. What leaves the portal does so after the commit.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError(f"{letter.kind()} must be posted in the transaction of its step.")
    copies = copies_for(to, on=clock.day_of(at))
    rows = [_notification(letter, copy, about, at, _words(letter, copy, about, at, facts or {})) for copy in copies]
    Notification.objects.bulk_create([row for row, _ in rows])
    waiting = _deliveries(letter, rows, at)
    if waiting:
        Delivery.objects.bulk_create(waiting)
        transaction.on_commit(bell.ring, robust=True)
    return [row for row, _ in rows]


def cancel(letter: type[Letter], *, about: models.Model, at: dt.datetime) -> None:
    """Take back the reminders of this kind about ``about``, for their task is done: unsent ones are never sent.

    Raises TypeError for a letter that is no reminder: what was told otherwise stays told.
    """
    if not letter.reminder:
        raise TypeError(f"{letter.kind()} is not a reminder.")
    reminders = Notification.objects.about(about).filter(kind=letter.kind(), lapsed_at=None)
    unsent = Delivery.objects.filter(notification__in=reminders, state=DeliveryState.WAITING)
    with transaction.atomic():
        for delivery in list(unsent):
            with suppress(StepNotOpen):  # a worker was quicker
                carry_out(delivery, "cancel", by=SYSTEM, at=at)
        reminders.update(lapsed_at=at)


def _words(letter: type[Letter], copy: Copy, about: models.Model, at: dt.datetime, facts: Mapping[str, Any]) -> Words:
    return render(letter, facts, addressee=copy.addressee, code=getattr(about, "code", ""), at=at)


def _notification(
    letter: type[Letter], copy: Copy, about: models.Model, at: dt.datetime, words: Words
) -> tuple[Notification, Words]:
    row = Notification(
        code=new_code(Notification.CODE_PREFIX),
        kind=letter.kind(),
        occasion=letter.occasion,
        person=copy.person,
        organisation=copy.organisation,
        roles=",".join(sorted(copy.roles)),
        outside=letter.outside,
        subject=words.subject,
        body=words.body,
        about_type=about._meta.label,
        about_id=about.pk,
        about_code=getattr(about, "code", ""),
        registered=letter.registered,
        posted_at=at,
    )
    return row, words


def _deliveries(letter: type[Letter], rows: list[tuple[Notification, Words]], at: dt.datetime) -> list[Delivery]:
    people = [row.person_id for row, _ in rows if row.person_id]
    if not letter.channels or not (people or letter.outside):
        return []
    pairs = Declined.objects.filter(person__in=people, occasion=letter.occasion).values_list("person", "channel")
    declined = frozenset(pairs) if people else frozenset()
    return [
        Delivery(code=new_code(Delivery.CODE_PREFIX), notification=row, channel=channel, line=words.line, not_before=at)
        for row, words in rows
        for channel, need in letter.channels.items()
        if _goes_by(row, channel, need, declined)
    ]


def _goes_by(row: Notification, channel: Channel, need: Need, declined: frozenset[tuple[int, str]]) -> bool:
    if row.outside:
        reach = reach_of(row.kind)
        return reach is not None and bool(reach(row.about_id, channel))
    return row.person is not None and (need is Need.REQUIRED or _wanted_by(row.person, channel, declined))


def _wanted_by(person: Person, channel: Channel, declined: frozenset[tuple[int, str]]) -> bool:
    """Return whether an optional message goes out: not declined, and e-mail only to those who gave an address.

    A missing telephone number is no choice: that delivery is made, ends as impossible and shows to staff.
    """
    if (person.pk, channel) in declined:
        return False
    return channel is not Channel.EMAIL or bool(email_of(person))
