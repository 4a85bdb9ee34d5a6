"""The fee by programs: the payer's own, the agency's, refunds in four eyes, and the daily comparison."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import acts_personally
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk, TimedDesk
from portal.http.once import key_of
from portal.http.papers import A_PDF, GIVES_PDF, PDF, sent
from portal.http.schema import told
from review import rules
from review.domain import fees, ordering, reconciling, refunding
from review.enums.paying import OPEN_ORDERS, RefundGround
from review.interfaces import paying_papers
from review.interfaces import serializers_paying as shapes
from review.interfaces.paying_addresses import addresses
from review.models import Difference, Payment, Reconciliation, Refund

PLACING = ("order_not_open", "gateway_refused", "gateway_down", "foreign_address")
PROPOSING = ("not_found", "step_not_permitted", "not_paid", "refunded_before", "ground_given", "reason_given")


class OfFees(TimedDesk):
    """What the desks of payer and agency share: a request names one fee, whose timers run first."""

    filter_backends = ()
    queryset = Payment.objects.none()


class Payments(OfFees):
    """The fees of the person who acts personally."""

    access: ClassVar[Predicate] = acts_personally
    serializer_class = shapes.PaymentSerializer

    def get_queryset(self) -> QuerySet[Payment]:
        return fees.own(self.actor)

    @told(_("本人评审费"), _("本人各次申报的评审费，最近的在前。"), responses=shapes.PaymentSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(shapes.PaymentSerializer(shown(page or []), many=True).data)

    @told(_("一笔评审费"), _("金额、截止时间、状态、各次订单和退费。"), responses=shapes.PaymentDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._detail(self.get_object())

    @told(
        _("生成订单"),
        _("生成缴费订单；已有未支付订单的返回原订单。随后到 cashier 取得支付地址。"),
        steps=[(Payment, "start")],
        request=EmptySerializer,
        responses=shapes.PaymentDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def orders(self, request: Request, code: str) -> Response:
        payment = self.get_object()
        self.body(EmptySerializer)
        ordering.start(payment, by=self.actor, at=self.at, key=key_of(request._request))
        return self._detail(self.get_object())

    @told(
        _("取得支付地址"),
        _("未支付订单在缴费渠道的支付地址；重复取得的是同一订单。没有未支付订单的返回404。"),
        refusals=PLACING,
        responses=shapes.CashierSerializer,
    )
    @action(detail=True, methods=["get"])
    def cashier(self, request: Request, code: str) -> Response:
        payment = self.get_object()
        order = payment.orders.filter(state__in=OPEN_ORDERS).select_related("payment__application").first()
        if order is None:
            raise Http404
        placed = ordering.place(order, **addresses(request._request, payment), at=self.at)
        return Response(shapes.CashierSerializer(placed).data)

    @told(_("缴费凭证"), _("缴费成功后的PDF文件，注明财政电子票据号码。"), filters=False, responses=A_PDF)
    @action(detail=True, methods=["get"], renderer_classes=GIVES_PDF)
    def receipt(self, request: Request, code: str) -> HttpResponse:
        payment = self.get_object()
        receipt = paying_papers.receipt_of(payment)
        if receipt is None:
            raise Http404
        return sent(receipt, PDF, f"{payment.code}.pdf")

    def _detail(self, payment: Payment) -> Response:
        return Response(shapes.PaymentDetailSerializer(*shown([payment], with_orders=True)).data)


class Fees(OfFees):
    """The fees of what the agency reviews."""

    access: ClassVar[Predicate] = rules.checks
    asking = ("search",)
    serializer_class = shapes.FeeSerializer

    def get_queryset(self) -> QuerySet[Payment]:
        return fees.at_agency(self.actor)

    @told(
        _("评审费列表"),
        _("本机构审核的申报的评审费。"),
        parameters=[shapes.FeeFilterSerializer],
        responses=shapes.FeeSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        wanted = shapes.FeeFilterSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return self._listed(**wanted.validated_data)

    @told(
        _("查找评审费"),
        _("按姓名、申报编号、缴费编号或者订单号查找；查找的内容不写在地址中，page和size写在地址中。"),
        request=shapes.FeeSearchSerializer,
        responses={200: shapes.FeeSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], url_path="searches", url_name="searches")
    def search(self, request: Request) -> Response:
        return self._listed(**self.body(shapes.FeeSearchSerializer))

    def _listed(self, **wanted: str) -> Response:
        page = self.paginate_queryset(fees.at_agency(self.actor, **wanted))
        return self.get_paginated_response(shapes.FeeSerializer(shown(page or []), many=True).data)

    @told(_("一笔评审费"), _("金额、截止时间、状态、各次订单和退费。"), responses=shapes.FeeDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._detail(self.get_object())

    @told(
        _("提出退费"),
        _("机构差错或者评审会议取消时提出全额退费，由本机构另一位负责人审批。"),
        refusals=PROPOSING,
        request=shapes.ProposeRefundSerializer,
        responses={201: shapes.RefundSerializer},
    )
    @action(detail=True, methods=["post"])
    def refunds(self, request: Request, code: str) -> Response:
        payment, given = self.get_object(), self.body(shapes.ProposeRefundSerializer)
        order = payment.orders.filter(order_number=given["order_number"]).first()
        if order is None:
            raise Http404
        ground = RefundGround(given["ground"])
        refund = refunding.propose(order, ground=ground, reason=given["reason"], by=self.actor, at=self.at)
        return Response(shapes.RefundSerializer(refund).data, status=status.HTTP_201_CREATED)

    def _detail(self, payment: Payment) -> Response:
        return Response(shapes.FeeDetailSerializer(*shown([payment], with_orders=True)).data)


class Refunds(TimedDesk):
    """The agency's refunds."""

    access: ClassVar[Predicate] = rules.checks
    serializer_class = shapes.RefundSerializer
    filter_backends = ()
    queryset = Refund.objects.none()

    def get_queryset(self) -> QuerySet[Refund]:
        return fees.refunds_at_agency(self.actor)

    @told(
        _("退费列表"),
        _("本机构的退费，提出时间最早的在前。"),
        parameters=[shapes.RefundFilterSerializer],
        responses=shapes.RefundSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        wanted = shapes.RefundFilterSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        page = self.paginate_queryset(fees.refunds_at_agency(self.actor, **wanted.validated_data))
        return self.get_paginated_response(shapes.RefundSerializer(page, many=True).data)

    @told(_("一笔退费"), _("退费的理由、提出人、审批人和办理情况。"), responses=shapes.RefundSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("批准退费"),
        _("由提出人以外的负责人批准，款项原路退回。"),
        steps=[(Refund, "approve_refund")],
        request=EmptySerializer,
        responses=shapes.RefundSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/approve_refund")
    def approve(self, request: Request, code: str) -> Response:
        refund = self.get_object()
        self.body(EmptySerializer)
        return self._shown(refunding.approve(refund, **self.taking()))

    @told(
        _("不予退费"),
        _("由提出人以外的负责人写明原因。"),
        steps=[(Refund, "decline_refund")],
        request=shapes.DeclineRefundSerializer,
        responses=shapes.RefundSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/decline_refund")
    def decline(self, request: Request, code: str) -> Response:
        refund, given = self.get_object(), self.body(shapes.DeclineRefundSerializer)
        return self._shown(refunding.decline(refund, reason=given["reason"], **self.taking()))

    @told(
        _("重新退款"),
        _("退款未成功的，以新的退款单号重新办理。"),
        steps=[(Refund, "retry_refund")],
        request=EmptySerializer,
        responses=shapes.RefundSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/retry_refund")
    def retry(self, request: Request, code: str) -> Response:
        refund = self.get_object()
        self.body(EmptySerializer)
        return self._shown(refunding.retry(refund, **self.taking()))

    def _shown(self, refund: Refund) -> Response:
        return Response(shapes.RefundSerializer(self.get_queryset().get(pk=refund.pk)).data)


class Reconciliations(Desk):
    """The compared days with the differences that the reader may see."""

    access: ClassVar[Predicate] = rules.reconciles
    serializer_class = shapes.ReconciliationSerializer
    filter_backends = ()
    queryset = Reconciliation.objects.none()

    def get_queryset(self) -> QuerySet[Reconciliation]:
        return Reconciliation.objects.order_by("-day")

    @told(_("对账列表"), _("已核对的日期，最近的在前。"), responses=shapes.ReconciliationSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(shapes.ReconciliationSerializer(page, many=True).data)

    @told(
        _("一日对账"),
        _("差异逐笔列出；评审服务机构只看本机构的订单。"),
        responses=shapes.ReconciliationDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("发起对账"),
        _("核对或者重新核对某一日；取得缴费渠道账单后显示结果。"),
        refusals=["step_not_permitted", "day_not_over"],
        request=shapes.DaySerializer,
        responses=shapes.ReconciliationDetailSerializer,
    )
    def create(self, request: Request) -> Response:
        return self._shown(reconciling.ask(self.body(shapes.DaySerializer)["day"], by=self.actor, at=self.at))

    @told(
        _("处理差异"),
        _("写明一项差异的处理情况。"),
        refusals=["not_found", "settled_before", "note_given"],
        request=shapes.SettleDifferenceSerializer,
        responses=shapes.ReconciliationDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, code: str) -> Response:
        day, given = self.get_object(), self.body(shapes.SettleDifferenceSerializer)
        rows = Difference.objects.seen_by(self.actor).filter(reconciliation=day, code=given["difference"])
        difference = rows.first()
        if difference is None:
            raise Http404
        reconciling.settle(difference, note=given["note"], by=self.actor, at=self.at)
        return self._shown(day)

    def _shown(self, day: Reconciliation) -> Response:
        found: Any = self.get_queryset().get(pk=day.pk)
        found.shown_differences = fees.differences_in(found, self.actor)
        return Response(shapes.ReconciliationDetailSerializer(found).data)


def shown(payments: Iterable[Payment], *, with_orders: bool = False) -> list[Any]:
    """Return fees with what the serializers read beside their columns: the running end, and the orders where wanted."""
    rows: list[Any] = list(payments)
    dues = fees.dues_of(rows)
    for row in rows:
        running = dues.get(row.application_id)
        row.running_until = running.due_at if running else row.due_at
        if with_orders:
            row.shown_orders = fees.orders_of(row)
    return rows
