"""Whether the board could be read: silence of the probe is an outage, and a long one lengthens what ran (§8.8 #3)."""

import datetime as dt

from django.db import transaction

from portal.deadlines import setting
from portal.publicity.enums import ENDS, NoticeState
from portal.publicity.models import Notice, Outage, Presence
from portal.shared import clock
from portal.workdays.counting import ONE_DAY
from portal.workdays.queries import calendar_in_force

SILENCE = dt.timedelta(minutes=15)
TOLERATED = dt.timedelta(hours=4)
OPENS, CLOSES = dt.timedelta(hours=9), dt.timedelta(hours=18)


@transaction.atomic
def seen(at: dt.datetime) -> Outage | None:
    """Note that the board answered at ``at``; a longer silence before it is stored as an outage and returned."""
    presence = Presence.objects.select_for_update().order_by("-pk").first()
    if presence is not None and at - presence.last_seen_at <= SILENCE:
        presence.last_seen_at = max(at, presence.last_seen_at)
        presence.save(update_fields=["last_seen_at"])
        return None
    Presence.objects.create(since=at, last_seen_at=at)
    return _store_outage(presence.last_seen_at, at) if presence is not None else None


def _store_outage(began: dt.datetime, ended: dt.datetime) -> Outage:
    lengthens = service_time(began, ended) > TOLERATED
    outage = Outage.objects.create(began_at=began, ended_at=ended, lengthens=lengthens)
    if lengthens:
        for notice in Notice.objects.filter(state=NoticeState.POSTED, posted_at__lt=ended):
            setting.extend(ENDS, notice, workdays=1)
    return outage


def service_time(began: dt.datetime, ended: dt.datetime) -> dt.timedelta:
    """Return how much of the span lies between 9:00 and 18:00 Beijing time of working days."""
    calendar, total = calendar_in_force(), dt.timedelta(0)
    day, last = clock.day_of(began), clock.day_of(ended)
    while day <= last:
        if calendar.is_workday(day):
            opens, closes = clock.start_of(day) + OPENS, clock.start_of(day) + CLOSES
            total += max(min(ended, closes) - max(began, opens), dt.timedelta(0))
        day += ONE_DAY
    return total
