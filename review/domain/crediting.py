"""What the gateway says about an order takes effect here, whoever brought it: notice, question, or daily statement.

Lock order: application, payment, order. Everything is idempotent: the same news again changes nothing.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain import holding, submitting
from applications.enums import FEE, ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.deadlines import setting
from portal.shared.errors import StepRefused
from portal.shared.office import in_office_language
from portal.workflow import carry_out, settle_due
from portal.workflow.carry_out import fresh, locked
from review.domain import fee_letters, refunding, routing, suspending
from review.enums.paying import MONEY_CAME, OPEN_ORDERS, SETTLEMENT, WAITS_FOR_MONEY, Outcome, RefundGround
from review.enums.paying import PaymentState as S
from review.guards.paying import deadline_of
from review.models import Order, Payment


@dataclass(frozen=True)
class Money:
    """Money that the gateway has: how much (yuan), since when by its own clock, under which of its numbers."""

    amount: Decimal
    paid_at: dt.datetime
    trade_number: str
    receipt_number: str


@in_office_language
def credit(order: Order, money: Money, *, at: dt.datetime) -> Outcome:
    """Let money take effect and return what became of it.

    It settles the fee if it is whole and was paid by the deadline by its own timestamp, also when the fee had expired
    meanwhile (A-10). Money that settles nothing, of another amount too, is kept on its order and proposed for refund: it
    is never swallowed. A gateway that corrects another amount to the whole one is believed: what was proposed for the
    other amount falls away, but where that was approved already the fee is not whole any more, and the rest follows it.
    Expiries that are due run first, in transactions of their own.
    """
    settle_due(order.payment.application, at)
    with transaction.atomic():
        application, payment, row = _locked(order)
        if row.state in MONEY_CAME and money.amount == row.money:
            return Outcome.REPEATED
        facts: dict[str, Any] = {
            "trade_number": money.trade_number,
            "receipt_number": money.receipt_number,
            "paid_at": money.paid_at,
        }
        if money.amount == row.amount:
            paid = carry_out(row, "pay", by=SYSTEM, at=at, **facts)
            refunding.take_back(paid, reason=_("缴费渠道已更正到账金额。"), at=at)
            _use(application, payment, paid, at)
            return Outcome.TOOK_EFFECT
        if row.state not in MONEY_CAME:
            _give_back(payment, carry_out(row, "mispay", by=SYSTEM, at=at, received=money.amount, **facts), at)
    return Outcome.AMOUNT_DIFFERS


@transaction.atomic
def close(order: Order, *, at: dt.datetime) -> Order:
    """Note that an order can no longer be paid; its fee waits for another one where there is time (§8.4 #5)."""
    _application, payment, row = _locked(order)
    if row.state not in OPEN_ORDERS:
        return row
    closed = carry_out(row, "close", by=SYSTEM, at=at)
    if payment.state == S.PROCESSING:
        carry_out(payment, "fail", by=SYSTEM, at=at)
    return closed


def _locked(order: Order) -> tuple[Application, Payment, Order]:
    application = locked(order.payment.application)
    return application, locked(order.payment), locked(order)


def _use(application: Application, payment: Payment, order: Order, at: dt.datetime) -> None:
    due_at = deadline_of(payment)
    is_in_time = due_at is None or (order.paid_at is not None and order.paid_at <= due_at)
    if payment.state in {S.SUCCEEDED, S.REFUND_PENDING, S.REFUNDED, S.NOT_REQUIRED}:
        _send_back(order, RefundGround.DUPLICATE, _("同一申报已缴费，本笔为重复缴费。"), at)
    elif not is_in_time:
        _send_back(order, RefundGround.LATE, _("支付时间晚于缴费截止时间。"), at)
    elif refunding.going_back(order):
        _send_back(order, RefundGround.AMOUNT, _("该订单已有部分款项批准退还，其余款项一并退还。"), at)
    elif payment.state in WAITS_FOR_MONEY and application.state == ApplicationState.REVIEW_PASSED:
        settled = carry_out(payment, "confirm", by=SYSTEM, at=at, **_facts(order))
        _go_on(settled, order, "pay", at)
    elif payment.state == S.EXPIRED:
        _revive(application, payment, order, at)
    else:
        _send_back(order, RefundGround.ENDED, _("到账时申报已终止。"), at)


def _give_back(payment: Payment, order: Order, at: dt.datetime) -> None:
    """Send another amount back whole, let the fee be paid anew while there is time, and tell both at once (R-100)."""
    if payment.state == S.PROCESSING and not payment.orders.filter(state__in=OPEN_ORDERS).exists():
        payment = carry_out(payment, "fail", by=SYSTEM, at=at)
    _send_back(order, RefundGround.AMOUNT, _("到账金额与应缴金额不符。"), at)
    fee_letters.tell_mispaid(payment, order, at)


def _revive(application: Application, payment: Payment, order: Order, at: dt.datetime) -> None:
    """Undo the expiry of somebody who paid in time; where another application took its place the money goes back."""
    try:
        with transaction.atomic():
            settled = carry_out(payment, "confirm_late", by=SYSTEM, at=at, **_facts(order))
            _go_on(settled, order, "revive", at)
            submitting.reopen(application, at)
            suspending.follow_standing(fresh(application), at=at)
            holding.hold_as_things_stand(application, at=at, basis="A-10")
    except StepRefused as refused:
        why = "；".join(str(reason.text) for reason in refused.reasons)
        _send_back(order, RefundGround.ENDED, _("到账时申报已终止，不能恢复：%(why)s") % {"why": why}, at)


def _go_on(payment: Payment, order: Order, step: str, at: dt.datetime) -> None:
    application = carry_out(payment.application, step, by=SYSTEM, at=at)
    for kind in (FEE, SETTLEMENT):
        running = setting.waiting(kind, application)
        if kind == FEE and running is not None:
            Payment.objects.filter(pk=payment.pk).update(due_at=running.due_at or payment.due_at)
        setting.lift(kind, application, at=at)
    payment.orders.filter(state__in=OPEN_ORDERS).update(next_at=at, attempts=0)
    fee_letters.tell_paid(payment, order, at)
    routing.go_on(application, at)


def _facts(order: Order) -> dict[str, Any]:
    return {"order": order, "paid_at": order.paid_at, "amount": order.amount}


def _send_back(order: Order, ground: RefundGround, reason: str, at: dt.datetime) -> None:
    refunding.propose(order, ground=ground, reason=reason, by=SYSTEM, at=at)
