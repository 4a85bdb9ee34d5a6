"""The agency's queue: what it is narrowed by and how it is ordered; the state of a list lives in its address."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from review.enums.checking import ReviewState as S


class Tab(models.TextChoices):
    """What the queue shows: what waits for the agency, one kind of work, or everything."""

    OPEN = "open", _("待办理")
    WAITING = "waiting", _("待审核")
    CHECKING = "checking", _("审核中")
    PROPOSED = "proposed", _("待复核确认")
    RETURNED = "returned", _("已退回补正")
    RECHECKING = "rechecking", _("复审中")
    DECIDED = "decided", _("已办结")
    OVERDUE = "overdue", _("逾期未审核")
    ALL = "all", _("全部")


DECIDED = frozenset({S.PASSED, S.REJECTED, S.CLOSED_EXPIRED, S.CLOSED})


class Order(models.TextChoices):
    """How the queue is ordered; a minus is the other way round."""

    DUE = "due", _("截止日期，先到期在前")
    DUE_LAST = "-due", _("截止日期，后到期在前")
    ARRIVED = "arrived", _("送达时间，先送达在前")
    ARRIVED_LAST = "-arrived", _("送达时间，后送达在前")
    STATE = "state", _("状态")


class Held(models.TextChoices):
    """Whether something lies over the file: a suspension of the agency, or a hold of the application."""

    NONE = "none", _("未暂停")
    SUSPENDED = "suspended", _("评审工作暂停")
    OBJECTION = "objection", _("公示异议核查中")
    INVESTIGATION = "investigation", _("诚信核查中")


# In place of somebody's code: whoever asks, nobody, anybody.
ME, NOBODY, ANYBODY = "me", "none", "any"

LONGEST_NAME, LONGEST_WORDS, LONGEST_NOTE = 30, 30, 500
