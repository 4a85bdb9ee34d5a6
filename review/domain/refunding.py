"""Money goes back: one proposes, another decides, the gateway gives, and everybody is told (A-10)."""

import datetime as dt
import logging
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from applications.domain.settling import settled_first
from portal.accounts.actors import SYSTEM, Actor
from portal.connectors import payment as gateway
from portal.connectors.errors import ConnectorError, Refused
from portal.connectors.payment import RefundStatus
from portal.ledger.record import record
from portal.shared.codes import new_code
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import fee_letters
from review.enums.paying import MONEY_CAME, PROPOSED_BY_STAFF, RefundGround, RefundState
from review.enums.paying import PaymentState as S
from review.enums.sitting import DECIDED, SessionState
from review.guards.paying import FEWEST_SIGNS
from review.models import AgendaItem, Order, Refund
from review.rules import at_the_payments_agency

logger = logging.getLogger(__name__)

FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=1)


@in_office_language
@transaction.atomic
def propose(order: Order, *, ground: RefundGround, reason: str, by: Actor, at: dt.datetime) -> Refund:
    """Propose that the money of an order goes back, all that is not going back already, and tell the agency's lead.

    The portal proposes what it finds itself (duplicate, late, ended, another amount); staff of the agency propose its own
    errors and cancelled sessions. Where nothing is left to give back, the portal gets the refund that there is; staff are
    refused. Raises Refusal.
    """
    locked(order.payment.application)
    row = Order.objects.select_related("payment__application__entry__committee__agency").get(pk=order.pk)
    known = row.refunds.exclude(state=RefundState.DECLINED).order_by("-pk").first()
    amount = row.money - going_back(row)
    if known is not None and by is SYSTEM and not amount:
        return known
    _refuse_unless_proposable(row, known, ground, reason, by)
    refund = Refund.objects.create(
        order=row,
        refund_number=_new_number(),
        ground=ground,
        amount=amount,
        reason=reason.strip()[:300],
        proposed_by=by.person,
        proposed_at=at,
    )
    facts = {"order": row.order_number, "amount": str(amount), "ground": str(ground)}
    record(refund, "propose", by=by, at=at, after=refund.state, note=refund.reason, facts=facts, basis="A-10")
    fee_letters.tell_proposed(refund, at)
    return refund


def going_back(order: Order) -> Decimal:
    """Return how much of an order's money is given back, or proposed to be."""
    taken = order.refunds.exclude(state=RefundState.DECLINED).aggregate(sum=Sum("amount"))["sum"]
    return taken or Decimal(0)


def take_back(order: Order, *, reason: str, at: dt.datetime) -> None:
    """Withdraw what nobody has decided yet about an order's money; what was approved goes back all the same."""
    for refund in order.refunds.filter(state=RefundState.PROPOSED):
        carry_out(refund, "take_back", by=SYSTEM, at=at, reason=reason)


@settled_first
def approve(refund: Refund, /, *, by: Actor, at: dt.datetime, key: str | None = None) -> Refund:
    """Approve as another of the agency; the gateway is asked soon. Raises StepRefused for the proposer, or while the fee is needed."""
    locked(refund.order.payment.application)
    done = carry_out(refund, "approve_refund", by=by, at=at, key=key)
    payment = done.order.payment
    if done.decided_at == at and done.order.counts and payment.state == S.SUCCEEDED:
        carry_out(payment, "give_back", by=by, at=at)
    if done.decided_at == at:
        fee_letters.tell_approved(done, at)
    return done


