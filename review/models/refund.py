"""Money on its way back: proposed by one, decided by another, given back by the gateway (A-10)."""

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF
from portal.accounts.rules import is_system
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review.enums.paying import RefundGround
from review.enums.paying import RefundState as S
from review.guards import paying as guards
from review.models.payment import Order
from review.rules import leads_the_refunds_agency

NO_MORE_THAN_CAME = """
    SELECT COALESCE(received, amount) INTO came FROM review_order WHERE id = NEW.order_id FOR NO KEY UPDATE;
    SELECT COALESCE(sum(amount), 0) INTO going_back FROM review_refund
        WHERE order_id = NEW.order_id AND state <> 'declined';
    IF going_back + NEW.amount > came THEN
        RAISE EXCEPTION 'order % brought less than that', NEW.order_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_goes_back_than_came';
    END IF;
    RETURN NEW;
"""
OF_THE_AGENCY = "order__payment__application__entry__committee__agency"


class RefundQuerySet(models.QuerySet["Refund"]):
    """Refunds by reader."""

    def of_agency(self, actor: Actor) -> Self:
        """Return the refunds of what the actor's agency reviews."""
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(**{OF_THE_AGENCY: actor.organisation})

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(
            "order__payment__application__applicant",
            "order__payment__application__entry__level",
            OF_THE_AGENCY,
            "proposed_by",
            "decided_by",
        )


@state_machine
class Refund(Coded, Dated):
    """Money of one order on its way back to the payer: all of it that is not going back already.

    ``refund_number`` is what the gateway knows it by; a refund that failed there is tried again under a new one.
    ``proposed_by`` is empty where the portal itself found that money must go back, and ``decided_by`` where it took
    that back before anybody decided.
    """

    CODE_PREFIX: ClassVar[str] = "TF"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("order__payment__application", OF_THE_AGENCY)

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    refund_number = models.CharField(_("退款单号"), max_length=40, unique=True)
    state = StateField(_("状态"), default=S.PROPOSED, choices=S)
    ground = models.CharField(_("退费理由"), max_length=20, choices=RefundGround)
    amount = models.DecimalField(_("退费金额"), max_digits=8, decimal_places=2)
    reason = models.CharField(_("情况说明"), max_length=300)
    proposed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    answer = models.CharField(_("审批意见"), max_length=300, blank=True)
    refunded_at = models.DateTimeField(_("退款时间"), null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(_("未成功原因"), max_length=200, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("退费")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_proposal_an_order", fields=["order"], condition=Q(state=S.PROPOSED)),
            models.CheckConstraint(
                name="refund_decided_by_another",
                condition=Q(decided_by=None) | Q(proposed_by=None) | ~Q(proposed_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="refund_moves_after_a_decision", condition=Q(state=S.PROPOSED) | Q(decided_at__isnull=False)
            ),
            models.CheckConstraint(name="refunded_has_time", condition=Q(state=S.REFUNDED) ^ Q(refunded_at=None)),
        ]
        indexes: ClassVar = [
            models.Index(name="refund_to_ask_about", fields=["next_at"], condition=Q(state=S.APPROVED)),
            models.Index(name="refund_by_day_of_money", fields=["refunded_at"], condition=Q(refunded_at__isnull=False)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="no_more_goes_back_than_came",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("came", "numeric"), ("going_back", "numeric")],
                func=NO_MORE_THAN_CAME,
            )
        ]

    def __str__(self) -> str:
        return self.code

    def _decided(self, by: Actor, at: dt.datetime) -> None:
        self.decided_by, self.decided_at = by.person, at

    @transition(
        state,
        source=S.PROPOSED,
        target=S.APPROVED,
        who=leads_the_refunds_agency,
        label=_("批准退费"),
        basis="A-10",
        guards=[guards.another_decides, guards.the_fee_is_not_needed],
        caution=True,
    )
    def approve_refund(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Another of the agency approves; the money goes back by the way it came."""
        self._decided(by, at)
        self.next_at = at

    @transition(
        state,
        source=S.PROPOSED,
        target=S.DECLINED,
        who=leads_the_refunds_agency,
        label=_("不予退费"),
        basis="A-10",
        guards=[guards.another_decides, guards.reason_given],
        caution=True,
    )
    def decline_refund(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The proposal is not followed, for a reason."""
        self._decided(by, at)
        self.answer = reason.strip()

    @transition(state, source=S.PROPOSED, target=S.DECLINED, who=is_system, label=_("撤回退费建议"), basis="A-10")
    def take_back(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The gateway corrected how much came, so that the proposal is about money that nobody has."""
        self._decided(by, at)
        self.answer = reason

    @transition(state, source=S.APPROVED, target=S.FAILED, who=is_system, label=_("退款未成功"), basis="A-10")
    def fail(self, *, by: Actor, at: dt.datetime, why: str, **_facts: Any) -> None:
        """The gateway did not give it back; the agency's lead has it tried again."""
        self.last_error, self.next_at = why[:200], None

    @transition(
        state,
        source=S.FAILED,
        target=S.APPROVED,
        who=leads_the_refunds_agency,
        label=_("重新退款"),
        basis="A-10",
    )
    def retry_refund(self, *, by: Actor, at: dt.datetime, refund_number: str, **_facts: Any) -> None:
        """Tried again under a new number."""
        self.refund_number, self.next_at, self.last_error, self.attempts = refund_number, at, "", 0

    @transition(state, source=S.APPROVED, target=S.REFUNDED, who=is_system, label=_("已退款"), basis="A-10")
    def complete(self, *, by: Actor, at: dt.datetime, refunded_at: dt.datetime, **_facts: Any) -> None:
        """The gateway gave the money back."""
        self.refunded_at, self.next_at, self.last_error = refunded_at, None, ""
