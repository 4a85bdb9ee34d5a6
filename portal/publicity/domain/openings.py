"""How often the page of a notice was opened: sums by day, so that nobody can be found in them."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Sum

from portal.accounts.actors import Actor
from portal.publicity.enums import NoticeState
from portal.publicity.models import Notice, Opening
from portal.shared import clock


def count(notice: Notice, *, by: Actor, at: dt.datetime) -> None:
    """Count one opening of a running notice's page by a reader; the publisher's own staff at work is none.

    Whoever opens it twice is counted twice: who it was is not known and must not be.
    """
    is_publisher = by.organisation is not None and by.organisation.pk == notice.publisher_id
    if notice.state != NoticeState.POSTED or is_publisher:
        return
    day = clock.day_of(at)
    today = Opening.objects.filter(notice=notice, day=day)
    with transaction.atomic():
        if not today.update(times=F("times") + 1):
            Opening.objects.bulk_create([Opening(notice=notice, day=day)], ignore_conflicts=True)
            today.update(times=F("times") + 1)


def total(notice: Notice) -> int:
    """Return how often readers opened the page so far."""
    return notice.openings.aggregate(total=Sum("times"))["total"] or 0
