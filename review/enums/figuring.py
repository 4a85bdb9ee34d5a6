"""The way of an application as it is counted: how far it came, whatever became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.IntegerChoices):
    """What an application has behind it; each includes those before it.

    A vote counts once it was reported: what the committee decided is nobody's to know before (domain §9).
    """

    OPENED = 0, _("开始填报")
    SUBMITTED = 1, _("个人提交")
    RECOMMENDED = 2, _("单位推荐")
    CHECKED = 3, _("机构审核通过")
    PAID = 4, _("缴费或者无需缴费")
    HEARD = 5, _("完成答辩或者无需答辩")
    VOTED = 6, _("表决并报送")
    PASSED = 7, _("表决通过")
    CLEARED = 8, _("公示无异议")
    CERTIFIED = 9, _("核发证书")


class PromiseState(models.TextChoices):
    """How the promise of twenty working days stands on one batch (R-006, A-06)."""

    RUNNING = "running", _("计时中")
    STANDING = "standing", _("暂停计时")
    BREACHED = "breached", _("逾期未办结")
    KEPT = "kept", _("按期办结")
    LATE = "late", _("逾期办结")


class Late(models.TextChoices):
    """What is not done by its day, and waits on a desk."""

    FIRST_CHECK = "first_check", _("机构首次审核")
    PROMISE = "promise", _("验收发证承诺时限")
    OBJECTION = "objection", _("异议答复")
    REVIEW = "review", _("复查答复")


class Event(models.TextChoices):
    """What is counted by day."""

    SUBMITTED = "submitted", _("个人提交")
    PUBLICISED = "publicised", _("单位公示")
    RECOMMENDED = "recommended", _("单位推荐")
    ARRIVED = "arrived", _("送达机构")
    DECIDED = "decided", _("机构审核结论")
    VOTED = "voted", _("表决")
    SHOWN = "shown", _("结果公示")
    CERTIFIED = "certified", _("核发证书")
