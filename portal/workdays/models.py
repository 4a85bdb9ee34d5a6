"""The State Council's yearly holiday notices, entered by the bureau with their source."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.rules import bureau_lead, is_system
from portal.shared.models import Coded, Dated
from portal.workdays import guards
from portal.workflow import StateField, state_machine, transition


class NoticeState(models.TextChoices):
    """Whether a notice counts."""

    DRAFT = "draft", _("草稿")
    IN_FORCE = "in_force", _("现行")
    REPLACED = "replaced", _("已被替代")


class YearNoticeQuerySet(models.QuerySet["YearNotice"]):
    """Notices by state."""

    def in_force(self) -> Self:
        """Return the notices that count, one a year."""
        return self.filter(state=NoticeState.IN_FORCE)


@state_machine
class YearNotice(Coded, Dated):
    """The holiday notice of one year, or its later correction."""

    CODE_PREFIX: ClassVar[str] = "JJR"

    year = models.PositiveSmallIntegerField(_("年份"))
    title = models.CharField(_("文件名称"), max_length=120)
    source = models.CharField(_("来源网址或文号"), max_length=300, blank=True)
    state = StateField(_("状态"), default=NoticeState.DRAFT, choices=NoticeState)
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_at = models.DateTimeField(_("生效时间"), null=True)

    objects = YearNoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_notice_in_force_a_year", fields=["year"], condition=Q(state=NoticeState.IN_FORCE)
            ),
            models.CheckConstraint(
                name="notice_in_force_has_time", condition=Q(state=NoticeState.DRAFT) | Q(in_force_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(
        state,
        source=NoticeState.DRAFT,
        target=NoticeState.IN_FORCE,
        who=bureau_lead | is_system,
        label=_("发布"),
        basis="A-04",
        guards=[
            guards.has_days,
            guards.days_lie_in_its_year,
            guards.make_up_days_are_weekends,
            guards.another_prepared,
        ],
        caution=True,
    )
    def publish(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The days of the notice count from now on."""
        self.in_force_at = at

    @transition(
        state,
        source=NoticeState.IN_FORCE,
        target=NoticeState.REPLACED,
        who=bureau_lead | is_system,
        label=_("替代"),
        basis="A-04",
    )
    def replace(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """A later notice of the same year takes its place."""


class SpecialDay(models.Model):
    """A rest day, or a Saturday or Sunday on which people work."""

    notice = models.ForeignKey(YearNotice, on_delete=models.CASCADE, related_name="days")
    date = models.DateField(_("日期"))
    is_workday = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_meaning_a_day", fields=["notice", "date"])]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
