"""Occasions, channels and states of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Occasion(models.TextChoices):
    """Why people are told something: the rows of domain §10, and review requests, which have none."""

    SUBMITTED = "N-01", _("申报提交")
    EMPLOYER_DEADLINE = "N-02", _("单位办理期限提醒")
    OBJECTION = "N-03", _("公示异议")
    RETURNED = "N-04", _("退回补正")
    CORRECTION_DEADLINE = "N-05", _("补正期限提醒")
    REVIEWED = "N-06", _("审核结果")
    PAYMENT = "N-07", _("缴费")
    DEFENCE = "N-08", _("答辩")
    NOT_PASSED = "N-09", _("评审结果")
    ON_NOTICE = "N-10", _("结果公示")
    CERTIFICATE = "N-11", _("电子证书")
    SANCTION = "N-12", _("失信处理告知与决定")
    OVERDUE = "N-13", _("办理超期提示")
    EXPIRING = "N-14", _("备案、聘期到期提醒")
    UNIT_DECISION = "N-15", _("自主评审单位申请结果")
    REVIEW_REQUEST = "A-24", _("复查申请")


class Channel(models.TextChoices):
    """How a message leaves the portal; the inbox is no channel, every message stands there."""

    SMS = "sms", _("短信")
    EMAIL = "email", _("电子邮件")


class Need(models.TextChoices):
    """Whether the addressee may do without a channel."""

    REQUIRED = "required", _("必须发送")
    OPTIONAL = "optional", _("可以选择不接收")


class DeliveryState(models.TextChoices):
    """Where one delivery stands."""

    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已发出")
    ARRIVED = "arrived", _("已送达")
    FAILED = "failed", _("发送失败")
    IMPOSSIBLE = "impossible", _("无法发送")
    CANCELLED = "cancelled", _("已取消")


NEEDS_STAFF = frozenset({DeliveryState.FAILED, DeliveryState.IMPOSSIBLE})

# Faults of channels in words for staff, as far as they can do something about them.
FAULTS = {
    "no_address": _("没有登记号码或地址"),
    "bad_phone": _("手机号码有误"),
    "UNDELIV": _("对方无法接收，可能关机或停机"),
    "unknown_to_provider": _("运营商没有这条短信的记录"),
    "tried_too_often": _("多次尝试未成功"),
    "timeout": _("运营商没有及时答复"),
    "server_error": _("运营商系统故障"),
    "smtp_550": _("邮箱地址不存在"),
}
