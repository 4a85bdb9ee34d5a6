"""States and kinds of the fee: the payment, its orders, refunds, the gateway's notices and the daily comparison."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentState(models.TextChoices):
    """Where the fee of one application stands (domain §8.4)."""

    DUE = "due", _("待缴费")
    PROCESSING = "processing", _("缴费处理中")
    SUCCEEDED = "succeeded", _("已缴费")
    EXPIRED = "expired", _("逾期未缴")
    NOT_REQUIRED = "not_required", _("无需缴费")
    REFUND_PENDING = "refund_pending", _("退费中")
    REFUNDED = "refunded", _("已退费")
    CLOSED = "closed", _("申报已终止，未缴费")


P = PaymentState
WAITS_FOR_MONEY = frozenset({P.DUE, P.PROCESSING})
SETTLED = frozenset({P.SUCCEEDED, P.NOT_REQUIRED})


class OrderState(models.TextChoices):
    """Where one order stands; prepared is ours alone, open is known to the gateway, mispaid brought another amount."""

    PREPARED = "prepared", _("订单准备中")
    OPEN = "open", _("待支付")
    PAID = "paid", _("已支付")
    MISPAID = "mispaid", _("到账金额不符")
    CLOSED = "closed", _("已关闭")


OPEN_ORDERS = frozenset({OrderState.PREPARED, OrderState.OPEN})
# By these money came.
MONEY_CAME = frozenset({OrderState.PAID, OrderState.MISPAID})


class RefundGround(models.TextChoices):
    """Why money is given back (A-10); all but the agency's two are found by the portal itself."""

    DUPLICATE = "duplicate", _("重复缴费")
    AGENCY_ERROR = "agency_error", _("评审服务机构差错")
    SESSION_CANCELLED = "session_cancelled", _("评审会议取消")
    LATE = "late", _("缴费时间超过截止时间")
    ENDED = "ended", _("到账时申报已终止")
    AMOUNT = "amount", _("到账金额与应缴金额不符")


# What staff may propose; the others follow from the money itself.
PROPOSED_BY_STAFF = (RefundGround.AGENCY_ERROR, RefundGround.SESSION_CANCELLED)


class RefundState(models.TextChoices):
    """Where one refund stands: one proposes, another decides, the gateway gives back."""

    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已批准，退款办理中")
    FAILED = "failed", _("退款未成功")
    REFUNDED = "refunded", _("已退款")
    DECLINED = "declined", _("未批准")


class Outcome(models.TextChoices):
    """What became of a notice of the gateway."""

    TOOK_EFFECT = "took_effect", _("已入账")
    REPEATED = "repeated", _("重复通知，未再入账")
    NOTED = "noted", _("已记录，无需入账")
    UNKNOWN_ORDER = "unknown_order", _("订单不存在")
    AMOUNT_DIFFERS = "amount_differs", _("金额不符")
    NOT_BELIEVED = "not_believed", _("签名或者内容不可信")


# The gateway is told "success" only after these; anything else it sends again.
ACCEPTED = frozenset({Outcome.TOOK_EFFECT, Outcome.REPEATED, Outcome.NOTED})


class ReconciliationState(models.TextChoices):
    """Whether one day's comparison waits for the gateway's statement or is done."""

    WAITING = "waiting", _("核对中")
    DONE = "done", _("已核对")


class DifferenceKind(models.TextChoices):
    """In what our rows and the gateway's statement differ."""

    MISSING_HERE = "missing_here", _("平台缺少记录")
    MISSING_THERE = "missing_there", _("缴费渠道缺少记录")
    AMOUNT = "amount", _("金额不一致")
    TIME = "time", _("时间不一致")
    TWICE = "twice", _("缴费渠道重复记录")


class Direction(models.TextChoices):
    """Which way the money went."""

    PAID = "paid", _("缴费")
    REFUNDED = "refunded", _("退费")


# The margin after the last day in which money paid in time may still be told; it hangs on the application, as every timer does.
SETTLEMENT = "review.settlement"
