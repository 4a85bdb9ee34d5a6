"""Orders to issue: put together by one, given by another, numbered at once (R-123)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from certificates.domain import faces, numbering, readiness, telling
from certificates.domain.faces import Identity
from certificates.enums import CertificateState, OrderState
from certificates.models import Certificate, IssueLine, IssueOrder
from portal.accounts.actors import SYSTEM, Actor
from portal.catalogue.models import Series
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.codes import new_code
from portal.shared.errors import Reason, Refusal
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain.acceptance_queries import cleared_cases
from review.models import AcceptedCase

# As many as a night's work writes; the next order takes the rest.
MOST = 10_000
# A second's work or two: what the lead waits for, and how long an order is held by whoever numbers it.
PORTION = 500


def free() -> QuerySet[AcceptedCase]:
    """Return the cleared results that are on no open order, in the order in which they were cleared."""
    found = cleared_cases(ready=False).exclude(issue_lines__is_open=True)
    return found.select_related("item__session", "application__entry__specialty__series")


@transaction.atomic
def propose(codes: Collection[str], *, by: Actor, at: dt.datetime, key: str | None = None) -> IssueOrder:
    """Put the results with these codes together for the lead; raises Refusal where nobody of them waits.

    Who cannot be issued a certificate now is left out and stays on the list with the reason. Of two who propose the same
    person at once the second waits for the first, and finds the person on an order.
    """
    assert by.person is not None  # noqa: S101 - the desk is for staff only
    wanted = free().filter(code__in=list(codes))
    _hold(wanted.order_by().values_list("application_id", flat=True))
    chosen = list(wanted.select_related(None).select_related(*readiness.NEEDED)[:MOST])
    found = readiness.reasons_against(chosen, at)
    ready = [case for case in chosen if not found[case.pk]]
    if not ready:
        raise Refusal([Reason(_("没有选择可以发证的人员。"), "R-123", "nobody_to_certify", field="cases")])
    order = IssueOrder.objects.create(proposed_by=by.person, proposed_at=at, state_since=at)
    IssueLine.objects.bulk_create(
        [IssueLine(order=order, case=case, place=place) for place, case in enumerate(ready, start=1)]
    )
    telling.tell_order_waits(order, at)
    record(
        order, "propose", by=by, at=at, after=order.state, basis="R-123", facts={"people": len(ready)}, key=key or ""
    )
    return order


@transaction.atomic
def drop(order: IssueOrder, *, by: Actor, at: dt.datetime, key: str | None = None) -> IssueOrder:
    """Take an order back before it was given; its people may be put on another one."""
    done = carry_out(order, "drop", by=by, at=at, key=key)
    done.lines.update(is_open=False)
    return done


@transaction.atomic
def give(order: IssueOrder, *, by: Actor, at: dt.datetime, key: str | None = None) -> IssueOrder:
    """Order the certificates: everybody who may still have one gets a number, and the paper as soon as it is written.

    Everything is asked anew; whoever may not have one any more is passed over with the reason and no number. Nobody
    waits for more than the first portion: of a long order a worker numbers the rest.
    """
    row = locked(order)
    done = carry_out(row, "give", by=by, at=at, key=key, issued_on=clock.day_of(at))
    if row.state == done.state:
        return done
    _judge(done, at)
    return finish(done, at)


@transaction.atomic
def go_on(at: dt.datetime) -> bool:
    """Number the next portion of an order that was given, and return whether there was one that nobody else works at."""
    left = IssueLine.objects.to_be_judged().filter(order=OuterRef("pk"))
    running = IssueOrder.objects.filter(Exists(left), state=OrderState.RUNNING).order_by("pk")
    order = running.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if order is None:
        return False
    _judge(order, at)
    finish(order, at)
    return True


def finish_emptied(at: dt.datetime) -> None:
    """Close the running orders of which nothing is left to be done; a net under whatever ends a number without asking."""
    left = IssueLine.objects.to_be_judged().filter(order=OuterRef("pk"))
    being_made = Certificate.objects.filter(order=OuterRef("pk"), state=CertificateState.PREPARING)
    for order in IssueOrder.objects.filter(~Exists(left), ~Exists(being_made), state=OrderState.RUNNING).order_by("pk"):
        with transaction.atomic():
            finish(order, at)


def finish(order: IssueOrder, at: dt.datetime) -> IssueOrder:
    """Close the order once nothing of it is being made; asked after every issue and every void, in its transaction.

    Two last certificates that come into force at once ask one after the other, so that the second sees the first.
    """
    row = locked(order)
    waits = row.certificates.filter(state=CertificateState.PREPARING).exists() or row.lines.to_be_judged().exists()
    if row.state != OrderState.RUNNING or waits:
        return row
    row.lines.filter(is_open=True).update(is_open=False)
    return carry_out(row, "finish", by=SYSTEM, at=at)


def _judge(order: IssueOrder, at: dt.datetime) -> None:
    """Number the next portion of the people, in the order in which they stand, or pass them over."""
    lines = _lines(order)
    _hold([line.case.application_id for line in lines])
    found = readiness.reasons_against([line.case for line in lines], at)
    _pass_over([line for line in lines if found[line.case_id]], found)
    _number(order, [line.case for line in lines if not found[line.case_id]], at)
    IssueLine.objects.filter(pk__in=[line.pk for line in lines]).update(judged_at=at)


def _lines(order: IssueOrder) -> list[IssueLine]:
    needed = [f"case__{name}" for name in readiness.NEEDED]
    rows = order.lines.to_be_judged().select_related(*needed, "case__application__entry__specialty__series")
    return list(rows.order_by("place")[:PORTION])


def _hold(applications: Iterable[int]) -> None:
    """Lock the applications in one order, so that nothing about them changes while they are put on an order or numbered."""
    rows = Application.objects.filter(pk__in=list(applications)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


@in_office_language
def _pass_over(lines: Sequence[IssueLine], found: dict[int, list[Reason]]) -> None:
    for line in lines:
        line.refusal = [{"text": str(reason.text), "basis": reason.basis} for reason in found[line.case_id]]
        line.is_open = False
    IssueLine.objects.bulk_update(lines, ["refusal", "is_open"])


@in_office_language
def _number(order: IssueOrder, cases: Sequence[AcceptedCase], at: dt.datetime) -> None:
    """Give each case its certificate and number: by series, in the order in which they stand on the order."""
    assert order.issued_on is not None  # noqa: S101 - it was given
    day = order.issued_on
    known = faces.identities({case.application.applicant for case in cases})
    by_series: dict[Series, list[AcceptedCase]] = defaultdict(list)
    for case in cases:
        by_series[case.application.entry.specialty.series].append(case)
    for series in sorted(by_series, key=lambda one: one.code):
        serials = numbering.take(series, day.year, len(by_series[series]))
        made = [
            numbered(case, known[case.application.applicant_id], series, serial, day=day, at=at)
            for serial, case in zip(serials, by_series[series], strict=True)
        ]
        for certificate in made:
            certificate.order = order
        Certificate.objects.bulk_create(made)
        numbers = {"first": made[0].number, "last": made[-1].number, "count": len(made)}
        record(order, "number", by=SYSTEM, at=at, basis="R-123", facts={"series": series.code, **numbers})


def numbered(
    case: AcceptedCase, identity: Identity, series: Series, serial: int, *, day: dt.date, at: dt.datetime
) -> Certificate:
    """Return a certificate of ``case``, not yet saved; the portal writes its paper from now on."""
    face = faces.draft(case, identity)
    return Certificate(
        code=new_code(Certificate.CODE_PREFIX),
        case=case,
        holder_id=case.application.applicant_id,
        state_since=at,
        year=day.year,
        numbered_in=series,
        serial=serial,
        number=numbering.written(series, day.year, serial),
        holder_name=face.holder_name,
        sex=identity.sex,
        birth_date=face.birth_date,
        document_type=face.document_type,
        masked_document=face.masked_document,
        series=face.series,
        specialty=face.specialty,
        title=face.title,
        level=case.level,
        mode=face.mode,
        committee=face.committee,
        passed_on=face.passed_on,
        issued_on=day,
        district_limited=face.district_limited,
        is_restricted=face.is_restricted,
        check_code=faces.new_check_code(),
        not_before=at,
    )
