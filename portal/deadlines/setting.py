"""Setting, moving, stopping and lifting deadlines; always in the transaction of the step that causes it."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from portal.deadlines import settled, terms
from portal.deadlines.models import Deadline, DeadlineQuerySet, Pause, Reminder
from portal.deadlines.registry import kind_named
from portal.shared.prepared import Asked, Prepared
from portal.workdays.counting import Calendar
from portal.workdays.queries import calendar_in_force


@transaction.atomic
def set_workdays(kind: str, subject: models.Model, *, workdays: int, at: dt.datetime, basis: str = "") -> Deadline:
    """Set a deadline that ends at 24:00 of the ``workdays``-th working day after ``at``, and its reminders.

    Raises LookupError for an unregistered kind and IntegrityError where one of the kind already waits.
    """
    calendar = calendar_in_force()
    end = terms.end_of_count(calendar, at, workdays, ())
    return _create(
        kind,
        subject,
        calendar,
        started_at=at,
        workdays=workdays,
        due_at=end.due_at,
        is_provisional=end.is_provisional,
        days=terms.explained(end.days),
        basis=basis,
    )


@transaction.atomic
def set_instant(kind: str, subject: models.Model, *, due_at: dt.datetime, at: dt.datetime, basis: str = "") -> Deadline:
    """Set a deadline that ends at the instant ``due_at`` (exclusive), and its reminders."""
    return _create(kind, subject, calendar_in_force(), started_at=min(at, due_at), due_at=due_at, basis=basis)


@transaction.atomic
def set_instant_for_all(kind: str, subjects: Sequence[models.Model], *, at: dt.datetime) -> None:
    """Set a deadline that is due at once, without reminders, on many subjects of one model; raises IntegrityError as above."""
    if not subjects:
        return
    known = kind_named(kind)
    of = ContentType.objects.get_for_model(subjects[0])
    rows = (
        Deadline(kind=kind, subject_type=of, subject_id=one.pk, started_at=at, due_at=at, basis=known.basis)
        for one in subjects
    )
    Deadline.objects.bulk_create(rows, batch_size=1_000)
    settled.forget()


def waiting(kind: str, subject: models.Model) -> Deadline | None:
    """Return the deadline of ``kind`` that waits on ``subject``, or None."""
    of = ContentType.objects.get_for_model(subject)
    return _waiting().first(kind=kind, type=of.pk, subject=subject.pk)


def kinds_waiting(subject: models.Model) -> set[str]:
    """Return the kinds of the deadlines that wait on ``subject``, paused ones too."""
    return set(Deadline.objects.waiting().of(subject).values_list("kind", flat=True))


@transaction.atomic
def lift(kind: str, subject: models.Model, *, at: dt.datetime) -> None:
    """End the waiting deadline without ringing, where there is one; its reminders die with it."""
    for deadline in _locked(kind, subject):
        Deadline.objects.filter(pk=deadline.pk).update(lifted_at=at)
        _drop_reminders(deadline)


@transaction.atomic
def extend(kind: str, subject: models.Model, *, workdays: int) -> None:
    """Add working days to the waiting deadline (an extension once granted, a page that was down).

    Raises ValueError for a deadline that ends at a fixed instant: it has no count to lengthen.
    """
    for deadline in _locked(kind, subject):
        if deadline.workdays is None:
            raise ValueError(f"The deadline {kind} ends at a fixed instant.")
        deadline.workdays += workdays
        recompute(deadline, calendar_in_force())


@transaction.atomic
def pause(kind: str, subject: models.Model, *, cause: str, at: dt.datetime, reason: str, basis: str) -> None:
    """Stop the clock of the waiting deadline for ``cause``; it neither rings nor reminds until every cause has ended.

    Twice for the same cause is once.
    """
    for deadline in _locked(kind, subject):
        if not deadline.pauses.filter(cause=cause, resumed_at=None).exists():
            Pause.objects.create(deadline=deadline, cause=cause, paused_at=at, reason=reason, basis=basis)
            recompute(deadline, calendar_in_force())


@transaction.atomic
def resume(kind: str, subject: models.Model, *, cause: str, at: dt.datetime) -> None:
    """End what ``cause`` paused; the clock runs on unless another cause holds it.

    Days that a pause touched stay uncounted; one that was to begin later touches none and is forgotten.
    """
    for deadline in _locked(kind, subject):
        standing = deadline.pauses.filter(cause=cause, resumed_at=None)
        forgotten, _rows = standing.filter(paused_at__gt=at).delete()
        if forgotten or standing.update(resumed_at=at):
            recompute(deadline, calendar_in_force())


def recompute_all(year: int, at: dt.datetime) -> None:
    """Count every open deadline anew after the notice of ``year`` came into force; none moves earlier."""
    calendar = calendar_in_force()
    open_ones = Deadline.objects.waiting().filter(workdays__isnull=False, due_at__gt=at)
    for pk in open_ones.values_list("pk", flat=True):
        with transaction.atomic():
            deadline = open_ones.select_for_update().filter(pk=pk).first()
            if deadline is not None:
                recompute(deadline, calendar)


def recompute(deadline: Deadline, calendar: Calendar) -> None:
    """Store the end that the count now gives, never earlier than the one already told, and move the reminders."""
    told = deadline.due_at
    if deadline.workdays is None:
        _move_fixed(deadline)
    else:
        end = terms.end_of_count(calendar, deadline.started_at, deadline.workdays, deadline.pauses.all())
        deadline.is_provisional = end.is_provisional
        if end.due_at is None or told is None or end.due_at >= told:
            deadline.due_at = end.due_at
            deadline.days = terms.explained(end.days)
    deadline.save()
    settled.forget()
    _drop_reminders(deadline)
    _set_reminders(deadline, calendar)


def _move_fixed(deadline: Deadline) -> None:
    """Move a fixed end once nothing holds its clock any more, by as long as it stood still.

    Until then the planned end waits in the explanation, with the instant from which the clock stands.
    """
    pauses = list(deadline.pauses.order_by("paused_at", "pk"))
    stands = [pause for pause in pauses if pause.resumed_at is None]
    if stands and deadline.due_at is not None:
        deadline.days = [{"planned": deadline.due_at, "since": stands[0].paused_at}]
        deadline.due_at = None
    elif not stands and deadline.due_at is None:
        planned, since = (dt.datetime.fromisoformat(deadline.days[0][name]) for name in ("planned", "since"))
        deadline.due_at = planned + (max((pause.resumed_at or since for pause in pauses), default=since) - since)
        deadline.days = []


def _create(kind: str, subject: models.Model, calendar: Calendar, **fields: Any) -> Deadline:
    known = kind_named(kind)
    fields["basis"] = fields["basis"] or known.basis
    deadline = Deadline.objects.create(kind=kind, subject=subject, **fields)
    settled.forget()
    _set_reminders(deadline, calendar)
    return deadline


def _set_reminders(deadline: Deadline, calendar: Calendar) -> None:
    if deadline.due_at is None:
        return
    planned = {
        remaining: terms.reminding_instant(calendar, deadline.due_at, remaining)
        for remaining in kind_named(deadline.kind).reminders
    }
    if not planned:
        return
    sent = _sent_for(deadline, planned)
    Reminder.objects.bulk_create(
        Reminder(deadline=deadline, remaining=remaining, remind_at=remind_at)
        for remaining, remind_at in planned.items()
        if remind_at > deadline.started_at and remaining not in sent
    )


def _sent_for(deadline: Deadline, planned: dict[int, dt.datetime]) -> set[int]:
    """Return what was reminded of this end; what was sent before an end moved on is forgotten, and will be sent anew."""
    sent = dict(deadline.reminders.values_list("remaining", "reminded_at"))
    outdated = {days for days, at in sent.items() if at and at < planned.get(days, at)}
    if outdated:
        deadline.reminders.filter(remaining__in=outdated).delete()
    return sent.keys() - outdated


def _drop_reminders(deadline: Deadline) -> None:
    deadline.reminders.filter(reminded_at=None).delete()


def _locked(kind: str, subject: models.Model) -> list[Deadline]:
    of = ContentType.objects.get_for_model(subject)
    return _lock().all(kind=kind, type=of.pk, subject=subject.pk)


@cache
def _waiting() -> Prepared[Deadline]:
    return Prepared(_of_kind())


@cache
def _lock() -> Prepared[Deadline]:
    return Prepared(_of_kind().select_for_update(of=("self",)))


def _of_kind() -> DeadlineQuerySet:
    rows = Deadline.objects.waiting().filter(kind=Asked("kind"), subject_type=Asked("type"))
    return rows.filter(subject_id=Asked("subject"))
