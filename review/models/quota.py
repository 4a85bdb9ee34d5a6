"""How many targeted titles a district may be granted in one series and one year (R-226, R-227; domain §8.18)."""

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.districts import District
from portal.accounts.models import Person
from portal.accounts.roles import BUREAU_DECIDERS
from portal.accounts.rules import is_system
from portal.catalogue.models import Series
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.quotas import QuotaState as S
from review.guards import quotas as guards


class TargetedQuotaQuerySet(models.QuerySet["TargetedQuota"]):
    """Quotas by reader and by what they are for."""

    def at(self, actor: Actor) -> Self:
        """Return what the actor's office sees: the bureau steers the total (R-227)."""
        return self if BUREAU_DECIDERS & actor.roles else self.none()

    def in_force(self) -> Self:
        """Return the versions that count."""
        return self.filter(state=S.IN_FORCE)


@state_machine
class TargetedQuota(Coded, Dated):
    """One version of the quota of one district, series and year; a change is a new version, proposed by one, approved by another.

    How many are used is never stored: the accepted results say it.
    """

    CODE_PREFIX: ClassVar[str] = "ME"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("series", "proposed_by", "decided_by")

    district = models.CharField(_("区"), max_length=6, choices=District)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+", verbose_name=_("系列"))
    year = models.PositiveSmallIntegerField(_("年度"))
    total = models.PositiveIntegerField(_("名额"))
    ground = models.CharField(_("依据"), max_length=500)
    state = StateField(_("状态"), default=S.PROPOSED, choices=S)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    answer = models.CharField(_("不批准的理由"), max_length=500, blank=True)

    objects = TargetedQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("定向评价名额")
        ordering: ClassVar = ["-year", "series__code", "district", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_quota_in_force", fields=["district", "series", "year"], condition=Q(state=S.IN_FORCE)
            ),
            models.UniqueConstraint(
                name="one_quota_proposed", fields=["district", "series", "year"], condition=Q(state=S.PROPOSED)
            ),
            models.CheckConstraint(
                name="quota_decided_by_another", condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by"))
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="quotas_are_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="quotas_are_frozen", fields=["district", "series", "year", "total", "ground"]),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(
        state,
        source=S.PROPOSED,
        target=S.IN_FORCE,
        who=rules.decides_quotas,
        label=_("批准名额"),
        basis="R-226",
        guards=[guards.another_proposed, guards.covers_what_was_granted],
        caution=True,
    )
    def approve(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """From now on so many titles of the district, series and year may be accepted."""
        self.decided_by, self.decided_at = by.person, at

    @transition(
        state,
        source=S.PROPOSED,
        target=S.DECLINED,
        who=rules.decides_quotas,
        label=_("不批准"),
        basis="R-226",
        guards=[guards.another_proposed, guards.reason_given],
    )
    def decline(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """What was in force stays."""
        self.decided_by, self.decided_at, self.answer = by.person, at, reason.strip()

    @transition(state, source=S.IN_FORCE, target=S.REPLACED, who=is_system, label=_("由新名额替代"), basis="R-226")
    def replace(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A later version counts now."""
