"""The holder's own certificates over the API (R-125)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from certificates import rules
from certificates.domain.checking import checks_of
from certificates.interfaces import serializers_holder as shapes
from certificates.interfaces.serializers_checking import CertificateCheckedSerializer
from certificates.models import Certificate
from portal.http.desks import Desk
from portal.http.schema import told


class OwnCertificates(mixins.ListModelMixin, mixins.RetrieveModelMixin, Desk):
    """What the person was issued, whatever became of it since, and who checked it.

    Codes for employers are made on the page, where nothing remembers them.
    """

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
