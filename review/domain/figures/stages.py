"""How far applications came, where they are, and where they ended."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from applications.domain.figures import NONE, PATHS, Rows, Scope, supervised
from applications.enums import AFTER_ACCEPTANCE, BEFORE_THE_COMMITTEE, ENDED, ApplicationState
from portal.catalogue.models import CatalogueEntry
from review.enums.accepting import CaseState
from review.enums.checking import ReviewState
from review.enums.defending import DefenceState
from review.enums.figuring import Stage
from review.enums.paying import PaymentState
from review.models import AcceptedCase

# A result that was set aside is no vote of this application any more.
SET_ASIDE = (CaseState.REVOTED, CaseState.VOIDED)
PAID_IN = (PaymentState.SUCCEEDED, PaymentState.NOT_REQUIRED, PaymentState.REFUND_PENDING, PaymentState.REFUNDED)
ENTRY = "entry__"
BEHIND_THE_DEFENCE = BEFORE_THE_COMMITTEE | AFTER_ACCEPTANCE | {ApplicationState.READY_FOR_COMMITTEE}


@dataclass(frozen=True)
class Counted:
    """So many applications of one group came as far as ``stage`` and stand, or ended, in ``state``."""

    group: str
    stage: Stage
    state: ApplicationState
    number: int

    @property
    def is_out(self) -> bool:
        """Whether they ended without a title."""
        return self.state in ENDED


def staged(rows: Rows) -> QuerySet[Any]:
    """Return the rows with ``stage``: the last Stage that each is known to have reached."""
    results = AcceptedCase.objects.filter(application=OuterRef("pk")).exclude(state__in=SET_ASIDE)
    paid = Q(payment__state__in=PAID_IN)
    heard = Q(defence__state=DefenceState.COMPLETED) | paid & Q(entry__level__needs_defence=False)
    behind = [
        (Q(state=ApplicationState.CERTIFIED), Stage.CERTIFIED),
        (Q(state=ApplicationState.CLEARED), Stage.CLEARED),
        (Exists(results.filter(is_pass=True)), Stage.PASSED),
        (Exists(results), Stage.VOTED),
        (Q(state__in=sorted(BEHIND_THE_DEFENCE)) | heard, Stage.HEARD),
        (paid, Stage.PAID),
        (Q(review__state=ReviewState.PASSED), Stage.CHECKED),
        (Q(recommended_at__isnull=False), Stage.RECOMMENDED),
        (Q(first_submitted_at__isnull=False), Stage.SUBMITTED),
    ]
    cases = [When(condition, then=Value(stage.value)) for condition, stage in behind]
    return rows.annotate(stage=Case(*cases, default=Value(Stage.OPENED.value), output_field=IntegerField()))


def counted(scope: Scope, by: str = "") -> list[Counted]:
    """Return everybody in ``scope`` by stage and state, and by the dimension ``by`` where one is given; two queries at most.

    What belongs to a row of the catalogue is put together by that row, and its name found afterwards: a hundred thousand
    applications stand on some thousand rows.
    """
    path = PATHS.get(by, "")
    is_of_entry = path.startswith(ENTRY)
    column = "entry" if is_of_entry else path
    columns = [column, "stage", "state"] if column else ["stage", "state"]
    rows = list(staged(supervised(scope)).values(*columns).annotate(number=Count("pk")).order_by())
    names = _groups({row["entry"] for row in rows}, path.removeprefix(ENTRY)) if is_of_entry else {}
    return [
        Counted(
            group=(names[row["entry"]] if is_of_entry else row[column] if column else "") or NONE,
            stage=Stage(row["stage"]),
            state=ApplicationState(row["state"]),
            number=row["number"],
        )
        for row in rows
    ]


def _groups(entries: set[int], path: str) -> dict[int, str]:
    """Return to which group each row of the catalogue belongs."""
    return dict(CatalogueEntry.objects.filter(pk__in=entries).values_list("pk", path))


def reached(rows: Rows, stage: Stage) -> Rows:
    """Return those that came as far as ``stage``, or further."""
    return staged(rows).filter(stage__gte=stage.value)


def resting(rows: Rows, stage: Stage) -> Rows:
    """Return those that came just as far and did not end."""
    return staged(rows).filter(stage=stage.value).exclude(state__in=sorted(ENDED))


def ended(rows: Rows, stage: Stage, state: ApplicationState | None = None) -> Rows:
    """Return those that ended there without a title; of one end alone where ``state`` is given."""
    states = sorted(ENDED) if state is None else [state]
    return staged(rows).filter(stage=stage.value, state__in=states)


def failed(rows: Rows) -> Rows:
    """Return those whose vote was reported and not passed."""
    return staged(rows).filter(stage=Stage.VOTED.value)
