"""What the payment gateway told, and what became of it: written once, never changed."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from review.enums.paying import Outcome
from review.models.payment import Order


class GatewayNotice(models.Model):
    """One request to the notify address: believed or not, with effect or without, and why.

    Of what was not believed only the hash and the size are kept: anybody can send it.
    """

    received_at = models.DateTimeField(_("收到时间"))
    outcome = models.CharField(_("处理结果"), max_length=20, choices=Outcome)
    why = models.CharField(_("说明"), max_length=200, blank=True)
    event = models.CharField(_("通知类型"), max_length=20, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    order_number = models.CharField(_("订单号"), max_length=64, blank=True)
    trade_number = models.CharField(_("渠道流水号"), max_length=64, blank=True)
    refund_number = models.CharField(_("退款单号"), max_length=64, blank=True)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2, null=True, blank=True)
    happened_at = models.DateTimeField(_("发生时间"), null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("缴费通知")
        indexes: ClassVar = [
            models.Index(name="gateway_notice_by_outcome", fields=["outcome", "-received_at"]),
            models.Index(name="gateway_notice_by_number", fields=["order_number"]),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="gateway_notices_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="gateway_notices_are_kept",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'notices of the gateway are never truncated';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.outcome}"
