"""The bureau's desk of certificates over the API: who waits, orders, the register, changes, and what got stuck."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from certificates import rules
from certificates.domain import changing, desk_queries, making, ordering, pushing, register
from certificates.enums import CHANGE_PROOF, ChangeKind
from certificates.interfaces import serializers_desk as shapes
from certificates.interfaces.corrections import rows_of
from certificates.models import Certificate, CertificateChange, IssueOrder, NationalPush
from portal.documents import offers
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.once import key_of
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.workflow import open_steps
from review.models import AcceptedCase

PROPOSED = ("change_not_possible", "reason_given", "nothing_to_correct", "proof_missing", "day_malformed")
REFUSED = (*PROPOSED, "correction_malformed", "decision_missing", "change_waits", "offer_unknown")


class _Desk(Desk):
    filter_backends = ()
    access: ClassVar[Predicate] = rules.keeps_register

    def taking(self) -> dict[str, Any]:
        """Return who takes a step, when, and under which key."""
        return {"by": self.actor, "at": self.at, "key": key_of(self.request._request)}

    def offered(self, row: Any, names: Iterable[str], kind: str) -> list[dict[str, Any]]:
        """Return the steps with what speaks against each, and where to take it."""
        return [
            {
                "step": one.name,
                "label": str(one.label),
                "basis": one.basis,
                "open": one.is_pressable,
                "reasons": [reason.as_dict() for reason in one.reasons],
                "address": reverse(f"api:{kind}-{one.name.replace('_', '-')}", args=[row.code]),
            }
            for one in open_steps(row, by=self.actor, at=self.at)
            if one.name in names
        ]


class WaitingResults(_Desk):
    """People with cleared results who are on no order."""

    serializer_class = shapes.WaitingCaseSerializer
    queryset = AcceptedCase.objects.none()

    @told(
        _("待发证人员"),
        _("公示期满无异议、尚未列入发证批次的人员，等待最久的在前；reasons为空的可以发证。"),
        responses=shapes.WaitingCaseSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(ordering.free())
        rows = desk_queries.judged(page or [], self.at)
        return self.get_paginated_response(shapes.WaitingCaseSerializer(rows, many=True).data)


class IssueOrders(_Desk):
    """Orders to issue."""

    serializer_class = shapes.IssueOrderSerializer
    queryset = IssueOrder.objects.none()

    def get_queryset(self) -> QuerySet[IssueOrder]:
        return IssueOrder.objects.at(self.actor).select_related(*IssueOrder.FETCHED_WITH)

    @told(_("发证批次"), _("最近提出的在前。"), responses=shapes.IssueOrderSerializer(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        context = {"progress": desk_queries.progress_of(page)}
        return self.get_paginated_response(shapes.IssueOrderSerializer(page, many=True, context=context).data)

    @told(_("一个发证批次"), _("进度和现在能办的步骤。"), responses=shapes.IssueOrderDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("提出发证批次"),
        _("由另一位负责人签发；暂不能发证的人员不列入，原因见待发证人员。"),
        refusals=["nobody_to_certify"],
        request=shapes.OrderBody,
        responses={201: shapes.IssueOrderDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        given = self.body(shapes.OrderBody)
        codes = {*given["cases"], *desk_queries.codes_in(given["batches"])}
        return self.shown(ordering.propose(codes, **self.taking()), status=HTTPStatus.CREATED)

    @told(
        _("批次的人员"),
        _("按序号；签发后各有证书或者没有编号的原因。"),
        responses=shapes.IssueLineSerializer(many=True),
    )
    @action(detail=True, methods=["get"])
    def people(self, request: Request, code: str) -> Response:
        order = self.get_object()
        page = self.paginate_queryset(desk_queries.lines_of(order)) or []
        rows = desk_queries.with_certificates(order, page)
        return self.get_paginated_response(shapes.IssueLineSerializer(rows, many=True).data)

    give = step_of(
        IssueOrder,
        "give",
        ordering.give,
        _("逐人重新核对并编号，随即开始制作；提出人不能签发。"),
        shows=shapes.IssueOrderDetailSerializer,
    )
    drop = step_of(
        IssueOrder, "drop", ordering.drop, _("人员回到待发证名单。"), shows=shapes.IssueOrderDetailSerializer
    )

    @told(
        _("全部重新制作"),
        _("本批次制作受阻的证书在排除原因后全部重新制作；没有受阻的返回404。"),
        request=EmptySerializer,
        responses=shapes.IssueOrderDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="try-again", url_name="try-again")
    def try_again(self, request: Request, code: str) -> Response:
        self.body(EmptySerializer)
        order = get_object_or_404(desk_queries.stuck_orders(self.actor), code=code)
        making.try_all_again(order, at=self.at)
        return self.shown(order)

    def shown(self, order: IssueOrder, *, status: int = HTTPStatus.OK) -> Response:
        """Return the order with its progress and what can be done now."""
        row = self.get_queryset().get(pk=order.pk)
        steps = self.offered(row, ("give", "drop"), "certificate-order")
        context = {"progress": desk_queries.progress_of([row]), "steps": steps}
        return Response(shapes.IssueOrderDetailSerializer(row, context=context).data, status=status)


class Registered(_Desk):
    """The register."""

    asking = ("search",)
    serializer_class = shapes.CertificateSerializer
    queryset = Certificate.objects.none()

    def get_queryset(self) -> QuerySet[Certificate]:
        together = ("corrects", "order", "file", "notice_file")
        return Certificate.objects.at(self.actor).select_related(*together).order_by("-issued_on", "-pk")

    @told(
        _("证书登记簿"),
        _("最近核发的在前。按年度、系列、状态和评审委员会筛选；姓名和号码不在地址中查找。"),
        parameters=[shapes.CertificateFilterSerializer],
        responses=shapes.CertificateSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        wanted = shapes.CertificateFilterSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return self._listed(**wanted.validated_data)

    @told(
        _("在证书登记簿中查找"),
        _("按姓名、证书编号或者完整的证件号码查找，最近核发的在前；page和size写在地址中，查找的内容不写。"),
        request=shapes.CertificateSearchSerializer,
        responses={200: shapes.CertificateSerializer(many=True)},
    )
    @action(detail=False, methods=["post"], url_path="searches", url_name="searches")
    def search(self, request: Request) -> Response:
        return self._listed(**self.body(shapes.CertificateSearchSerializer))

    def _listed(self, **wanted: Any) -> Response:
        page = self.paginate_queryset(register.narrowed(self.get_queryset(), register.Wanted(**wanted)))
        return self.get_paginated_response(shapes.CertificateSerializer(page, many=True).data)

    @told(_("一份证书"), _("内容、状态、文件、推送记录和可以提出的变更。"), responses=shapes.RegisteredSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("提出变更"),
        _("更正、暂停、恢复或者撤销，由另一位负责人审批。更正须附证明材料，撤销须依据已生效的决定。"),
        refusals=REFUSED,
        request=shapes.ChangeBody,
        responses={201: shapes.CertificateChangeDetailSerializer},
    )
    @action(detail=True, methods=["post"])
    def changes(self, request: Request, code: str) -> Response:
        certificate, given = self.get_object(), self.body(shapes.ChangeBody)
        file, decision = given["proof"], given["decision"]
        proof = offers.take(file, purpose=CHANGE_PROOF, by=self.actor, at=self.at, field="proof") if file else None
        wanted = changing.Wanted(
            ChangeKind(given["kind"]),
            given["reason"],
            {name: str(value) for name, value in given["corrections"].items()},
            proof,
            desk_queries.decisions_about(certificate).filter(code=decision).first() if decision else None,
        )
        change = changing.propose(certificate, wanted, **self.taking())
        return Response(_detail_of(self, change).data, status=HTTPStatus.CREATED)

    @told(
        _("重新制作"),
        _("制作受阻的证书在排除原因后重新制作；没有受阻的返回404。"),
        request=EmptySerializer,
        responses=shapes.RegisteredSerializer,
    )
    @action(detail=True, methods=["post"], url_path="try-again", url_name="try-again")
    def try_again(self, request: Request, code: str) -> Response:
        self.body(EmptySerializer)
        making.try_again(get_object_or_404(desk_queries.stuck_certificates(), code=code), at=self.at)
        return self.shown(self.get_object())

    def shown(self, certificate: Certificate) -> Response:
        """Return the certificate with what can be proposed now."""
        context = {"possible": changing.possible(certificate)}
        return Response(shapes.RegisteredSerializer(certificate, context=context).data)


class Changes(mixins.ListModelMixin, _Desk):
    """Changes that were proposed."""

    serializer_class = shapes.CertificateChangeSerializer
    queryset = CertificateChange.objects.none()

    def get_queryset(self) -> QuerySet[CertificateChange]:
        together = (*CertificateChange.FETCHED_WITH, "proof", "certificate__case__application")
        return CertificateChange.objects.at(self.actor).select_related(*together)

    @told(_("证书变更"), _("最近提出的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一项变更"), _("内容、依据和现在能办的步骤。"), responses=shapes.CertificateChangeDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    approve = step_of(
        CertificateChange,
        "approve",
        changing.approve,
        _("证书状态随即变更；更正的制作新证书。提出人不能批准。"),
        shows=shapes.CertificateChangeDetailSerializer,
    )
    decline = step_of(
        CertificateChange,
        "decline",
        changing.decline,
        _("证书保持原状。"),
        shows=shapes.CertificateChangeDetailSerializer,
        body=shapes.DeclineBody,
    )

    def shown(self, change: CertificateChange) -> Response:
        """Return the change with what can be done now."""
        return Response(_detail_of(self, self.get_queryset().get(pk=change.pk)).data)


class StuckPushes(mixins.ListModelMixin, _Desk):
    """Notices that the national platform refused."""

    serializer_class = shapes.NationalPushSerializer
    queryset = NationalPush.objects.none()

    def get_queryset(self) -> QuerySet[NationalPush]:
        return pushing.stuck().filter(certificate__in=Certificate.objects.at(self.actor))

    @told(_("推送受阻"), _("全国职称评审信息查询平台没有接收、需要处理的推送。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("重新推送"),
        _("排除原因后重新推送。"),
        steps=[(NationalPush, "push_again")],
        request=EmptySerializer,
        responses=shapes.NationalPushSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/push_again", url_name="push-again")
    def push_again(self, request: Request, code: str) -> Response:
        self.body(EmptySerializer)
        done = self.take_step(self.get_object(), "push_again", request)
        return Response(shapes.NationalPushSerializer(done).data)


def _detail_of(desk: _Desk, change: CertificateChange) -> shapes.CertificateChangeDetailSerializer:
    """Return a change with what it corrects and what can be done now."""
    steps = desk.offered(change, ("approve", "decline"), "certificate-change")
    context = {"corrections": rows_of(change), "steps": steps}
    return shapes.CertificateChangeDetailSerializer(change, context=context)
