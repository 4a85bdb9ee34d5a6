"""States and kinds of the defence, and the timers that it hangs on an application."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """Where people are heard (A-27)."""

    ON_SITE = "on_site", _("现场答辩")
    ONLINE = "online", _("线上答辩")


class DefenceState(models.TextChoices):
    """Where one person's defence stands (domain §8.5)."""

    PLANNED = "planned", _("已安排，待通知")
    NOTIFIED = "notified", _("已通知")
    ACKNOWLEDGED = "acknowledged", _("已下载通知书")
    RESCHEDULED = "rescheduled", _("待重新安排")
    IN_PROGRESS = "in_progress", _("答辩中")
    COMPLETED = "completed", _("答辩完成")
    ABSENT = "absent", _("未到场")
    ABSENT_FINAL = "absent_final", _("未到场，视为放弃")
    CLOSED = "closed", _("申报已终止")


D = DefenceState
TOLD = frozenset({D.NOTIFIED, D.ACKNOWLEDGED})
AHEAD = frozenset({D.PLANNED, *TOLD})
OPEN = frozenset({D.PLANNED, D.NOTIFIED, D.ACKNOWLEDGED, D.RESCHEDULED, D.IN_PROGRESS, D.ABSENT})
# What an expert of the panel meets on the desk: nothing before the person was told, nothing once it came to nothing.
SHOWN_TO_PANEL = frozenset({D.NOTIFIED, D.ACKNOWLEDGED, D.IN_PROGRESS, D.COMPLETED})
TONES = {
    D.PLANNED: "waiting",
    D.NOTIFIED: "running",
    D.ACKNOWLEDGED: "running",
    D.RESCHEDULED: "action",
    D.IN_PROGRESS: "running",
    D.COMPLETED: "good",
    D.ABSENT: "action",
    D.ABSENT_FINAL: "bad",
    D.CLOSED: "ended",
}


class RequestKind(models.TextChoices):
    """What a person asks: another date beforehand, or to be excused afterwards."""

    BEFORE = "before", _("申请改期")
    AFTER = "after", _("未到场说明")


class RequestState(models.TextChoices):
    """What became of the request."""

    ASKED = "asked", _("待答复")
    AGREED = "agreed", _("同意")
    REFUSED = "refused", _("不同意")
    LAPSED = "lapsed", _("已失效")


class OpinionState(models.TextChoices):
    """Whether an expert still writes."""

    DRAFT = "draft", _("填写中")
    HANDED_IN = "handed_in", _("已提交")


class Relation(models.TextChoices):
    """Why an expert keeps out of one person's defence (A-48)."""

    SAME_PERSON = "same_person", _("申报人本人")
    SAME_EMPLOYER = "same_employer", _("与申报人同一单位")
    KIN = "kin", _("近亲属")
    TEACHER = "teacher", _("师生关系")
    CO_AUTHOR = "co_author", _("成果合作者")
    RECOMMENDER = "recommender", _("申报人的推荐人")
    INTEREST = "interest", _("经济利益关系")
    OTHER = "other", _("其他可能影响公正的关系")


# Found from the registers, never declared.
COMPUTED = frozenset({Relation.SAME_PERSON, Relation.SAME_EMPLOYER})

NO_SHOW = "review.no_show"
