"""Whether an agency may evaluate in a year: listed, suspended with a remedy ordered, withdrawn, delisted (R-152, R-153)."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue import guards
from portal.catalogue.enums import AuthorityState
from portal.catalogue.models.edition import Edition
from portal.catalogue.rules import may_decide, may_prepare
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


@state_machine
class AgencyAuthority(Coded, Dated):
    """The standing of one agency in one year's catalogue; made when a revision that names it is published."""

    CODE_PREFIX: ClassVar[str] = "PQ"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="authorities")
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="authorities", verbose_name=_("评审服务机构")
    )
    state = StateField(_("状态"), default=AuthorityState.LISTED, choices=AuthorityState)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    remedy_due_on = models.DateField(_("整改期限"), null=True, blank=True)
    changed_at = models.DateTimeField(_("变更时间"), null=True)

    class Meta:
        verbose_name = _("评审权")
        constraints = [
            models.UniqueConstraint(name="one_standing_per_agency_and_year", fields=["edition", "agency"]),
            models.CheckConstraint(
                name="suspended_agency_has_remedy_day",
                condition=~Q(state=AuthorityState.SUSPENDED) | Q(remedy_due_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.edition.year}"

    @property
    def is_listed(self) -> bool:
        """Whether the agency may evaluate now."""
        return bool(self.state == AuthorityState.LISTED)

    @transition(
        state,
        source=AuthorityState.LISTED,
        target=AuthorityState.SUSPENDED,
        who=may_decide,
        label=_("暂停评审工作"),
        basis="R-152",
        guards=[guards.cause_given, guards.remedy_day_lies_ahead],
        caution=True,
    )
    def suspend(self, *, by: Actor, at: dt.datetime, reason: str, remedy_due_on: dt.date, **_: Any) -> None:
        """No new sessions; a remedy is ordered; the timers of its applicants stop."""
        self._change(reason, at)
        self.remedy_due_on = remedy_due_on
        Suspension.objects.create(authority=self, from_at=at)

    @transition(
        state,
        source=AuthorityState.SUSPENDED,
        target=AuthorityState.LISTED,
        who=may_decide,
        label=_("恢复评审工作"),
        basis="R-152",
        guards=[guards.cause_given],
    )
    def restore(self, *, by: Actor, at: dt.datetime, reason: str, **_: Any) -> None:
        """The remedy was accepted."""
        self._change(reason, at)
        self.remedy_due_on = None
        self._end_suspension(at)

    @transition(
        state,
        source=[AuthorityState.LISTED, AuthorityState.SUSPENDED],
        target=AuthorityState.WITHDRAWN,
        who=may_decide,
        label=_("收回评审权"),
        basis="R-153",
        guards=[guards.cause_given],
        caution=True,
    )
    def withdraw(self, *, by: Actor, at: dt.datetime, reason: str, **_: Any) -> None:
        """The agency evaluates no more this year."""
        self._change(reason, at)
        self._end_suspension(at)

    @transition(
        state,
        source=AuthorityState.LISTED,
        target=AuthorityState.DELISTED,
        who=may_prepare,
        label=_("移出名录"),
        basis="R-020",
        guards=[guards.no_listed_row_names_it],
    )
    def delist(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The published revision no longer names the agency."""
        self.changed_at = at

    @transition(
        state,
        source=AuthorityState.DELISTED,
        target=AuthorityState.LISTED,
        who=may_prepare,
        label=_("重新列入名录"),
        basis="R-020",
    )
    def relist(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """A later revision names the agency again."""
        self.changed_at = at

    def _change(self, reason: str, at: dt.datetime) -> None:
        self.reason, self.changed_at = reason, at

    def _end_suspension(self, at: dt.datetime) -> None:
        self.suspensions.filter(until_at=None).update(until_at=at)


class Suspension(models.Model):
    """A span in which an agency was suspended, for the timers that stop in it; open while ``until_at`` is empty."""

    authority = models.ForeignKey(AgencyAuthority, on_delete=models.PROTECT, related_name="suspensions")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_suspension", fields=["authority"], condition=Q(until_at__isnull=True)
            ),
            models.CheckConstraint(
                name="suspension_ends_after_start", condition=Q(until_at=None) | Q(until_at__gte=F("from_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority_id}: {self.from_at} – {self.until_at}"
