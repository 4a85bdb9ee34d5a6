"""What is not done by its day, by the office that it waits for."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet

from applications.domain.figures import NONE, PATHS, Rows, Scope, supervised
from portal.deadlines.models import Deadline
from portal.publicity.enums import ANSWER
from portal.publicity.models import Objection
from review.enums.checking import FIRST_CHECK_IN


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
    kind = ContentType.objects.get_for_model(Objection)
    answers = Deadline.objects.filter(kind=ANSWER, subject_type=kind)
    return (
        Objection.objects.awaiting()
        .filter(pk__in=answers.filter(rung_at__isnull=False).values("subject_id"))
        .exclude(pk__in=answers.waiting().values("subject_id"))
        .select_related("handler", "line__notice")
        .order_by("received_at", "pk")
    )
