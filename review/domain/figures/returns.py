"""Why files were returned for correction: what the applicants were told, by the rule it rests on."""

from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from applications.domain.figures import NONE, PATHS, Rows, Scope, supervised
from review.enums.checking import ReviewState, Verdict
from review.models import Finding

AGENCY = f"review__application__{PATHS['agency']}"


@dataclass(frozen=True)
class Returned:
    """How many files came to one agency, and how many of them it returned."""

    agency: str
    arrived: int
    returned: int


def told() -> QuerySet[Finding]:
    """Return the defects that were told to applicants.

    A defect of a version is told when that version is returned; what is still being looked at was told to nobody. A
    check that was closed tells nothing of itself: of it only the first versions, as many as were returned, are known.
    """
    returned = Q(review__state__in=[ReviewState.RETURNED, ReviewState.CLOSED_EXPIRED])
    found = Finding.objects.filter(verdict=Verdict.DEFECT, review__application__return_count__gt=0)
    early = Q(review__state=ReviewState.CLOSED, review__application__return_count__gt=_versions_before())
    return found.filter(Q(snapshot__lt=F("review__snapshot")) | returned | early)


def by_agency(scope: Scope) -> list[Returned]:
    """Return the agencies with how many files came to each and were returned; one query."""
    rows = supervised(scope).filter(recommended_at__isnull=False).values(PATHS["agency"])
    numbers = rows.annotate(arrived=Count("pk"), back=Count("pk", filter=Q(return_count__gt=0))).order_by()
    return [Returned(row[PATHS["agency"]] or NONE, row["arrived"], row["back"]) for row in numbers]


def by_reason(scope: Scope) -> dict[tuple[str, str], int]:
    """Return how many files each (agency, rule) returned; a file counts once a rule, however often it was found."""
    rows = told().filter(review__application__in=supervised(scope).values("pk")).values(AGENCY, "basis")
    numbers = rows.annotate(files=Count("review", distinct=True)).order_by()
    return {(row[AGENCY] or NONE, row["basis"]): row["files"] for row in numbers}


def returned(rows: Rows, basis: str = "") -> Rows:
    """Return the files that were returned, for one reason alone where ``basis`` is given."""
    if not basis:
        return rows.filter(recommended_at__isnull=False, return_count__gt=0)
    return rows.filter(pk__in=told().filter(basis=basis).values("review__application"))


def _versions_before() -> Coalesce:
    """Return how many earlier versions of the same file were checked."""
    earlier = Finding.objects.filter(review=OuterRef("review"), snapshot__lt=OuterRef("snapshot")).order_by()
    number = earlier.values("review").annotate(versions=Count("snapshot", distinct=True)).values("versions")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
