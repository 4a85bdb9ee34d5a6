"""What the national title query platform is told of each certificate (E-36)."""

import datetime as dt
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates import guards, rules
from certificates.enums import PushState as S
from certificates.models.certificate import Certificate
from portal.accounts.actors import Actor
from portal.accounts.rules import is_system
from portal.connectors.titles import Standing
from portal.shared.models import Coded
from portal.workflow import StateField, state_machine, transition


@state_machine
class NationalPush(Coded):
    """One version of a certificate on its way to the platform, and the receipt for it.

    ``not_before`` says when the platform is next called and is the lease of whoever calls now. Empty while the row waits
    means that repeating is useless and staff must look.
    """

    CODE_PREFIX: ClassVar[str] = "GT"

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="pushes")
    version = models.PositiveSmallIntegerField(_("版本"))
    standing = models.CharField(_("证书状态"), max_length=12, choices=[(one.value, one.value) for one in Standing])
    state = StateField(_("状态"), default=S.WAITING, choices=S)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.CharField(_("原因"), max_length=120, blank=True)
    taken_at = models.DateTimeField(_("推送时间"), null=True)
    receipt = models.CharField(_("回执编号"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("全国职称评审信息查询平台推送")
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_version_pushed_once", fields=["certificate", "version"]),
            models.CheckConstraint(
                name="taken_push_has_receipt",
                condition=~Q(state=S.TAKEN) | Q(Q(taken_at__isnull=False), ~Q(receipt="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="push_due", fields=["not_before", "id"], condition=Q(not_before__isnull=False)),
            models.Index(name="push_stuck", fields=["id"], condition=Q(state=S.WAITING, not_before__isnull=True)),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="pushes_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.certificate_id}:{self.version}"

    @property
    def is_stuck(self) -> bool:
        """Whether staff must look before the platform is called again."""
        return self.state == S.WAITING and self.not_before is None

    @transition(state, source=S.WAITING, target=S.TAKEN, who=is_system, label=_("推送"), basis="R-126")
    def mark_taken(self, *, by: Actor, at: dt.datetime, receipt: str, **_facts: Any) -> None:
        """The platform took it and gave a receipt."""
        self.taken_at, self.receipt = at, receipt
        self.not_before, self.last_error = None, ""

    @transition(
        state,
        source=S.WAITING,
        target=S.WAITING,
        who=rules.keeps_register,
        label=_("重新推送"),
        basis="R-126",
        guards=[guards.is_stuck],
    )
    def push_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Staff mended the cause."""
        self.not_before, self.attempts, self.last_error = at, 0, ""
