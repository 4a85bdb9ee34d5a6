"""What happened on each day: how much came, was shown, decided and certified."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from applications.domain.figures import Rows, Scope, between, on_day, supervised
from applications.enums import ApplicationState
from review.domain.figures.stages import SET_ASIDE
from review.enums.checking import ReviewState
from review.enums.figuring import Event
from review.models import AcceptedCase

# Where each event keeps its instant; a person counts once an event, on the day on which it last happened.
INSTANTS = {
    Event.SUBMITTED: "first_submitted_at",
    Event.PUBLICISED: "recommendation__notice__posted_at",
    Event.RECOMMENDED: "recommended_at",
    Event.ARRIVED: "review__arrived_at",
    Event.DECIDED: "review__decided_at",
    Event.CERTIFIED: "state_since",
}


def by_day(scope: Scope) -> dict[dt.date, dict[Event, int]]:
    """Return how many people each event touched on each day on which anything happened, the earliest first; one query an event."""
    found: dict[dt.date, dict[Event, int]] = defaultdict(dict)
    for event in Event:
        for day, number in _days(event, scope):
            found[day][event] = number
    return dict(sorted(found.items()))


def touched(rows: Rows, event: Event, day: dt.date) -> Rows:
    """Return the applications that ``event`` touched on ``day``."""
    if event == Event.VOTED:
        return rows.filter(pk__in=_results().filter(passed_on=day).values("application"))
    if event == Event.SHOWN:
        return rows.filter(pk__in=_results().filter(between("notice__posted_at", day)).values("application"))
    return rows.filter(_condition(event), between(INSTANTS[event], day))


def _days(event: Event, scope: Scope) -> list[tuple[dt.date, int]]:
    rows = supervised(scope)
    if event in {Event.VOTED, Event.SHOWN}:
        path = "passed_on" if event == Event.VOTED else "notice__posted_at"
        found: QuerySet[Any] = _results().filter(application__in=rows.values("pk"), **{f"{path}__isnull": False})
        people = Count("application", distinct=True)
    else:
        path = INSTANTS[event]
        found = rows.filter(_condition(event), **{f"{path}__isnull": False})
        people = Count("pk")
    day = F(path) if event == Event.VOTED else on_day(path)
    return list(found.annotate(day=day).values("day").annotate(number=people).order_by().values_list("day", "number"))


def _condition(event: Event) -> Q:
    """Return what else holds of whom the event touched."""
    if event == Event.CERTIFIED:
        return Q(state=ApplicationState.CERTIFIED)
    if event == Event.DECIDED:
        return Q(review__state__in=[ReviewState.PASSED, ReviewState.REJECTED])
    return Q()


def _results() -> QuerySet[AcceptedCase]:
    """Return the reported results that were not set aside."""
    return AcceptedCase.objects.exclude(state__in=SET_ASIDE)
