"""What a handler needs to judge whether a deadline was kept by everybody: how it was counted, who was told and reminded when."""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.db.models import QuerySet

from portal.deadlines.models import Deadline
from portal.deadlines.registry import kind_named
from portal.deadlines.terms import term_of
from portal.notifications.models import Notification
from portal.redress.models import ReviewRequest
from portal.workdays.counting import Term


@dataclass(frozen=True)
class Run:
    """One deadline that ran for the subject: ``term`` explains it day by day where working days were counted."""

    label: object
    basis: str
    since: dt.datetime
    until: dt.datetime | None
    passed: bool
    term: Term | None
    reminded: tuple[dt.datetime, ...]


def runs_of(subject: models.Model) -> list[Run]:
    """Return every deadline of ``subject`` that ended, the last first."""
    ended = Deadline.objects.of(subject).exclude(rung_at=None, lifted_at=None).prefetch_related("reminders")
    return [
        Run(
            label=kind_named(one.kind).label,
            basis=one.basis,
            since=one.started_at,
            until=one.due_at,
            passed=one.rung_at is not None,
            term=term_of(one),
            reminded=tuple(sorted(known.reminded_at for known in one.reminders.all() if known.reminded_at)),
        )
        for one in ended.order_by("-due_at", "-pk")
    ]


def told(request: ReviewRequest) -> QuerySet[Notification]:
    """Return what the person was told about the subject before they asked, the last first."""
    told_of_it = Notification.objects.about(request.subject).filter(person=request.person)
    return told_of_it.filter(posted_at__lte=request.filed_at).order_by("-posted_at", "-pk")
