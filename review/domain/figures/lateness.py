"""What is not done by its day, by the office that it waits for."""

from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, QuerySet

from applications.domain.figures import NONE, PATHS, Rows, Scope, supervised
from portal.deadlines.models import Deadline
from portal.publicity.enums import ANSWER
from portal.publicity.models import Objection
from portal.redress import enums as redress
from portal.redress.models import ReviewRequest
from review.enums.checking import FIRST_CHECK_IN

Row = TypeVar("Row", bound=models.Model)


def unchecked(rows: Rows) -> Rows:
    """Return the files whose first check was not done in time and still is not (R-097)."""
    return rows.filter(review__overdue=True, review__state__in=sorted(FIRST_CHECK_IN))


def unchecked_by_agency(scope: Scope) -> dict[str, int]:
    """Return how many such files lie with each agency; one query."""
    found = unchecked(supervised(scope)).values(PATHS["agency"]).annotate(number=Count("pk")).order_by()
    return {row[PATHS["agency"]] or NONE: row["number"] for row in found}


def unanswered() -> QuerySet[Objection]:
    """Return the objections that lie unanswered with whoever let the time pass, the oldest first (A-08).

    They belong to no series or agency. What went up to the next instance is late no more: that has its own time.
    """
    late = _past(ANSWER, Objection.objects.awaiting())
    return late.select_related("handler", "line__notice").order_by("received_at", "pk")


def unanswered_reviews() -> QuerySet[ReviewRequest]:
    """Return the review requests that lie unanswered past their time, the oldest first (A-24, N-13).

    That is with the bureau: what another office lets lie goes up to it.
    """
    late = _past(redress.ANSWER, ReviewRequest.objects.awaiting())
    return late.select_related("handler", "first_handler").order_by("filed_at", "pk")


def _past(kind: str, rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """Return those of ``rows`` whose deadline of ``kind`` rang, and for which none waits since."""
    known = Deadline.objects.filter(kind=kind, subject_type=ContentType.objects.get_for_model(rows.model))
    rang = rows.filter(pk__in=known.filter(rung_at__isnull=False).values("subject_id"))
    return rang.exclude(pk__in=known.waiting().values("subject_id"))
