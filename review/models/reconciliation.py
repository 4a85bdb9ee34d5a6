"""The daily comparison of our rows with the gateway's statement, and every difference that it found."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import BUREAU_DECIDERS, Role
from portal.accounts.rules import is_system
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review.enums.paying import DifferenceKind, Direction
from review.enums.paying import ReconciliationState as S
from review.models.payment import Order
from review.rules import reconciles


@state_machine
class Reconciliation(Coded, Dated):
    """One day (Beijing time, by the gateway's own timestamps), compared as often as somebody asks; the latest figures stand here."""

    CODE_PREFIX: ClassVar[str] = "DZ"

    day = models.DateField(_("日期"), unique=True)
    state = StateField(_("状态"), default=S.WAITING, choices=S)
    asked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发起人")
    )
    asked_at = models.DateTimeField(_("发起时间"))
    made_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    lines_here = models.PositiveIntegerField(default=0)
    lines_there = models.PositiveIntegerField(default=0)
    paid_here = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    paid_there = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    refunded_here = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    refunded_there = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("对账")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="compared_day_has_time", condition=Q(state=S.WAITING) | Q(made_at__isnull=False)
            )
        ]
        indexes: ClassVar = [models.Index(name="reconciliation_to_make", fields=["state", "next_at"])]

    def __str__(self) -> str:
        return self.day.isoformat()

    @transition(state, source=S.WAITING, target=S.DONE, who=is_system, label=_("完成核对"), basis="A-10")
    def finish(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The statement was had and compared line by line."""
        self.made_at, self.last_error = at, ""

    @transition(state, source=S.DONE, target=S.WAITING, who=reconciles, label=_("重新核对"), basis="A-10")
    def again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Somebody has the day compared anew; what was found before stays."""
        self.asked_by, self.asked_at, self.next_at, self.attempts = by.person, at, at, 0


class DifferenceQuerySet(models.QuerySet["Difference"]):
    """Differences by reader and by what became of them."""

    def seen_by(self, actor: Actor) -> Self:
        """Return all for the bureau; for an agency's lead those of its own orders."""
        if BUREAU_DECIDERS & actor.roles:
            return self
        if actor.organisation is None or Role.AGENCY_LEAD not in actor.roles:
            return self.none()
        return self.filter(order__payment__application__entry__committee__agency=actor.organisation)

    def unsettled(self) -> Self:
        """Return those that neither vanished nor were settled by somebody."""
        return self.filter(gone_at=None, settled_at=None)


class Difference(Coded, Dated):
    """One movement of money in which the two sides differ; kept for good, with what became of it.

    ``gone_at`` is when a later comparison no longer found it; ``settled_at`` when somebody explained it.
    """

    CODE_PREFIX: ClassVar[str] = "CY"

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(_("差异"), max_length=20, choices=DifferenceKind)
    direction = models.CharField(_("方向"), max_length=10, choices=Direction)
    order_number = models.CharField(_("订单号"), max_length=64)
    refund_number = models.CharField(_("退款单号"), max_length=64, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="differences")
    amount_here = models.DecimalField(_("平台金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    amount_there = models.DecimalField(_("渠道金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    at_here = models.DateTimeField(_("平台时间"), null=True, blank=True)
    at_there = models.DateTimeField(_("渠道时间"), null=True, blank=True)
    found_at = models.DateTimeField(_("发现时间"))
    gone_at = models.DateTimeField(_("消除时间"), null=True, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    note = models.CharField(_("处理说明"), max_length=300, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("对账差异")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_difference_a_movement",
                fields=["reconciliation", "kind", "direction", "order_number", "refund_number"],
            ),
            models.CheckConstraint(
                name="settled_difference_has_note",
                condition=Q(settled_at=None) ^ (Q(settled_by__isnull=False) & ~Q(note="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="difference_unsettled", fields=["reconciliation"], condition=Q(gone_at=None, settled_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.kind}"

    @property
    def is_open(self) -> bool:
        """Whether somebody must still look at it."""
        return self.gone_at is None and self.settled_at is None
