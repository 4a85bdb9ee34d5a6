"""Whether the board could be read: silence of the probe is an outage, and a long one lengthens what ran (§8.8 #3)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.publicity import letters
from portal.publicity.enums import ENDS, NoticeState
from portal.publicity.models import Notice, Outage, Presence
from portal.shared import clock
from portal.workdays.counting import ONE_DAY
from portal.workdays.queries import calendar_in_force

SILENCE = dt.timedelta(minutes=15)
TOLERATED = dt.timedelta(hours=4)
OPENS, CLOSES = dt.timedelta(hours=9), dt.timedelta(hours=18)


@dataclass(frozen=True)
class Watch:
    """The span in which a probe watched whether the page answers; ``is_whole`` where nothing of what was asked is missing."""

    since: dt.datetime
    until: dt.datetime
    is_whole: bool


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
            end = setting.waiting(ENDS, notice)
            lacking = workdays_lacking(notice, end, ended) if end else 0
            if lacking:
                setting.extend(ENDS, notice, workdays=lacking)
                letters.tell_lengthened(notice, ended)
    return outage


def workdays_lacking(notice: Notice, end: Deadline, at: dt.datetime) -> int:
    """Return how many working days a notice must run beyond ``end``, where a long outage is not counted yet.

    Each outage counts once, by what of it lies before the end; the probe's silence up to ``at`` is one, too.
    """
    if end.due_at is None or end.workdays is None or notice.posted_at is None:
        return 0
    outages = outages_between(notice.posted_at, end.due_at).values_list("began_at", "ended_at")
    spans = [*outages, *_silence(at)]
    lost = sum(service_time(began, min(ended, end.due_at)) > TOLERATED for began, ended in spans)
    return max(notice.workdays + lost - end.workdays, 0)


def _silence(at: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return since when the probe is silent at ``at``; nobody probes while the demonstration's clock is moved."""
    last = Presence.objects.order_by("-last_seen_at").first()
    if last is None or at - last.last_seen_at <= SILENCE or clock.is_moved():
        return []
    return [(last.last_seen_at, at)]


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


def outages_between(began: dt.datetime, ended: dt.datetime) -> QuerySet[Outage]:
    """Return the outages that touch the span, earliest first."""
    return Outage.objects.filter(ended_at__gt=began, began_at__lt=ended).order_by("began_at")


def watched(began: dt.datetime, ended: dt.datetime) -> Watch | None:
    """Return in which part of the span the probe was at work, or None where it was not: no outage noticed proves little then."""
    first = Presence.objects.order_by("since").first()
    last = Presence.objects.order_by("-last_seen_at").first()
    if first is None or last is None:
        return None
    since, until = max(first.since, began), min(last.last_seen_at, ended)
    is_whole = since == began and ended - until <= SILENCE
    return Watch(since, until, is_whole) if until > since else None
