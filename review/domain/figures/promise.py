"""How the promise of twenty working days stands, batch by batch (R-006, A-06)."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from applications.domain.figures import Scope, supervised
from portal.deadlines.models import Deadline
from portal.workdays.counting import Calendar
from portal.workdays.queries import calendar_in_force
from review.domain.promising import days_used
from review.enums.accepting import PROMISE, AcceptanceState
from review.enums.figuring import PromiseState
from review.models import AcceptedCase, ResultAcceptance

DONE = frozenset({AcceptanceState.REFUSED, AcceptanceState.CERTIFIED})


@dataclass(frozen=True)
class Promised:
    """One batch and its clock: working days promised, used and left; ``left`` is negative once the promise is broken."""

    batch: ResultAcceptance
    state: PromiseState
    days: int
    used: int
    due_at: dt.datetime | None

    @property
    def left(self) -> int:
        """Working days that are left."""
        return self.days - self.used


def promises(scope: Scope, at: dt.datetime) -> list[Promised]:
    """Return the batches with anybody in ``scope``, the oldest first, each with its clock; four queries."""
    batches = list(batches_in(scope))
    clocks = _clocks({batch.pk for batch in batches})
    calendar = calendar_in_force()
    return [_promised(batch, clocks[batch.pk], at, calendar) for batch in batches if batch.pk in clocks]


def batches_in(scope: Scope) -> QuerySet[ResultAcceptance]:
    """Return the batches with anybody in ``scope``."""
    people = AcceptedCase.objects.filter(application__in=supervised(scope).values("pk"))
    found = ResultAcceptance.objects.filter(pk__in=people.values("acceptance"))
    return found.select_related("session__committee__agency").order_by("reported_at", "pk")


def _clocks(batches: set[int]) -> dict[int, Deadline]:
    """Return the newest clock of each batch."""
    kind = ContentType.objects.get_for_model(ResultAcceptance)
    found = Deadline.objects.filter(kind=PROMISE, subject_type=kind, subject_id__in=batches)
    return {clock.subject_id: clock for clock in found.order_by("pk").prefetch_related("pauses")}


def _promised(batch: ResultAcceptance, clock: Deadline, at: dt.datetime, calendar: Calendar) -> Promised:
    is_done = batch.state in DONE or clock.lifted_at is not None
    until = min(at, batch.state_since) if batch.state in DONE else at
    return Promised(
        batch=batch,
        state=_state(clock, is_done=is_done),
        days=clock.workdays or 0,
        used=days_used(clock, until, calendar),
        due_at=clock.due_at,
    )


def _state(clock: Deadline, *, is_done: bool) -> PromiseState:
    if clock.rung_at is not None:
        return PromiseState.LATE if is_done else PromiseState.BREACHED
    if is_done:
        return PromiseState.KEPT
    return PromiseState.RUNNING if clock.due_at is not None else PromiseState.STANDING
