"""Reading one's messages; the first reading of registered mail is its receipt."""

import datetime as dt

from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.ledger.record import record
from portal.notifications.kinds import receiver_of
from portal.notifications.models import Notification
from portal.notifications.queries import inbox_of

RECEIVED = "receive"


def mark_read(message: Notification, *, at: dt.datetime) -> None:
    """Remember when the message was first opened; registered mail is received instead, and stays as it is."""
    if not message.registered:
        Notification.objects.filter(pk=message.pk, read_at=None).update(read_at=at)


@transaction.atomic
def receive(message: Notification, *, by: Actor, at: dt.datetime) -> None:
    """Take the receipt of registered mail: its instant is stored and in the ledger, and the owning room is told.

    A second receipt changes nothing. Raises TypeError for ordinary mail.
    """
    if not message.registered:
        raise TypeError(f"{message.kind} is not registered mail.")
    locked = Notification.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
    if locked.read_at is not None:
        return
    locked.read_at = at
    locked.save(update_fields=["read_at"])
    record(locked, RECEIVED, by=by, at=at, facts={"kind": locked.kind, "about": locked.about_code})
    receiver = receiver_of(locked.kind)
    if receiver is not None:
        receiver(locked, at=at)


def mark_all_read(person: Person, *, at: dt.datetime, on: dt.date) -> int:
    """Mark every unread message of the person as read, except registered mail, and return how many there were."""
    unread = inbox_of(person, on=on).unread().filter(registered=False).order_by()
    return unread.update(read_at=at)