def decline(refund: Refund, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> Refund:
    """Do not follow a proposal, for a reason."""
    return carry_out(refund, "decline_refund", by=by, at=at, key=key, reason=reason)


def retry(refund: Refund, *, by: Actor, at: dt.datetime, key: str | None = None) -> Refund:
    """Have a refund that failed tried again, under a new number, as the gateway keeps the failed one."""
    return carry_out(refund, "retry_refund", by=by, at=at, key=key, refund_number=_new_number())


def run_due(*, at: dt.datetime, most: int = 50) -> int:
    """Bring approved refunds to the gateway, or ask how far they are, at most ``most``; return how many."""
    done = 0
    while done < most:
        refund = _claimed(at)
        if refund is None:
            break
        send(refund, at=at)
        done += 1
    return done


def send(refund: Refund, *, at: dt.datetime) -> None:
    """Ask the gateway to give the money back, and take over what it says; outside of any transaction.

    The same refund number again gives nothing more, so an answer that was lost is simply asked for again.
    """
    try:
        answer = gateway.refund(
            refund.order.order_number, refund.refund_number, refund.amount, refund.get_ground_display(), at=at
        )
    except Refused as refused:
        _failed(refund, _("缴费渠道不予退款：%(why)s") % {"why": refused.text or refused.code}, at)
        return
    except ConnectorError as error:
        logger.info("refund %s: %s", refund.refund_number, error)
        Refund.objects.filter(pk=refund.pk).update(last_error=str(error)[:200])
        return
    if answer.status is RefundStatus.FAILED:
        _failed(refund, _("缴费渠道退款失败"), at)
    elif answer.status is RefundStatus.SUCCEEDED:
        complete(refund, refunded_at=answer.refunded_at or at, at=at)


@in_office_language
@transaction.atomic
def complete(refund: Refund, *, refunded_at: dt.datetime, at: dt.datetime) -> Refund:
    """Note that the money went back, and tell the person; told again it changes nothing."""
    locked(refund.order.payment.application)
    row = locked(refund)
    if row.state != RefundState.APPROVED:
        return row
    done = carry_out(row, "complete", by=SYSTEM, at=at, refunded_at=refunded_at)
    payment = locked(done.order.payment)
    if done.order.counts and payment.state == S.REFUND_PENDING:
        carry_out(payment, "refund", by=SYSTEM, at=at)
    fee_letters.tell_refunded(done, at)
    return done


@in_office_language
@transaction.atomic
def _failed(refund: Refund, why: str, at: dt.datetime) -> None:
    row = locked(refund)
    if row.state == RefundState.APPROVED:
        failed = carry_out(row, "fail", by=SYSTEM, at=at, why=why)
        fee_letters.tell_refund_failed(failed, at)


def _claimed(at: dt.datetime) -> Refund | None:
    with transaction.atomic():
        due = Refund.objects.filter(state=RefundState.APPROVED, next_at__lte=at)
        locking = due.select_related("order__payment__application").select_for_update(of=("self",), skip_locked=True)
        refund = locking.order_by("next_at", "pk").first()
        if refund is not None:
            refund.attempts += 1
            refund.next_at = at + min(FIRST_PAUSE * 2 ** min(refund.attempts, 10), LONGEST_PAUSE)
            refund.save(update_fields=["attempts", "next_at", "updated_at"])
        return refund


def _new_number() -> str:
    return new_code("R", 16).replace("-", "")


def _refuse_unless_proposable(order: Order, known: Refund | None, ground: RefundGround, reason: str, by: Actor) -> None:
    if by is not SYSTEM and not at_the_payments_agency.test(by, order.payment):
        raise StepNotPermitted(
            "propose", [Reason(_("只有受理该申报的评审服务机构可以提出退费。"), "A-10", "step_not_permitted")]
        )
    found = []
    if order.state not in MONEY_CAME:
        found.append(Reason(_("该订单没有到账，不能退费。"), "A-10", "not_paid"))
    if known is not None and by is not SYSTEM:
        found.append(Reason(_("该订单已在办理退费（%(code)s）。") % {"code": known.code}, "A-10", "refunded_before"))
    if by is not SYSTEM and ground not in PROPOSED_BY_STAFF:
        found.append(Reason(_("请选择退费理由。"), "A-10", "ground_given", field="ground"))
    if ground == RefundGround.SESSION_CANCELLED and not _lost_its_session(order):
        text = _("没有列有该申报的评审会议被取消或者被认定无效，不能以此理由退费。")
        found.append(Reason(text, "A-10", "no_session_cancelled", field="ground"))
    if len(reason.strip()) < FEWEST_SIGNS:
        found.append(Reason(_("请写明退费原因，至少5个字。"), "A-10", "reason_given", field="reason"))
    if found:
        raise Refusal(found)


def _lost_its_session(order: Order) -> bool:
    """Return whether a session on whose agenda the case stood came to nothing, and no other one voted on it."""
    cases = AgendaItem.objects.filter(application=order.payment.application_id)
    came_to_nothing = cases.filter(session__state__in=[SessionState.CANCELLED, SessionState.VOIDED])
    return came_to_nothing.exists() and not cases.filter(state__in=sorted(DECIDED)).exists()
