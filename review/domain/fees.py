"""Fees, refunds and comparisons as their desks read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet, Sum

from applications.enums import FEE
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.roles import BUREAU_DECIDERS, Role
from portal.deadlines.models import Deadline
from review.enums.paying import (
    MONEY_CAME,
    SETTLEMENT,
    WAITS_FOR_MONEY,
    PaymentState,
    ReconciliationState,
    RefundState,
)
from review.models import Difference, Order, Payment, Reconciliation, Refund
from review.models.payment import PaymentQuerySet
from review.models.refund import RefundQuerySet


@dataclass(frozen=True)
class Total:
    """How many fees stand in a state, and how much they come to (yuan)."""

    number: int = 0
    amount: Decimal = Decimal(0)


def own(actor: Actor) -> PaymentQuerySet:
    """Return the fees of the person who acts personally, newest first."""
    return Payment.objects.of(actor).with_all().order_by("-billed_at", "-pk")


def at_agency(actor: Actor, *, state: str = "", words: str = "") -> PaymentQuerySet:
    """Return the fees of what the actor's agency reviews, the longest waiting first; ``words`` look in name and number."""
    rows = Payment.objects.of_agency(actor).with_all()
    if state:
        rows = rows.filter(state=state)
    if words:
        number = words.upper()
        rows = rows.filter(
            Q(application__applicant__full_name__contains=words)
            | Q(application__code=number)
            | Q(code=number)
            | Q(orders__order_number=number)
        ).distinct()
    return rows.order_by("billed_at", "pk")


def totals(actor: Actor) -> dict[str, Total]:
    """Return number and sum of the agency's fees by state, in one query."""
    rows = Payment.objects.of_agency(actor).values("state").annotate(number=Count("pk"), sum=Sum("amount")).order_by()
    found = {row["state"]: Total(row["number"], row["sum"]) for row in rows}
    return {state.value: found.get(state.value, Total()) for state in PaymentState}


def dues_of(payments: Iterable[Payment]) -> dict[int, Deadline]:
    """Return the running deadline of each fee by its application, in one query."""
    rows = Deadline.objects.waiting().filter(
        kind__in=[FEE, SETTLEMENT],
        subject_type=ContentType.objects.get_for_model(Application),
        subject_id__in=[one.application_id for one in payments],
    )
    return {row.subject_id: row for row in rows}


def orders_of(payment: Payment) -> QuerySet[Order]:
    """Return a fee's orders with their refunds, the first first."""
    return payment.orders.select_related("placed_by").prefetch_related("refunds", "notices").order_by("placed_at", "pk")


def refunds_at_agency(actor: Actor, *, state: str = "") -> RefundQuerySet:
    """Return the refunds of what the actor's agency reviews, the longest waiting first."""
    rows = Refund.objects.of_agency(actor).with_all()
    return (rows.filter(state=state) if state else rows).order_by("proposed_at", "pk")


def refund_counts(actor: Actor) -> dict[str, int]:
    """Return how many of the agency's refunds stand in each state."""
    rows = Refund.objects.of_agency(actor).values("state").annotate(number=Count("pk")).order_by()
    found = {row["state"]: row["number"] for row in rows}
    return {state.value: found.get(state.value, 0) for state in RefundState}


def refundable(payment: Payment) -> list[Order]:
    """Return the orders of a fee by which money came whose money is not on its way back."""
    taken = Refund.objects.exclude(state=RefundState.DECLINED).values("order")
    return list(payment.orders.filter(state__in=MONEY_CAME).exclude(pk__in=taken))


def days(actor: Actor) -> QuerySet[Reconciliation]:
    """Return the compared days, the latest first, with the number of differences that the actor must still look at."""
    seen = Difference.objects.seen_by(actor).unsettled().values("pk")
    return Reconciliation.objects.annotate(
        number_open=Count("differences", filter=Q(differences__in=seen), distinct=True)
    ).order_by("-day")


def sees_all_money(actor: Actor) -> bool:
    """Whether the actor reads the sums of the whole city, not only what concerns one agency."""
    return bool(BUREAU_DECIDERS & actor.roles)


def differences_in(reconciliation: Reconciliation, actor: Actor) -> list[Difference]:
    """Return the differences of a day that the actor may see, open ones first."""
    rows = (
        Difference.objects.seen_by(actor)
        .filter(reconciliation=reconciliation)
        .select_related("order__payment__application", "settled_by")
    )
    return sorted(rows, key=lambda one: (not one.is_open, one.found_at, one.pk))


def waiting_for_payer(actor: Actor) -> list[tuple[Payment, Deadline | None]]:
    """Return what the person must still pay, each with its running deadline."""
    waiting = list(own(actor).filter(state__in=WAITS_FOR_MONEY))
    dues = dues_of(waiting)
    return [(one, dues.get(one.application_id)) for one in waiting]


def waiting_for_lead(actor: Actor) -> int:
    """Return how many refunds wait for the actor's decision."""
    if Role.AGENCY_LEAD not in actor.roles:
        return 0
    waiting = Q(state=RefundState.PROPOSED) & ~Q(proposed_by=actor.person) | Q(state=RefundState.FAILED)
    return Refund.objects.of_agency(actor).filter(waiting).count()


def differences_waiting(actor: Actor) -> int:
    """Return how many differences wait for the actor."""
    return Difference.objects.seen_by(actor).unsettled().count()


def is_waiting_for_statement(reconciliation: Reconciliation) -> bool:
    """Whether the comparison is still to be made."""
    return bool(reconciliation.state == ReconciliationState.WAITING)
