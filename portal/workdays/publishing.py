"""Entering a year's notice and putting it in force."""

import datetime as dt
from collections.abc import Callable, Mapping

from django.db import transaction

from portal.accounts.actors import Actor
from portal.ledger.record import record
from portal.workdays.counting import DayException
from portal.workdays.models import NoticeState, SpecialDay, YearNotice
from portal.workflow import carry_out

Listener = Callable[[int, dt.datetime], None]

_listeners: list[Listener] = []


def on_published(listener: Listener) -> None:
    """Have ``listener(year, at)`` called in the transaction that puts a notice of ``year`` in force."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def prepare(
    *, year: int, title: str, source: str, days: Mapping[dt.date, DayException], by: Actor, at: dt.datetime
) -> YearNotice:
    """Store a draft notice of ``year`` with its days; it counts only after another person published it."""
    notice = YearNotice.objects.create(year=year, title=title, source=source, prepared_by=by.person)
    SpecialDay.objects.bulk_create(
        SpecialDay(notice=notice, date=date, is_workday=day.is_workday, name=day.name) for date, day in days.items()
    )
    record(
        notice, "prepare", by=by, at=at, after=NoticeState.DRAFT, basis="A-04", facts={"year": year, "days": len(days)}
    )
    return notice


@transaction.atomic
def publish(notice: YearNotice, *, by: Actor, at: dt.datetime, key: str | None = None) -> YearNotice:
    """Put ``notice`` in force in place of an earlier one of its year, and tell those who computed with it.

    Raises StepRefused where its days are not sound or the same person prepared it.
    """
    earlier = YearNotice.objects.in_force().filter(year=notice.year).exclude(pk=notice.pk).first()
    if earlier is not None:
        carry_out(earlier, "replace", by=by, at=at)
    notice = carry_out(notice, "publish", by=by, at=at, key=key)
    for listener in _listeners:
        listener(notice.year, at)
    return notice
