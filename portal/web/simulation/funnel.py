"""What became of the people of a run: how many came how far, where the others ended and why, and a fingerprint of it all."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from applications.enums import ApplicationState
from applications.models import Application
from portal.web.simulation import people
from review.enums.paying import SETTLED
from review.enums.sitting import DECIDED

AT_ONCE = 500
LONGEST = 60
# How far somebody came, in the order of the way; each was passed by everybody who stands further on.
WAY: dict[str, Q] = {
    "began a draft": Q(),
    "submitted": Q(snapshots__isnull=False),
    "recommended": Q(recommended_at__isnull=False),
    "passed the check": Q(payment__isnull=False),
    "paid": Q(payment__state__in=sorted(SETTLED)),
    "decided on": Q(agenda_items__state__in=sorted(DECIDED)),
    "passed the vote": Q(agenda_items__state="decided_pass"),
    "publicised": Q(accepted_cases__notice__isnull=False),
    "numbered": Q(accepted_cases__certificates__isnull=False),
    "certified": Q(state=ApplicationState.CERTIFIED),
}


@dataclass(frozen=True)
class Ended:
    """So many stand in a state for a reason."""

    state: str
    reason: str
    number: int


def way(numbers: range) -> Iterator[tuple[str, int]]:
    """Yield how many of the applicants ``numbers`` came as far as each station."""
    for station, reached in WAY.items():
        yield station, _of(numbers).filter(reached).aggregate(number=Count("pk", distinct=True))["number"]


def ends(numbers: range) -> Iterator[Ended]:
    """Yield how many stand in each state, by the reason that is told there, the most first."""
    rows = _of(numbers).values("state", "end_reason").annotate(number=Count("pk")).order_by("-number", "state")
    for row in rows:
        yield Ended(row["state"], row["end_reason"][:LONGEST], row["number"])


def fingerprint(numbers: range) -> str:
    """Return a hash over everybody's account, name, title wanted, state, reason and counted votes: the same for the same seed."""
    whole = hashlib.sha256()
    fields = (
        "applicant__username",
        "applicant__full_name",
        "applicant__born_on",
        "title",
        "state",
        "end_reason",
        "agenda_items__agree",
        "agenda_items__against",
        "agenda_items__abstain",
    )
    rows = _of(numbers).order_by("applicant__username", "agenda_items__pk").values_list(*fields)
    for row in rows.iterator(AT_ONCE):
        whole.update(repr(row).encode())
    return whole.hexdigest()


def _of(numbers: range) -> QuerySet[Application]:
    between = (people.username(numbers[0]), people.username(numbers[-1]))
    return Application.objects.filter(applicant__username__range=between)
