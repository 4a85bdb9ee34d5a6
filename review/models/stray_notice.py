"""A signed notice of the gateway about money that the portal knows nothing of, until a lead has cleared it up."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import BUREAU_DECIDERS, Role
from portal.shared.models import Coded, Dated
from review.models.gateway_notice import GatewayNotice

FULL_SIGNS = 4


class StrayNoticeQuerySet(models.QuerySet["StrayNotice"]):
    """Stray notices by reader and by what became of them."""

    def seen_by(self, actor: Actor) -> Self:
        """Return all for the bureau; for an agency's lead those about refunds of its own orders."""
        if BUREAU_DECIDERS & actor.roles:
            return self
        if actor.organisation is None or Role.AGENCY_LEAD not in actor.roles:
            return self.none()
        return self.filter(notice__order__payment__application__entry__committee__agency=actor.organisation)

    def unsettled(self) -> Self:
        """Return those that nobody cleared up."""
        return self.filter(settled_at=None)


class StrayNotice(Coded, Dated):
    """One message, however often the gateway sends it: it names no known order, or no known refund of one."""

    CODE_PREFIX: ClassVar[str] = "WD"

    sha256 = models.CharField(max_length=64, unique=True)
    notice = models.OneToOneField(GatewayNotice, on_delete=models.PROTECT, related_name="stray", verbose_name=_("通知"))
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    note = models.CharField(_("处理说明"), max_length=300, blank=True)

    objects = StrayNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("未对应订单的缴费通知")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="settled_stray_has_note",
                condition=Q(settled_at=None, settled_by=None) | (Q(settled_by__isnull=False) & ~Q(note="")),
            )
        ]
        indexes: ClassVar = [models.Index(name="stray_unsettled", fields=["id"], condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return self.code

    @property
    def order_shown(self) -> str:
        """The number of the order that was named, but for its end."""
        return masked(self.notice.order_number)

    @property
    def trade_shown(self) -> str:
        """The gateway's own number, but for its end."""
        return masked(self.notice.trade_number)

    @property
    def refund_shown(self) -> str:
        """The number of the refund that was named, but for its end."""
        return masked(self.notice.refund_number)


def masked(number: str) -> str:
    """Return a number of which the end alone is legible: enough to find it at the gateway, too little to use it."""
    hidden = len(number) - FULL_SIGNS
    return "•" * min(hidden, FULL_SIGNS) + number[-FULL_SIGNS:] if hidden > 0 else "•" * len(number)
