"""The fee of one application and its orders at the payment gateway (domain §8.4)."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF
from portal.accounts.rules import is_system
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review.enums.paying import MONEY_CAME, OPEN_ORDERS, OrderState
from review.enums.paying import PaymentState as S
from review.guards import paying as guards
from review.rules import leads_the_payments_agency, pays

FETCHED = (
    "application__applicant",
    "application__employer",
    "application__entry__level",
    "application__entry__committee__agency",
)


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Payments by reader."""

    def of(self, actor: Actor) -> Self:
        """Return the fees of the person who acts personally."""
        return self.filter(application__applicant=actor.person) if actor.acts_personally else self.none()

    def of_agency(self, actor: Actor) -> Self:
        """Return the fees of what the actor's agency reviews."""
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(application__entry__committee__agency=actor.organisation)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*FETCHED, "settled_by")


@state_machine
class Payment(Coded, Dated):
    """What one person pays for one application, in yuan (R-100).

    ``due_at`` is the end (exclusive) as it was last told; while the timer on the application runs, that one decides.
    ``settled_by`` is the one order whose money counts; money of any other goes back.
    """

    CODE_PREFIX: ClassVar[str] = "JF"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = FETCHED

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="payment")
    state = StateField(_("状态"), default=S.DUE, choices=S)
    amount = models.DecimalField(_("应缴金额"), max_digits=8, decimal_places=2)
    billed_at = models.DateTimeField(_("通知时间"))
    due_at = models.DateTimeField(_("缴费截止"), null=True, blank=True)
    state_since = models.DateTimeField(_("当前状态起始"))
    settled_by = models.OneToOneField(
        "review.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="settles"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审费")
        constraints: ClassVar = [
            models.CheckConstraint(name="fee_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="no_fee_only_where_it_is_zero", condition=~Q(state=S.NOT_REQUIRED, amount__gt=0)
            ),
            models.CheckConstraint(
                name="money_counts_by_its_order",
                condition=Q(state__in=[S.SUCCEEDED, S.REFUND_PENDING, S.REFUNDED]) ^ Q(settled_by=None),
            ),
        ]
        indexes: ClassVar = [models.Index(name="payment_by_state", fields=["state", "billed_at"])]

    def __str__(self) -> str:
        return self.code

    @property
    def policy_code(self) -> str:
        """The policy version of the application, as the ledger notes it."""
        return self.application.policy_code

    def _moved(self, at: dt.datetime) -> None:
        self.state_since = at

    @transition(state, source=S.DUE, target=S.NOT_REQUIRED, who=is_system, label=_("无需缴费"), basis="A-43")
    def waive(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The fee of this level is zero."""
        self._moved(at)

    @transition(
        state,
        source=S.DUE,
        target=S.PROCESSING,
        who=pays,
        label=_("去缴费"),
        basis="R-101",
        guards=[guards.application_waits_for_the_fee, guards.the_fee_can_be_paid, guards.nothing_holds_it],
    )
    def start(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person begins to pay: one open order at a time."""
        self._moved(at)

    @transition(state, source=S.PROCESSING, target=S.DUE, who=is_system, label=_("订单已关闭"), basis="R-101")
    def fail(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The order was closed without money; another can be made while there is time."""
        self._moved(at)

    @transition(
        state,
        source=[S.DUE, S.PROCESSING],
        target=S.SUCCEEDED,
        who=is_system,
        label=_("缴费到账"),
        basis="R-101",
        guards=[guards.application_waits_for_the_fee, guards.paid_in_time, guards.amount_is_right],
    )
    def confirm(self, *, by: Actor, at: dt.datetime, order: "Order", **_facts: Any) -> None:
        """The gateway confirmed the whole amount, paid in time by its own timestamp."""
        self._moved(at)
        self.settled_by = order

    @transition(
        state,
        source=S.EXPIRED,
        target=S.SUCCEEDED,
        who=is_system,
        label=_("按时缴费，迟到账"),
        basis="A-10",
        guards=[guards.paid_in_time, guards.amount_is_right],
    )
    def confirm_late(self, *, by: Actor, at: dt.datetime, order: "Order", **_facts: Any) -> None:
        """The gateway told late of money that was paid in time."""
        self._moved(at)
        self.settled_by = order

    @transition(
        state,
        source=[S.DUE, S.PROCESSING],
        target=S.EXPIRED,
        who=is_system,
        label=_("逾期未缴"),
        basis="R-102",
        guards=[guards.margin_is_over],
    )
    def expire(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The last day and the margin for money on its way are over."""
        self._moved(at)

    @transition(state, source=S.EXPIRED, target=S.DUE, who=is_system, label=_("复查决定重新计算缴费期限"), basis="A-24")
    def fall_due_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A review was upheld: the person has the whole time to pay once more."""
        self._moved(at)

    @transition(
        state, source=S.EXPIRED, target=S.PROCESSING, who=is_system, label=_("复查决定重新计算缴费期限"), basis="A-24"
    )
    def wait_for_order_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The same while the gateway has not said yet what became of an order: no second one is made beside it."""
        self._moved(at)

    @transition(state, source=[S.DUE, S.PROCESSING], target=S.CLOSED, who=is_system, label=_("不再缴费"), basis="A-25")
    def close(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The application ended before the fee was paid."""
        self._moved(at)

    @transition(
        state,
        source=S.SUCCEEDED,
        target=S.REFUND_PENDING,
        who=leads_the_payments_agency,
        label=_("批准退费"),
        basis="A-10",
    )
    def give_back(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The agency's lead approved that the fee goes back."""
        self._moved(at)

    @transition(state, source=S.REFUND_PENDING, target=S.REFUNDED, who=is_system, label=_("已退费"), basis="A-10")
    def refund(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The gateway gave the money back."""
        self._moved(at)


@state_machine
class Order(Dated):
    """One attempt to pay at the gateway, under a number of our own that makes asking twice the same as once.

    ``paid_at`` and ``receipt_number`` (财政电子票据) are the gateway's, and ``received``, where another amount came than
    was asked. ``next_at`` is when it is asked again about an open order.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="orders")
    order_number = models.CharField(_("订单号"), max_length=40, unique=True)
    state = StateField(_("状态"), default=OrderState.PREPARED, choices=OrderState)
    amount = models.DecimalField(_("金额"), max_digits=8, decimal_places=2)
    received = models.DecimalField(_("到账金额"), max_digits=8, decimal_places=2, null=True, blank=True)
    expires_at = models.DateTimeField(_("支付截止"))
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("下单人"))
    placed_at = models.DateTimeField(_("下单时间"))
    trade_number = models.CharField(_("渠道流水号"), max_length=64, blank=True)
    pay_url = models.URLField(max_length=500, blank=True)
    paid_at = models.DateTimeField(_("支付时间"), null=True, blank=True)
    told_at = models.DateTimeField(_("到账确认时间"), null=True, blank=True)
    receipt_number = models.CharField(_("财政电子票据号"), max_length=64, blank=True)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("缴费订单")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_open_order_a_payment", fields=["payment"], condition=Q(state__in=sorted(OPEN_ORDERS))
            ),
            models.CheckConstraint(name="an_order_is_for_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="paid_order_has_time_and_trade",
                condition=Q(state__in=sorted(MONEY_CAME), paid_at__isnull=False, told_at__isnull=False)
                & ~Q(trade_number="")
                | ~Q(state__in=sorted(MONEY_CAME)) & Q(paid_at=None, told_at=None),
            ),
            models.CheckConstraint(
                name="mispaid_order_says_how_much", condition=Q(state=OrderState.MISPAID) ^ Q(received=None)
            ),
            models.CheckConstraint(
                name="order_ends_after_it_began", condition=Q(closed_at=None) | Q(closed_at__gte=F("placed_at"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="order_to_ask_about", fields=["next_at"], condition=Q(state__in=sorted(OPEN_ORDERS))),
            models.Index(name="order_by_day_of_money", fields=["paid_at"], condition=Q(paid_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.order_number

    @property
    def is_open(self) -> bool:
        """Whether money can still come by it without anything going wrong."""
        return self.state in OPEN_ORDERS

    @property
    def money(self) -> Decimal:
        """What came by it, or is to come."""
        return self.amount if self.received is None else self.received

    @property
    def counts(self) -> bool:
        """Whether its money is the fee."""
        return self.payment.settled_by_id == self.pk

    @transition(
        state, source=OrderState.PREPARED, target=OrderState.OPEN, who=is_system, label=_("订单已建立"), basis="R-101"
    )
    def place(self, *, by: Actor, at: dt.datetime, trade_number: str, pay_url: str, **_facts: Any) -> None:
        """The gateway knows the order and says where to pay."""
        self.trade_number, self.pay_url = trade_number, pay_url

    @transition(
        state,
        source=[OrderState.PREPARED, OrderState.OPEN, OrderState.CLOSED, OrderState.MISPAID],
        target=OrderState.PAID,
        who=is_system,
        label=_("订单已支付"),
        basis="R-101",
    )
    def pay(
        self,
        *,
        by: Actor,
        at: dt.datetime,
        paid_at: dt.datetime,
        trade_number: str,
        receipt_number: str,
        **_facts: Any,
    ) -> None:
        """The gateway has the whole amount; whether it counts as the fee is judged by the payment."""
        self.paid_at, self.told_at, self.received = paid_at, at, None
        self.trade_number, self.receipt_number = trade_number, receipt_number

    @transition(
        state,
        source=[OrderState.PREPARED, OrderState.OPEN, OrderState.CLOSED],
        target=OrderState.MISPAID,
        who=is_system,
        label=_("到账金额不符"),
        basis="A-10",
    )
    def mispay(
        self,
        *,
        by: Actor,
        at: dt.datetime,
        received: Decimal,
        paid_at: dt.datetime,
        trade_number: str,
        receipt_number: str,
        **_facts: Any,
    ) -> None:
        """The gateway has more or less than the fee: it settles nothing and goes back, unless the gateway corrects itself."""
        self.paid_at, self.told_at, self.received = paid_at, at, received
        self.trade_number, self.receipt_number = trade_number, receipt_number

    @transition(
        state,
        source=[OrderState.PREPARED, OrderState.OPEN],
        target=OrderState.CLOSED,
        who=is_system,
        label=_("订单已关闭"),
        basis="R-101",
    )
    def close(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """It can no longer be paid, as the gateway says, or the gateway never had it."""
        self.closed_at = at


def amount_in_words(amount: Decimal) -> str:
    """Return an amount of yuan as pages and letters write it: whole yuan without decimals."""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"
