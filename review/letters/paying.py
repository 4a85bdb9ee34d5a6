"""What people are told about the fee (N-07), about money that goes back, and about differences of a day (N-13)."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter


@letter
class FeeDue(Letter):
    occasion = Occasion.PAYMENT
    label = _("缴费通知")
    facts = ("title", "amount", "last_day")
    page = "review:payment"
    must_say = ("24:00", "视为放弃")


@letter
class FeeWaived(Letter):
    occasion = Occasion.PAYMENT
    label = _("无需缴费")
    facts = ("title",)
    page = "review:payment"


@letter
class FeeReminder(Letter):
    occasion = Occasion.PAYMENT
    label = _("缴费即将截止")
    facts = ("title", "amount", "remaining", "last_day")
    page = "review:payment"
    must_say = ("视为放弃",)
    reminder = True


@letter
class FeePaid(Letter):
    occasion = Occasion.PAYMENT
    label = _("缴费成功")
    facts = ("title", "amount", "paid_at", "receipt")
    page = "review:payment"


@letter
class FeePaidToAgency(Letter):
    occasion = Occasion.PAYMENT
    label = _("申报人已缴费")
    facts = ("name", "title", "amount")
    organisation_page = "review:fee"
    channels = {}


@letter
class FeeMispaid(Letter):
    occasion = Occasion.PAYMENT
    label = _("到账金额与应缴金额不符")
    facts = ("title", "amount", "received", "last_day", "is_open")
    page = "review:payment"


@letter
class FeeExpired(Letter):
    occasion = Occasion.PAYMENT
    label = _("逾期未缴费，视为放弃申报")
    facts = ("title", "amount", "last_day", "rights")
    page = "review:payment"


@letter
class FeeExpiredToAgency(Letter):
    occasion = Occasion.PAYMENT
    label = _("申报人逾期未缴费")
    facts = ("name", "title")
    organisation_page = "review:fee"
    channels = {}


@letter
class RefundProposed(Letter):
    occasion = Occasion.PAYMENT
    label = _("有退费待批准")
    facts = ("title", "amount", "ground")
    organisation_page = "review:refund"
    channels = {}


@letter
class RefundApproved(Letter):
    occasion = Occasion.PAYMENT
    label = _("退费已批准")
    facts = ("title", "amount", "ground")
    page = "review:payment"


@letter
class Refunded(Letter):
    occasion = Occasion.PAYMENT
    label = _("退费已完成")
    facts = ("title", "amount", "refunded_at")
    page = "review:payment"


@letter
class RefundFailed(Letter):
    occasion = Occasion.OVERDUE
    label = _("退款未成功，请处理")
    facts = ("title", "amount", "why")
    organisation_page = "review:refund"
    channels = {}


@letter
class DifferencesFound(Letter):
    occasion = Occasion.OVERDUE
    label = _("缴费对账发现差异")
    facts = ("day", "number")
    organisation_page = "review:reconciliation"
    channels = {}
