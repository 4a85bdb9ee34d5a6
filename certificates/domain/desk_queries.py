"""What the bureau's desk reads about certificates: who waits, how far orders have come, and where staff must look."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from certificates.domain import ordering, readiness
from certificates.enums import OUT, CertificateState, ChangeState, OrderState
from certificates.models import Certificate, CertificateChange, IssueLine, IssueOrder
from portal.accounts.actors import Actor
from portal.integrity.enums import Measure, RecordState
from portal.integrity.models import IntegrityRecord
from portal.shared.errors import Reason
from review.models import AcceptedCase, ResultAcceptance

# Whom nothing hinders is issued a certificate soon: whoever is hindered stands among those who wait longest.
OLDEST = 200


# --- Who waits --------------------------------------------------------------------------------
@dataclass(frozen=True)
class WaitingBatch:
    """One batch of results with how many of its people wait for a certificate, and since when the first."""

    batch: ResultAcceptance
    people: int
    since: dt.datetime


@dataclass(frozen=True)
class WaitingCase:
    """One person who waits, with everything that speaks against a certificate now."""

    case: AcceptedCase
    reasons: list[Reason]


def waiting_batches() -> list[WaitingBatch]:
    """Return the batches with people who wait, the one that waits longest first; two queries, however many people."""
    counted = (
        ordering.free()
        .order_by()
        .values("acceptance")
        .annotate(people=Count("pk"), since=Min("application__state_since"))
    )
    rows = list(counted.order_by("since", "acceptance"))
    batches = ResultAcceptance.objects.with_all().in_bulk([row["acceptance"] for row in rows])
    return [WaitingBatch(batches[row["acceptance"]], row["people"], row["since"]) for row in rows]


def waiting_in(batch: ResultAcceptance) -> QuerySet[AcceptedCase]:
    """Return who of a batch waits, by the agenda."""
    return ordering.free().filter(acceptance=batch).order_by("item__order", "pk")


def codes_in(batches: Collection[str]) -> list[str]:
    """Return the codes of all who wait in the batches with these codes."""
    return list(ordering.free().order_by().filter(acceptance__code__in=batches).values_list("code", flat=True))


def judged(cases: Sequence[AcceptedCase], at: dt.datetime) -> list[WaitingCase]:
    """Return the cases with the reasons against each."""
    found = readiness.reasons_against(cases, at) if cases else {}
    return [WaitingCase(case, found[case.pk]) for case in cases]


def hindered(at: dt.datetime) -> list[WaitingCase]:
    """Return, of those who wait longest, whom something hinders."""
    return [one for one in judged(list(ordering.free()[:OLDEST]), at) if one.reasons]


# --- Orders -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Progress:
    """How far an order has come; ``stuck`` are those of ``making`` at which staff must look."""

    people: int = 0
    passed_over: int = 0
    made: int = 0
    making: int = 0
    stuck: int = 0
    voided: int = 0

    @property
    def numbered(self) -> int:
        """How many got a number."""
        return self.made + self.making + self.voided

    @property
    def done(self) -> int:
        """How many of those need nothing more."""
        return self.made + self.voided


def progress_of(orders: Collection[IssueOrder]) -> dict[int, Progress]:
    """Return by key how far each order has come; two queries, however many."""
    keys = [one.pk for one in orders]
    lines = _by_order(
        IssueLine.objects.filter(order__in=keys), people=Count("pk"), passed_over=Count("pk", filter=~Q(refusal=[]))
    )
    making = Q(state=CertificateState.PREPARING)
    made = _by_order(
        Certificate.objects.filter(order__in=keys),
        made=Count("pk", filter=Q(state__in=sorted(OUT))),
        making=Count("pk", filter=making),
        stuck=Count("pk", filter=making & Q(not_before=None)),
        voided=Count("pk", filter=Q(state=CertificateState.VOIDED)),
    )
    return {key: Progress(**lines.get(key, {}), **made.get(key, {})) for key in keys}


def _by_order(rows: QuerySet[IssueLine] | QuerySet[Certificate], **counts: Count) -> dict[int, dict[str, int]]:
    counted = rows.order_by().values("order").annotate(**counts).values_list("order", *counts)
    return {key: dict(zip(counts, numbers, strict=True)) for key, *numbers in counted}


@dataclass(frozen=True)
class OrderLine:
    """One person of an order with the certificate that was numbered for them, if any."""

    line: IssueLine
    certificate: Certificate | None


def lines_of(order: IssueOrder) -> QuerySet[IssueLine]:
    """Return the people of an order in their places."""
    return order.lines.select_related("case__application__applicant", "case__application__employer").order_by("place")


def with_certificates(order: IssueOrder, lines: Sequence[IssueLine]) -> list[OrderLine]:
    """Return the lines with their certificates; one query."""
    rows = Certificate.objects.filter(order=order, case__in=[line.case_id for line in lines])
    made = {row.case_id: row for row in rows}
    return [OrderLine(line, made.get(line.case_id)) for line in lines]


# --- Where staff must look --------------------------------------------------------------------
def stuck_certificates() -> QuerySet[Certificate]:
    """Return the certificates that nobody writes until staff has looked."""
    return Certificate.objects.stuck().order_by("pk")


def stuck_orders(actor: Actor) -> QuerySet[IssueOrder]:
    """Return the orders of which some certificate is stuck."""
    return IssueOrder.objects.at(actor).filter(pk__in=Certificate.objects.stuck().values("order"))


def to_give(actor: Actor) -> QuerySet[IssueOrder]:
    """Return the orders that wait for a lead who did not propose them."""
    waiting = IssueOrder.objects.at(actor).filter(state=OrderState.PROPOSED)
    return waiting.exclude(proposed_by=actor.person)


def to_decide(actor: Actor) -> QuerySet[CertificateChange]:
    """Return the changes that wait for a lead who did not propose them and whom they do not concern."""
    waiting = CertificateChange.objects.at(actor).filter(state=ChangeState.PROPOSED)
    return waiting.exclude(Q(proposed_by=actor.person) | Q(certificate__holder=actor.person))


def decisions_about(certificate: Certificate) -> QuerySet[IntegrityRecord]:
    """Return the decisions in force that take a title from the holder: what a revocation may rest on (R-141)."""
    in_force = IntegrityRecord.objects.filter(person=certificate.holder_id, state=RecordState.IN_FORCE)
    return in_force.filter(measures__contains=[Measure.REVOKE_TITLE]).order_by("-decided_at", "-pk")
