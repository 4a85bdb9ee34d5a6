"""What review registers with the rooms below, process by process."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.domain import neighbours
from applications.enums import FEE, FIRST_CHECK
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.rules import acts_personally
from portal.catalogue.domain import standing
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.http import navigation, worklist
from portal.workflow import register_settler, settle_due
from review import rules
from review.domain import fees, lapsing, overdue, suspending
from review.domain.arriving import FromEmployer
from review.enums.paying import SETTLEMENT
from review.models import AgencyReview, Order, Payment, Refund


def connect() -> None:
    """Register everything."""
    connect_checking()
    connect_paying()


def settle_review(subject: models.Model, at: dt.datetime) -> None:
    """Execute what is due on a review: on its application, where the timers hang."""
    if isinstance(subject, AgencyReview):
        settle_due(subject.application, at)


def reviews_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the agency: for the lead's confirmation, for the actor's own check, and what is late."""
    mine = AgencyReview.objects.at(actor)
    queue = reverse("review:queue")
    waiting = mine.awaiting()
    first = waiting.filter(suspended_since=None).order_by("due_at").values_list("due_at", flat=True).first()
    groups = [
        worklist.Waiting(_("申报材料待审核"), waiting.filter(proposal="").count(), queue, first),
        worklist.Waiting(_("首次审核逾期"), mine.overdue().count(), queue),
    ]
    if rules.leads.test(actor):
        groups.append(worklist.Waiting(_("审核意见待复核确认"), mine.proposed().count(), queue))
    return groups


def reviews_overdue(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many files of all agencies were not checked in time, for the bureau (N-13)."""
    return [
        worklist.Waiting(
            _("评审服务机构首次审核逾期"), AgencyReview.objects.overdue().count(), reverse("review:overdue")
        )
    ]


def connect_checking() -> None:
    """Register the agency's check."""
    register_deadline(DeadlineKind(FIRST_CHECK, _("机构首次审核截止"), "R-097", ring=overdue.first_check))
    register_settler(settle_review)
    neighbours.register(FromEmployer())
    standing.on_change(suspending.standing_changed)
    worklist.register("review.checks", rules.checks, reviews_waiting)
    worklist.register("review.overdue", rules.oversees, reviews_overdue)
    navigation.register("review:queue", _("申报材料审核"), who=rules.checks, place=16)
    navigation.register("review:overdue", _("机构审核逾期"), who=rules.oversees, place=130)


# --- The fee ----------------------------------------------------------------------------------
class FeeEnds:
    """The fee ends with its application."""

    def arrived(self, application: Application, at: dt.datetime) -> None:
        """Nothing is due yet."""

    def resubmitted(self, application: Application, at: dt.datetime) -> None:
        """Nothing is due yet."""

    def ended(self, application: Application, at: dt.datetime) -> None:
        """What was not paid need not be paid any more."""
        lapsing.ended(application, at)


def settle_fee(subject: models.Model, at: dt.datetime) -> None:
    """Execute what is due on a fee, an order or a refund: on its application, where the timers hang."""
    if isinstance(subject, Payment):
        settle_due(subject.application, at)
    elif isinstance(subject, Order):
        settle_due(subject.payment.application, at)
    elif isinstance(subject, Refund):
        settle_due(subject.order.payment.application, at)


def fees_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return the fees that the person must pay, each with its last day."""
    return [
        worklist.Waiting(
            _("评审费待缴"), 1, reverse("review:payment", args=[payment.code]), due.due_at if due else payment.due_at
        )
        for payment, due in fees.waiting_for_payer(actor)
    ]


def refunds_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many refunds wait for the lead's decision."""
    return [worklist.Waiting(_("退费待审批"), fees.waiting_for_lead(actor), reverse("review:refunds"))]


def differences_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many differences of a day's money nobody has cleared up (N-13)."""
    return [
        worklist.Waiting(_("缴费对账差异待处理"), fees.differences_waiting(actor), reverse("review:reconciliations"))
    ]


def connect_paying() -> None:
    """Register the fee."""
    register_deadline(
        DeadlineKind(FEE, _("缴费截止"), "R-102", ring=lapsing.last_day, reminders=(1,), remind=lapsing.remind)
    )
    register_deadline(DeadlineKind(SETTLEMENT, _("到账确认截止"), "A-10", ring=lapsing.margin))
    register_settler(settle_fee)
    neighbours.register(FeeEnds())
    worklist.register("review.fees", acts_personally, fees_waiting)
    worklist.register("review.refunds", rules.leads, refunds_waiting)
    worklist.register("review.differences", rules.reconciles, differences_waiting)
    navigation.register("review:fees", _("评审费"), who=rules.checks, place=18)
    navigation.register("review:refunds", _("退费"), who=rules.checks, place=132)
    navigation.register("review:reconciliations", _("缴费对账"), who=rules.reconciles, place=134)
