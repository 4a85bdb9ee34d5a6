"""Reading messages and deliveries."""

import datetime as dt
from functools import cache

from django.db import models
from django.db.models import QuerySet

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import organisations_of
from portal.notifications.kinds import Letter
from portal.notifications.models import Declined, Delivery, Notification, NotificationQuerySet
from portal.shared.prepared import Asked, Statement


def inbox_of(person: Person, *, on: dt.date) -> NotificationQuerySet:
    """Return the person's messages, unread first, then the newest first."""
    unread_first = models.Case(models.When(read_at=None, lapsed_at=None, then=0), default=1)
    found = Notification.objects.in_inbox_of(person, on=on).select_related("organisation")
    return found.order_by(unread_first, "-posted_at", "-pk")


def unread_count(person: Person, *, on: dt.date, acting_for: Organisation | None = None) -> int:
    """Return how many messages the person has not read; every page asks it, with one indexed count.

    Only for organisations other than ``acting_for``, whose role was judged already, it asks which roles still hold.
    """
    counts: dict[int | None, int] = dict(map(tuple, _unread_by_organisation().values(person=person.pk)))
    own = counts.pop(None, 0) + (counts.pop(acting_for.pk, 0) if acting_for else 0)
    held = (
        organisations_of(person, on=on).filter(pk__in=[*filter(None, counts)]).values_list("pk", flat=True)
        if counts
        else ()
    )
    return own + sum(counts[organisation] for organisation in held)


@cache
def _unread_by_organisation() -> Statement:
    unread = Notification.objects.filter(person=Asked("person")).unread().order_by()
    return Statement(unread.values_list("organisation").annotate(models.Count("pk")))


def deliveries_needing_staff() -> QuerySet[Delivery]:
    """Return the deliveries that reached nobody and still matter, the newest first."""
    found = Delivery.objects.needing_staff().select_related("notification__person", "notification__organisation")
    return found.order_by("-ended_at", "-pk")


def deliveries_about(row: models.Model) -> QuerySet[Delivery]:
    """Return the deliveries of messages about one row, for the desk that must know whether somebody was reached."""
    about = Notification.objects.about(row)
    return Delivery.objects.filter(notification__in=about).select_related("notification__person").order_by("pk")


def messages_about(row: models.Model) -> NotificationQuerySet:
    """Return the messages about one row with their deliveries, in the order in which they were posted."""
    found = Notification.objects.about(row).select_related("organisation").prefetch_related("deliveries")
    return found.order_by("posted_at", "kind", "organisation", "pk")


def received_at(letter: type[Letter], *, about: models.Model, by: Person) -> dt.datetime | None:
    """Return when ``by`` first received a letter of this kind about ``about``, or None as long as they did not."""
    found = Notification.objects.about(about).filter(kind=letter.kind(), person=by, read_at__isnull=False)
    return found.order_by("read_at").values_list("read_at", flat=True).first()


def declined_by(person: Person) -> frozenset[tuple[str, str]]:
    """Return the (occasion, channel) pairs that the person does not want."""
    return frozenset(Declined.objects.filter(person=person).values_list("occasion", "channel"))
