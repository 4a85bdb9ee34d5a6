"""The holder's own certificates over the API (R-125)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from certificates import rules
from certificates.domain import one_time_codes
from certificates.domain.checking import checks_of
from certificates.domain.evidence import told_to_holder
from certificates.interfaces import serializers_holder as shapes
from certificates.interfaces.serializers_checking import (
    CertificateCheckedSerializer,
    MadeCodeSerializer,
    OneTimeCodeSerializer,
)
from certificates.models import Certificate
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.drf import SaidOnce
from portal.http.once import key_of
from portal.http.schema import told


class OwnCertificates(mixins.ListModelMixin, mixins.RetrieveModelMixin, Desk):
    """What the person was issued, whatever became of it since, and who checked it."""

    access: ClassVar[Predicate] = rules.may_hold_certificates
    filter_backends = ()
    serializer_class = shapes.OwnCertificateSerializer
    queryset = Certificate.objects.none()

    def get_queryset(self) -> QuerySet[Certificate]:
        together = ("corrects", "file", "notice_file")
        return Certificate.objects.of(self.actor).select_related(*together).order_by("-issued_on", "-pk")

    @told(_("本人证书"), _("本人的全部证书，含已撤销和已更正的，最近的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("本人的一份证书"),
        _("证书内容、状态、查验码和文件编号；文件在 /files/ 下载。"),
        responses=shapes.OwnCertificateDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(shapes.OwnCertificateDetailSerializer(self.get_object()).data)

    @told(
        _("本人证书的查验记录"),
        _("每一次查到这份证书的查验，新的在前：时间、方式、结果；登录的单位有名称，社会公众没有。"),
        responses=CertificateCheckedSerializer(many=True),
    )
    @action(detail=True)
    def checks(self, request: Request, code: str) -> Response:
        page = self.paginate_queryset(checks_of(self.get_object()))
        return self.get_paginated_response(CertificateCheckedSerializer(page, many=True).data)

    @told(
        _("本人证书的日志证明"),
        _("证书的每一条透明日志记录及其包含证明，格式见《证书透明日志说明》；含证书内容。记录签名之前为空。"),
        refusals=["log_broken"],
        responses=shapes.LogEvidenceSerializer(many=True),
    )
    @action(detail=True, pagination_class=None)
    def evidence(self, request: Request, code: str) -> Response:
        return Response(told_to_holder(self.get_object()))

    @told(
        _("本人证书的一次性查验码"),
        _("限制查验的证书凭一次性查验码由用人单位查验；列出何时生成、何时失效、由谁使用，不含查验码本身。"),
        responses=OneTimeCodeSerializer(many=True),
    )
    @action(detail=True, url_path="one-time-codes", url_name="one-time-codes")
    def one_time_codes(self, request: Request, code: str) -> Response:
        page = self.paginate_queryset(one_time_codes.codes_of(self.get_object()))
        return self.get_paginated_response(OneTimeCodeSerializer(page, many=True).data)

    @told(
        _("生成一次性查验码"),
        _(
            "只有限制查验的证书需要。查验码24小时内有效，只能使用一次，只在第一次答复中给出，平台不保存；"
            "答复丢失的，用新的防重复编号另行生成。"
        ),
        refusals=("not_restricted", "codes_open"),
        request=EmptySerializer,
        responses={201: MadeCodeSerializer},
    )
    @one_time_codes.mapping.post
    def make_code(self, request: Request, code: str) -> Response:
        self.body(EmptySerializer)
        certificate, key = self.get_object(), key_of(request._request)
        row, made = one_time_codes.make(certificate, by=self.actor, at=self.at, key=key)
        told_once = {"code": made, "is_shown": True, "ends_at": row.ends_at}
        return SaidOnce(
            MadeCodeSerializer(told_once).data,
            remembered=MadeCodeSerializer({**told_once, "code": "", "is_shown": False}).data,
            status=HTTPStatus.CREATED,
        )
