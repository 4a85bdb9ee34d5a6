"""How experts did their duty, session by session (R-164)."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.shared.models import Dated
from review.enums.pooling import Attendance
from review.models.expert_term import ExpertTerm


class DutyRecord(Dated):
    """How an expert did their duty in one session (R-164); ``deviation`` is for watching, never a sanction by itself.

    ``session`` is the session's public code; ``deviation`` how far the scores lay from the group's, in points.
    """

    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("term__agency", "term__series", "term__expert__person")

    term = models.ForeignKey(ExpertTerm, on_delete=models.PROTECT, related_name="duties")
    session = models.CharField(_("评审会议"), max_length=20)
    held_on = models.DateField(_("会议日期"))
    attendance = models.CharField(_("出席情况"), max_length=10, choices=Attendance)
    recusals = models.PositiveSmallIntegerField(_("主动回避次数"), default=0)
    missed_recusals = models.PositiveSmallIntegerField(_("应回避未提出次数"), default=0)
    deviation = models.DecimalField(_("评分偏离"), max_digits=6, decimal_places=2, null=True, blank=True)
    complaints = models.PositiveSmallIntegerField(_("投诉次数"), default=0)
    secrecy_breach = models.BooleanField(_("违反保密纪律"), default=False)
    remark = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("履职记录")
        constraints = [models.UniqueConstraint(name="one_duty_a_session", fields=["term", "session"])]
        indexes = [models.Index(name="duty_by_day", fields=["held_on"])]
        triggers: ClassVar = [pgtrigger.Protect(name="duties_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.term_id}@{self.session}"
