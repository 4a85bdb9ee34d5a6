"""What must hold before the fee of an application moves."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import ENDED, FEE, ApplicationState, Hold
from portal.deadlines import setting
from portal.workflow import Attempt, guard
from review.enums.paying import RefundGround

if TYPE_CHECKING:
    from review.models.payment import Payment
    from review.models.refund import Refund

MARGIN = dt.timedelta(minutes=15)
FEWEST_SIGNS = 5


def deadline_of(payment: "Payment") -> dt.datetime | None:
    """Return until when the fee can be paid (exclusive); None while the clock stands still."""
    running = setting.waiting(FEE, payment.application)
    due_at: dt.datetime | None = payment.due_at if running is None else running.due_at
    return due_at


@guard(gettext_lazy("该申报不在待缴费阶段。"), basis="R-101")
def application_waits_for_the_fee(payment: "Payment", attempt: Attempt) -> bool:
    """The fee belongs between the agency's pass and everything later."""
    return bool(payment.application.state == ApplicationState.REVIEW_PASSED)


@guard(gettext_lazy("该申报正在核查，期限暂停计算；核查办结后请继续缴费。"), basis="A-08")
def nothing_holds_it(payment: "Payment", attempt: Attempt) -> bool:
    """Who is looked into need not pay meanwhile, and loses no day by it."""
    return bool(payment.application.hold == Hold.NONE)


@guard(gettext_lazy("缴费时间已过。"), basis="R-102")
def the_fee_can_be_paid(payment: "Payment", attempt: Attempt) -> bool | str:
    """A new order needs time left; the margin after the last day is for money on its way, not for new orders."""
    due_at = deadline_of(payment)
    if due_at is None:
        return _("缴费期限暂停计算，恢复计时后请继续缴费。")
    return attempt.at < due_at


@guard(gettext_lazy("支付时间晚于缴费截止时间。"), basis="A-10", needs=("paid_at",))
def paid_in_time(payment: "Payment", attempt: Attempt) -> bool:
    """The payment's own timestamp decides, however late it is told."""
    due_at = deadline_of(payment)
    return due_at is None or bool(attempt.facts["paid_at"] <= due_at)


@guard(gettext_lazy("到账金额与应缴金额不符。"), basis="R-100", needs=("amount",))
def amount_is_right(payment: "Payment", attempt: Attempt) -> bool:
    """Neither less nor more."""
    return bool(attempt.facts["amount"] == payment.amount)


@guard(gettext_lazy("到账确认时间尚未结束。"), basis="R-102")
def margin_is_over(payment: "Payment", attempt: Attempt) -> bool:
    """Nobody's application ends while money that was paid in time may still be on its way."""
    return payment.due_at is not None and attempt.at >= payment.due_at + MARGIN


@guard(gettext_lazy("请写明退费原因，至少5个字。"), basis="A-10", needs=("reason",), field="reason")
def reason_given(refund: "Refund", attempt: Attempt) -> bool:
    """Money moves for a reason that stands written."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("提出退费的人不能审批同一笔退费，请由另一位负责人办理。"), basis="A-10")
def another_decides(refund: "Refund", attempt: Attempt) -> bool:
    """Four eyes: who prepared cannot approve."""
    return attempt.by.person is None or attempt.by.person.pk != refund.proposed_by_id


@guard(gettext_lazy("申报仍在进行，退还评审费后申报将不能上会。"), basis="R-096")
def the_fee_is_not_needed(refund: "Refund", attempt: Attempt) -> bool | str:
    """What goes to the committee is paid: the fee that counts goes back only after the application has ended."""
    payment = refund.order.payment
    if payment.settled_by_id != refund.order_id or payment.application.state in ENDED:
        return True
    if refund.ground == RefundGround.SESSION_CANCELLED:
        return _("申报仍在进行。评审会议取消的，请先终止本次申报，再办理退费。")
    return _("申报仍在进行，退还评审费后不能上会。请申报人撤回申报后再办理退费。")
