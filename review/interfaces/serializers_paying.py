"""The fee as the API shows it to payer, agency and bureau, and what it takes from them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.http.bodies import Body, Text
from review.domain.stray_notices import LONGEST_NOTE
from review.enums.paying import (
    PROPOSED_BY_STAFF,
    DifferenceKind,
    Direction,
    OrderState,
    PaymentState,
    ReconciliationState,
    RefundGround,
    RefundState,
)
from review.interfaces.paying_forms import LONGEST
from review.models import StrayNotice

YUAN: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


class RefundShownSerializer(serializers.Serializer[Any]):
    """Money on its way back, as its payer sees it."""

    code = serializers.CharField()
    refund_number = serializers.CharField()
    state = serializers.ChoiceField(RefundState.choices)
    ground = serializers.ChoiceField(RefundGround.choices)
    amount = serializers.DecimalField(**YUAN)
    proposed_at = serializers.DateTimeField()
    refunded_at = serializers.DateTimeField(allow_null=True)


class OrderSerializer(serializers.Serializer[Any]):
    """One attempt to pay; ``received`` only where another amount came, which settles nothing."""

    order_number = serializers.CharField()
    state = serializers.ChoiceField(OrderState.choices)
    amount = serializers.DecimalField(**YUAN)
    received = serializers.DecimalField(**YUAN, allow_null=True)
    placed_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    receipt_number = serializers.CharField(allow_blank=True)
    refunds = RefundShownSerializer(many=True)


class PaymentSerializer(serializers.Serializer[Any]):
    """One fee in yuan; ``due_at`` is the exclusive end, null while the clock stands still."""

    code = serializers.CharField()
    application = serializers.CharField(source="application.code")
    title = serializers.CharField(source="application.title")
    state = serializers.ChoiceField(PaymentState.choices)
    state_label = serializers.CharField(source="get_state_display")
    amount = serializers.DecimalField(**YUAN)
    billed_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(source="running_until", allow_null=True)


class FeeSerializer(PaymentSerializer):
    """One fee as the agency sees it."""

    name = serializers.CharField(source="application.applicant.full_name")


class PaymentDetailSerializer(PaymentSerializer):
    orders = OrderSerializer(source="shown_orders", many=True)


class FeeDetailSerializer(FeeSerializer):
    orders = OrderSerializer(source="shown_orders", many=True)


class CashierSerializer(serializers.Serializer[Any]):
    """Where the open order is paid."""

    order_number = serializers.CharField()
    pay_url = serializers.URLField()


class FeeFilterSerializer(serializers.Serializer[Any]):
    """What narrows the agency's fees."""

    state = serializers.ChoiceField(PaymentState.choices, required=False, default="")


class FeeSearchSerializer(Body):
    """Whom is looked for among the agency's fees."""

    words = Text(max_length=40, help_text=_("姓名、申报编号、缴费编号或者订单号。"))
    state = serializers.ChoiceField(PaymentState.choices, required=False, default="")


class ProposeRefundSerializer(Body):
    order_number = Text(max_length=40)
    ground = serializers.ChoiceField([one.value for one in PROPOSED_BY_STAFF])
    reason = Text(max_length=LONGEST)


class RefundSerializer(RefundShownSerializer):
    """One refund as the agency sees it."""

    payment = serializers.CharField(source="order.payment.code")
    order_number = serializers.CharField(source="order.order_number")
    name = serializers.CharField(source="order.payment.application.applicant.full_name")
    reason = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.code", allow_null=True, default=None)
    decided_by = serializers.CharField(source="decided_by.code", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    last_error = serializers.CharField(allow_blank=True)


class RefundFilterSerializer(serializers.Serializer[Any]):
    """What narrows the refunds."""

    state = serializers.ChoiceField(RefundState.choices, required=False, default="")


class DeclineRefundSerializer(Body):
    reason = Text(max_length=LONGEST)


class DifferenceSerializer(serializers.Serializer[Any]):
    """One movement in which the two sides differ."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(DifferenceKind.choices)
    direction = serializers.ChoiceField(Direction.choices)
    order_number = serializers.CharField()
    refund_number = serializers.CharField(allow_blank=True)
    amount_here = serializers.DecimalField(**YUAN, allow_null=True)
    amount_there = serializers.DecimalField(**YUAN, allow_null=True)
    at_here = serializers.DateTimeField(allow_null=True)
    at_there = serializers.DateTimeField(allow_null=True)
    found_at = serializers.DateTimeField()
    gone_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class ReconciliationSerializer(serializers.Serializer[Any]):
    """One compared day."""

    code = serializers.CharField()
    day = serializers.DateField()
    state = serializers.ChoiceField(ReconciliationState.choices)
    made_at = serializers.DateTimeField(allow_null=True)


class ReconciliationDetailSerializer(ReconciliationSerializer):
    differences = DifferenceSerializer(source="shown_differences", many=True)


class DaySerializer(Body):
    day = serializers.DateField()


class SettleDifferenceSerializer(Body):
    difference = Text(max_length=20)
    note = Text(max_length=LONGEST)


class StrayNoticeSerializer(serializers.ModelSerializer[StrayNotice]):
    """A signed notice that names no known order or refund; of each number the end alone is told."""

    event = serializers.CharField(source="notice.event")
    order_number = serializers.CharField(source="order_shown", allow_blank=True)
    trade_number = serializers.CharField(source="trade_shown", allow_blank=True)
    refund_number = serializers.CharField(source="refund_shown", allow_blank=True)
    amount = serializers.DecimalField(source="notice.amount", **YUAN, allow_null=True)
    happened_at = serializers.DateTimeField(source="notice.happened_at", allow_null=True)
    times = serializers.IntegerField()
    last_at = serializers.DateTimeField()

    class Meta:
        model = StrayNotice
        fields: tuple[str, ...] = (
            "code",
            "event",
            "order_number",
            "trade_number",
            "refund_number",
            "amount",
            "happened_at",
            "times",
            "last_at",
            "settled_at",
            "note",
        )


class SettleStraySerializer(Body):
    note = Text(max_length=LONGEST_NOTE)
