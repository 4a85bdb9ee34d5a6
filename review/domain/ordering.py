"""Paying: the order is a row before the gateway hears of it, so that a crash in between makes no second one (R-101)."""

import datetime as dt
import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain.settling import settled_first
from portal.accounts.actors import SYSTEM, Actor
from portal.connectors import payment as gateway
from portal.connectors.errors import ConnectorError, Refused
from portal.connectors.payment import NewOrder
from portal.connectors.systems import System, way_to
from portal.shared.codes import new_code
from portal.shared.errors import Reason, Refusal
from portal.shared.office import office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import polling
from review.enums.paying import OPEN_ORDERS, OrderState
from review.enums.paying import PaymentState as S
from review.guards.paying import deadline_of
from review.models import Order, Payment

logger = logging.getLogger(__name__)

Address = Callable[[Order], str]


@settled_first
def start(payment: Payment, /, *, by: Actor, at: dt.datetime, key: str | None = None) -> Order:
    """Return the open order of a fee, made now where there is none; nothing leaves the portal yet.

    Raises StepRefused where the fee is not due, its time is over or the application is being looked into.
    """
    locked(payment.application)
    row = locked(payment)
    known = row.orders.filter(state__in=OPEN_ORDERS).first()
    if known is not None and row.state == S.PROCESSING:
        _refuse_after_the_last_day(row, at)
        return known
    row = carry_out(row, "start", by=by, at=at, key=key)
    due_at = deadline_of(row)
    assert due_at is not None and by.person is not None  # noqa: S101, PT018 - guarded by the step
    return Order.objects.create(
        payment=row,
        order_number=new_code("P", 16).replace("-", ""),
        amount=row.amount,
        expires_at=due_at,
        placed_by=by.person,
        placed_at=at,
        next_at=at + polling.FIRST_PAUSE,
    )


def place(order: Order, *, notify_url: str, return_url: str, at: dt.datetime) -> Order:
    """Make the order known to the gateway, if it is not yet, and return it with the address where it is paid.

    Stands in no transaction and holds no lock: a slow gateway keeps nobody waiting. The same number again is the same
    order there, so a lost answer or a crash is mended by asking once more. Raises Refusal with words for the payer.
    """
    if order.state == OrderState.PREPARED:
        answer = _created(order, notify_url, return_url, at)
        order = _placed(order, answer, at)
    if order.state != OrderState.OPEN:
        raise Refusal([Reason(_("该订单已关闭或者已支付，请返回缴费页面查看。"), "R-101", "order_not_open")])
    _refuse_foreign_address(order)
    return order


def _created(order: Order, notify_url: str, return_url: str, at: dt.datetime) -> gateway.Order:
    with office_language():
        subject = _("职称评审费（%(title)s）") % {"title": order.payment.application.title}
    asked = NewOrder(order.order_number, order.amount, subject, order.expires_at, notify_url, return_url)
    try:
        return gateway.create_order(asked, at=at)
    except Refused as refused:
        logger.warning("the gateway refused order %s: %s", order.order_number, refused.code)
        raise Refusal(
            [Reason(_("缴费渠道没有接受该订单，请联系评审服务机构。"), "R-101", "gateway_refused")]
        ) from refused
    except ConnectorError as error:
        logger.warning("order %s could not be placed: %s", order.order_number, error)
        text = _("缴费渠道暂时没有响应，没有产生任何扣款。请稍后再试，截止时间不变。")
        raise Refusal([Reason(text, "A-46", "gateway_down")]) from error


def _placed(order: Order, answer: gateway.Order, at: dt.datetime) -> Order:
    with transaction.atomic():
        locked(order.payment.application)
        row = locked(order)
        if row.state != OrderState.PREPARED:  # another request, or the sweep, was quicker
            return row
        facts = {"trade_number": answer.trade_number, "pay_url": answer.pay_url}
        return carry_out(row, "place", by=SYSTEM, at=at, **facts)


def _refuse_after_the_last_day(payment: Payment, at: dt.datetime) -> None:
    due_at = deadline_of(payment)
    if due_at is not None and at >= due_at:
        text = _("缴费时间已过。如您已在截止前支付，请等待到账确认，无需再次支付。")
        raise Refusal([Reason(text, "R-102", "the_fee_can_be_paid")])


def _refuse_foreign_address(order: Order) -> None:
    """Send nobody anywhere but to the gateway that this installation was told of."""
    way = way_to(System.PAYMENT)
    known = {_origin(way.url), _origin(way.payers_url)} if way else set()
    if _origin(order.pay_url) not in known - {""}:
        logger.error("order %s leads to a foreign address", order.order_number)
        text = _("缴费地址不是已登记的缴费渠道，已停止跳转。请联系评审服务机构。")
        raise Refusal([Reason(text, "R-101", "foreign_address")])


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""
