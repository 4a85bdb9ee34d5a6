"""Every day's money compared with the gateway's statement, line by line; each difference is named and kept (A-10)."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.connectors import payment as gateway
from portal.connectors.errors import ConnectorError
from portal.connectors.payment import StatementLine
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import difference_letters, polling
from review.enums.paying import MONEY_CAME, DifferenceKind, Direction, RefundState
from review.enums.paying import ReconciliationState as S
from review.guards.paying import FEWEST_SIGNS
from review.models import Difference, Order, Reconciliation, Refund
from review.rules import reconciles

logger = logging.getLogger(__name__)

# Yesterday is compared from two in the morning on; a portal that stood still makes up for at most a month.
HOUR = 2
MOST_DAYS = 31
PAUSE = dt.timedelta(minutes=10)

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Movement:
    """One movement of money on one side: which way, under which numbers, how much, when by the gateway's clock."""

    direction: Direction
    order_number: str
    refund_number: str
    amount: Decimal
    at: dt.datetime

    @property
    def key(self) -> Key:
        """What both sides call the movement."""
        return self.direction, self.order_number, self.refund_number


@dataclass(frozen=True)
class Found:
    """One difference: its kind, and the movement on either side where there is one."""

    kind: DifferenceKind
    here: Movement | None
    there: Movement | None

    @property
    def key(self) -> tuple[str, Key]:
        """What a later comparison knows it by."""
        side = self.here or self.there
        assert side is not None  # noqa: S101 - a difference has at least one side
        return self.kind, side.key


@dataclass
class Comparison:
    """Both sides of a day and where they differ."""

    here: list[Movement]
    there: list[Movement]
    found: list[Found] = field(default_factory=list)


def compare(here: Iterable[Movement], there: Iterable[Movement]) -> Comparison:
    """Return both sides with every difference between them: missing, doubled, another amount, another second."""
    day = Comparison(list(here), list(there))
    ours = {one.key: one for one in day.here}
    theirs = {one.key: one for one in day.there}
    for key, number in Counter(one.key for one in day.there).items():
        if number > 1:
            day.found.append(Found(DifferenceKind.TWICE, ours.get(key), theirs[key]))
    for key in dict.fromkeys([*ours, *theirs]):
        day.found += _differences(ours.get(key), theirs.get(key))
    return day


def _differences(here: Movement | None, there: Movement | None) -> Iterator[Found]:
    if here is None:
        yield Found(DifferenceKind.MISSING_HERE, None, there)
    elif there is None:
        yield Found(DifferenceKind.MISSING_THERE, here, None)
    else:
        if here.amount != there.amount:
            yield Found(DifferenceKind.AMOUNT, here, there)
        if here.at.replace(microsecond=0) != there.at.replace(microsecond=0):
            yield Found(DifferenceKind.TIME, here, there)


def plan(*, at: dt.datetime) -> None:
    """Have every day up to yesterday compared that was not asked for yet; from two o'clock on, any number of times."""
    local = at.astimezone(clock.BEIJING)
    last = local.date() - dt.timedelta(days=1 if local.hour >= HOUR else 2)
    first = Order.objects.order_by("placed_at").values_list("placed_at", flat=True).first()
    if first is None:
        return
    day = max(clock.day_of(first), last - dt.timedelta(days=MOST_DAYS - 1))
    known = set(Reconciliation.objects.filter(day__gte=day).values_list("day", flat=True))
    while day <= last:
        if day not in known:
            _asked(day, SYSTEM, at)
        day += dt.timedelta(days=1)


def ask(day: dt.date, *, by: Actor, at: dt.datetime) -> Reconciliation:
    """Have a day compared, or compared anew, soon; raises Refusal for a day that is not over."""
    if not reconciles.test(by):
        raise StepNotPermitted("ask", [Reason(_("您当前的身份不能发起对账。"), "A-10", "step_not_permitted")])
    if day >= clock.day_of(at):
        raise Refusal([Reason(_("只能核对今天以前的日期。"), "A-10", "day_not_over", field="day")])
    known = Reconciliation.objects.filter(day=day).first()
    if known is None:
        return _asked(day, by, at)
    return known if known.state == S.WAITING else carry_out(known, "again", by=by, at=at)


@transaction.atomic
def _asked(day: dt.date, by: Actor, at: dt.datetime) -> Reconciliation:
    row, is_new = Reconciliation.objects.get_or_create(
        day=day, defaults={"asked_by": by.person, "asked_at": at, "next_at": at}
    )
    if is_new:
        record(row, "ask", by=by, at=at, after=row.state, facts={"day": day.isoformat()}, basis="A-10")
    return row


def run_due(*, at: dt.datetime) -> int:
    """Make the comparisons that wait and return how many; one that the gateway does not answer waits ten minutes."""
    made = 0
    while (row := _claimed(at)) is not None:
        try:
            make(row, at=at)
            made += 1
        except ConnectorError as error:
            logger.warning("the statement of %s could not be had: %s", row.day, error)
            Reconciliation.objects.filter(pk=row.pk).update(last_error=str(error)[:200])
    return made


