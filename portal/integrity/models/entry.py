"""A record on its way to a credit platform, and off it again."""

import datetime as dt
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import bureau, is_system
from portal.connectors.credit import Platform
from portal.integrity import guards
from portal.integrity.enums import AT_WORK, EntryState
from portal.integrity.models.record import IntegrityRecord
from portal.shared.models import Coded
from portal.workflow import StateField, state_machine, transition

S = EntryState
PLATFORMS = [
    (Platform.NATIONAL.value, _("全国信用信息共享平台")),
    (Platform.BEIJING.value, _("北京市公共信用信息服务平台")),
]


@state_machine
class PlatformEntry(Coded):
    """What one credit platform is to show of one record, and the receipts for it (R-142, A-14).

    ``not_before`` says when the platform is next to be called; it is also the lease of whoever calls it now. Empty
    while work is open means that repeating is useless and staff must look. ``attempts`` counts the calls since the
    last change of state.
    """

    CODE_PREFIX: ClassVar[str] = "XP"

    record = models.ForeignKey(IntegrityRecord, on_delete=models.PROTECT, related_name="entries")
    platform = models.CharField(_("信用平台"), max_length=20, choices=PLATFORMS)
    state = StateField(_("状态"), default=S.TO_SHOW, choices=EntryState)
    attempts = models.PositiveIntegerField(_("尝试次数"), default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.CharField(_("原因"), max_length=120, blank=True)
    shown_at = models.DateTimeField(_("推送时间"), null=True)
    receipt = models.CharField(_("推送回执编号"), max_length=60, blank=True)
    removed_at = models.DateTimeField(_("撤下时间"), null=True)
    removal_receipt = models.CharField(_("撤下回执编号"), max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_entry_per_platform", fields=["record", "platform"]),
            models.CheckConstraint(
                name="shown_entry_has_receipt",
                condition=~Q(state=S.SHOWN) | Q(Q(shown_at__isnull=False), ~Q(receipt="")),
            ),
            models.CheckConstraint(
                name="removed_entry_has_time", condition=~Q(state=S.REMOVED) | Q(removed_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="entry_due", fields=["not_before", "id"], condition=Q(not_before__isnull=False)),
            models.Index(
                name="entry_stuck", fields=["id"], condition=Q(state__in=sorted(AT_WORK), not_before__isnull=True)
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="entries_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.code} {self.platform} {self.state}"

    @property
    def is_stuck(self) -> bool:
        """Whether staff must look before the platform is called again."""
        return self.state in AT_WORK and self.not_before is None

    @transition(state, source=S.TO_SHOW, target=S.SHOWN, who=is_system, label=_("推送"), basis="A-14")
    def mark_shown(self, *, by: Actor, at: dt.datetime, receipt: str, **_facts: Any) -> None:
        """The platform took it and gave a receipt."""
        self.shown_at, self.receipt = at, receipt
        self._rest()

    @transition(
        state,
        source=[S.TO_SHOW, S.SHOWN],
        target=S.TO_REMOVE,
        who=is_system,
        label=_("撤下"),
        basis="R-142",
    )
    def take_off(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The record expired or was quashed; a call still under way is waited for, that it may not come after."""
        self.not_before = max(self.not_before or at, at)
        self.attempts = 0
        self.last_error = ""

    @transition(state, source=S.TO_REMOVE, target=S.REMOVED, who=is_system, label=_("确认撤下"), basis="R-142")
    def mark_removed(self, *, by: Actor, at: dt.datetime, receipt: str, **_facts: Any) -> None:
        """The platform shows it no more; without a receipt where it never had it."""
        self.removed_at, self.removal_receipt = at, receipt
        self._rest()

    @transition(
        state,
        source=S.TO_SHOW,
        target=S.TO_SHOW,
        who=bureau,
        label=_("重新推送"),
        basis="A-14",
        guards=[guards.is_stuck],
    )
    def show_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Staff mended the cause."""
        self._begin_anew(at)

    @transition(
        state,
        source=S.TO_REMOVE,
        target=S.TO_REMOVE,
        who=bureau,
        label=_("重新撤下"),
        basis="A-14",
        guards=[guards.is_stuck],
    )
    def remove_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Staff mended the cause."""
        self._begin_anew(at)

    def _rest(self) -> None:
        self.not_before = None
        self.attempts = 0
        self.last_error = ""

    def _begin_anew(self, at: dt.datetime) -> None:
        self.not_before = at
        self.attempts = 0
        self.last_error = ""
