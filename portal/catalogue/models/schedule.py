"""The year's windows: from when until when people submit, employers recommend, agencies check, committees meet."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue import guards
from portal.catalogue.enums import IN_FORCE, ScheduleKind, ScheduleState
from portal.catalogue.feasibility import Publicity, Report, Windows, check
from portal.catalogue.four_eyes import another_prepared
from portal.catalogue.models.edition import Edition
from portal.catalogue.models.policy import NoPolicyInForceError, PolicyVersion
from portal.catalogue.rules import may_decide, may_prepare_schedule, may_publish_schedule
from portal.shared import clock
from portal.shared.models import Coded, Dated
from portal.workdays.queries import calendar_in_force
from portal.workflow import StateField, state_machine, transition

WINDOW_FIELDS = tuple(Windows.__dataclass_fields__)


class AnnualScheduleQuerySet(models.QuerySet["AnnualSchedule"]):
    """Schedules by what holds."""

    def in_force(self) -> Self:
        """Return the schedules whose windows hold."""
        return self.filter(state__in=IN_FORCE)

    def taking_applications(self, at: dt.datetime) -> Self:
        """Return the schedules in whose individual window ``at`` lies; the closing instant is outside."""
        return self.in_force().filter(individual_opens_at__lte=at, individual_closes_at__gt=at)


@state_machine
class AnnualSchedule(Coded, Dated):
    """The windows of one kind of evaluation, or of one special round, in one year.

    Every ``closes_at`` is exclusive: a last day that counts is stored as its 24:00 (A-33). The owner is the bureau, or
    the authority whose own notice sets the dates (R-031, R-037).
    """

    CODE_PREFIX: ClassVar[str] = "AP"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="schedules")
    title = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("评价方式"), max_length=20, choices=ScheduleKind)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布单位")
    )
    notice = models.CharField(_("通知名称和文号"), max_length=200, blank=True)
    individual_opens_at = models.DateTimeField(_("个人申报开始"))
    individual_closes_at = models.DateTimeField(_("个人申报截止"))
    employer_opens_at = models.DateTimeField(_("单位审核推荐开始"))
    employer_closes_at = models.DateTimeField(_("单位审核推荐截止"))
    agency_closes_at = models.DateTimeField(_("首次审核完成"))
    committee_closes_at = models.DateTimeField(_("答辩评审完成"))
    state = StateField(_("状态"), default=ScheduleState.DRAFT, choices=ScheduleState)
    acknowledged = models.JSONField(_("已确认的提示"), default=list)
    acknowledgement = models.CharField(_("确认理由"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    objects = AnnualScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度安排")
        constraints = [
            models.UniqueConstraint(name="one_schedule_title_a_year", fields=["edition", "title"]),
            models.CheckConstraint(
                name="windows_open_before_they_close",
                condition=Q(individual_closes_at__gt=F("individual_opens_at"))
                & Q(employer_closes_at__gt=F("employer_opens_at")),
            ),
            models.CheckConstraint(
                name="published_schedule_has_time",
                condition=Q(state__in=[ScheduleState.DRAFT, ScheduleState.CHECKED]) ^ Q(published_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="schedule_by_window", fields=["state", "individual_opens_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def windows(self) -> Windows:
        """The instants as a plain value."""
        return Windows(**{name: getattr(self, name) for name in WINDOW_FIELDS})

    @property
    def is_in_force(self) -> bool:
        """Whether its windows hold."""
        return self.state in IN_FORCE

    def takes_applications(self, at: dt.datetime) -> bool:
        """Return whether ``at`` lies in the individual window: the last day counts to its very end (A-33)."""
        return self.is_in_force and self.individual_opens_at <= at < self.individual_closes_at

    def takes_recommendations(self, at: dt.datetime) -> bool:
        """Return whether ``at`` lies in the employer's window."""
        return self.is_in_force and self.employer_opens_at <= at < self.employer_closes_at

    def feasibility(self, windows: Windows | None = None) -> Report:
        """Return what speaks against its windows, or against ``windows``, under the policy of the opening day (A-05).

        Raises NoPolicyInForceError for a year before the first policy version.
        """
        chosen = windows or self.windows
        policy = self.policy(chosen)
        publicity = Publicity(policy.days("publicity.min_workdays"), policy.flag("publicity.count_posting_day"))
        return check(chosen, publicity, calendar_in_force())

    def checked(self, windows: Windows | None = None) -> Report | None:
        """Return the same, or None for days on which no policy version was in force: they cannot be checked."""
        try:
            return self.feasibility(windows)
        except NoPolicyInForceError:
            return None

    def policy(self, windows: Windows | None = None) -> PolicyVersion:
        """Return the policy version of the day on which the individual window opens."""
        return PolicyVersion.objects.in_force(clock.day_of((windows or self.windows).individual_opens_at))

    @transition(
        state,
        source=ScheduleState.DRAFT,
        target=ScheduleState.CHECKED,
        who=may_prepare_schedule,
        label=_("核对无误"),
        basis="A-05",
        guards=[guards.nothing_refuses_the_windows, guards.warnings_are_acknowledged],
    )
    def verify(self, *, by: Actor, at: dt.datetime, acknowledgement: str = "", **_: Any) -> None:
        """The windows can be kept, or what cannot is acknowledged with a reason."""
        self.acknowledged = sorted(self.feasibility().codes)
        self.acknowledgement = acknowledgement

    @transition(
        state,
        source=ScheduleState.CHECKED,
        target=ScheduleState.DRAFT,
        who=may_prepare_schedule,
        label=_("退回修改"),
        basis="A-05",
    )
    def send_back(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The windows must be changed."""
        self.acknowledged, self.acknowledgement = [], ""

    @transition(
        state,
        source=ScheduleState.CHECKED,
        target=ScheduleState.PUBLISHED,
        who=may_publish_schedule,
        label=_("发布"),
        basis="R-020",
        guards=[
            guards.edition_is_published,
            guards.nothing_refuses_the_windows,
            guards.no_new_warnings,
            another_prepared,
        ],
        caution=True,
    )
    def publish(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The windows hold."""
        self.published_at = at

    @transition(
        state,
        source=[ScheduleState.PUBLISHED, ScheduleState.AMENDED],
        target=ScheduleState.AMENDED,
        who=may_publish_schedule,
        label=_("调整日期"),
        basis="A-35",
        guards=[guards.reason_given, guards.running_windows_only_grow, guards.amended_windows_are_sound],
        caution=True,
    )
    def amend(self, *, by: Actor, at: dt.datetime, windows: Windows, **_: Any) -> None:
        """The windows are moved; a running one only outwards."""
        self.take(windows)
        self.acknowledged = sorted(self.feasibility().codes)

    @transition(
        state,
        source=[ScheduleState.PUBLISHED, ScheduleState.AMENDED],
        target=ScheduleState.CLOSED,
        who=may_decide,
        label=_("结束"),
        basis="R-029",
        guards=[guards.every_window_is_over, guards.nobody_waits_in_it],
        caution=True,
    )
    def close(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """Every window is over."""

    def take(self, windows: Windows) -> None:
        """Set the instants from a plain value; saving is the caller's."""
        for name in WINDOW_FIELDS:
            setattr(self, name, getattr(windows, name))