def make(reconciliation: Reconciliation, *, at: dt.datetime) -> Reconciliation:
    """Compare one day and keep what differs; raises a ConnectorError where the gateway gives no statement.

    Money that the statement shows and that we have not heard of is asked about first, so that a lost notice heals;
    the difference that it was stays as one that vanished.
    """
    lines = gateway.statement(reconciliation.day, at=at)
    first = compare(_ours(reconciliation.day), map(_movement, lines))
    _keep(reconciliation, first, at)
    if _ask_about(first, at):
        _keep(reconciliation, compare(_ours(reconciliation.day), map(_movement, lines)), at)
    return _finish(reconciliation, at)


@transaction.atomic
def settle(difference: Difference, *, note: str, by: Actor, at: dt.datetime) -> Difference:
    """Note how a difference was cleared up; raises Refusal without words, or where that was done before."""
    row = Difference.objects.select_for_update(of=("self",), no_key=True).get(pk=difference.pk)
    if not row.is_open:
        raise Refusal([Reason(_("该差异已经处理。"), "A-10", "settled_before")])
    if len(note.strip()) < FEWEST_SIGNS or by.person is None:
        raise Refusal([Reason(_("请写明处理情况，至少5个字。"), "A-10", "note_given", field="note")])
    row.settled_at, row.settled_by, row.note = at, by.person, note.strip()[:300]
    row.save(update_fields=["settled_at", "settled_by", "note", "updated_at"])
    record(row, "settle", by=by, at=at, after="settled", note=row.note, basis="A-10")
    return row


def _claimed(at: dt.datetime) -> Reconciliation | None:
    with transaction.atomic():
        waiting = Reconciliation.objects.filter(state=S.WAITING, next_at__lte=at)
        row = waiting.select_for_update(of=("self",), skip_locked=True).order_by("day").first()
        if row is not None:
            row.attempts, row.next_at = row.attempts + 1, at + PAUSE
            row.save(update_fields=["attempts", "next_at", "updated_at"])
        return row


def _ours(day: dt.date) -> list[Movement]:
    begin, end = clock.start_of(day), clock.end_of(day)
    orders = Order.objects.filter(state__in=MONEY_CAME, paid_at__gte=begin, paid_at__lt=end)
    refunds = Refund.objects.filter(state=RefundState.REFUNDED, refunded_at__gte=begin, refunded_at__lt=end)
    paid = [
        Movement(Direction.PAID, one.order_number, "", one.money, one.paid_at)
        for one in orders
        if one.paid_at is not None
    ]
    given = [
        Movement(Direction.REFUNDED, one.order.order_number, one.refund_number, one.amount, one.refunded_at)
        for one in refunds.select_related("order")
        if one.refunded_at is not None
    ]
    return paid + given


def _movement(line: StatementLine) -> Movement:
    return Movement(
        Direction(line.direction), line.order_number, line.refund_number or "", line.amount, line.happened_at
    )


def _ask_about(day: Comparison, at: dt.datetime) -> bool:
    """Ask about the orders whose money we have not heard of, and return whether there were any."""
    missing = [one.there for one in day.found if one.kind == DifferenceKind.MISSING_HERE and one.there is not None]
    numbers = [one.order_number for one in missing if one.direction == Direction.PAID]
    unheard = Order.objects.filter(order_number__in=numbers).exclude(state__in=MONEY_CAME)
    orders = list(unheard.select_related("payment__application"))
    for order in orders:
        polling.ask(order, at=at)
    return bool(orders)


@transaction.atomic
def _keep(reconciliation: Reconciliation, day: Comparison, at: dt.datetime) -> None:
    """Store the figures and the differences: new ones are added, those no longer found are marked as gone, none is lost."""
    row = locked(reconciliation)
    row.lines_here, row.lines_there = len(day.here), len(day.there)
    row.paid_here, row.refunded_here = _sum(day.here, Direction.PAID), _sum(day.here, Direction.REFUNDED)
    row.paid_there, row.refunded_there = _sum(day.there, Direction.PAID), _sum(day.there, Direction.REFUNDED)
    row.save()
    known = {(one.kind, (one.direction, one.order_number, one.refund_number)): one for one in row.differences.all()}
    numbers = {found.key[1][1] for found in day.found}
    orders = {one.order_number: one for one in Order.objects.filter(order_number__in=numbers)}
    for found in day.found:
        before = known.pop(found.key, None)
        if before is None:
            _add(row, found, orders, at)
        elif before.gone_at is not None:
            Difference.objects.filter(pk=before.pk).update(gone_at=None)
    gone = [one.pk for one in known.values() if one.is_open]
    Difference.objects.filter(pk__in=gone).update(gone_at=at)


def _add(row: Reconciliation, found: Found, orders: dict[str, Order], at: dt.datetime) -> None:
    _kind, (direction, order_number, refund_number) = found.key
    sides: dict[str, Any] = {}
    for side, movement in (("here", found.here), ("there", found.there)):
        if movement is not None:
            sides |= {f"amount_{side}": movement.amount, f"at_{side}": movement.at}
    Difference.objects.create(
        reconciliation=row,
        kind=found.kind,
        direction=direction,
        order_number=order_number,
        refund_number=refund_number,
        order=orders.get(order_number),
        found_at=at,
        **sides,
    )


@in_office_language
@transaction.atomic
def _finish(reconciliation: Reconciliation, at: dt.datetime) -> Reconciliation:
    done = carry_out(reconciliation, "finish", by=SYSTEM, at=at)
    difference_letters.tell(done, at)
    return done


def _sum(movements: Iterable[Movement], direction: Direction) -> Decimal:
    return sum((one.amount for one in movements if one.direction == direction), Decimal(0))
