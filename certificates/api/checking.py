"""Checking certificates over the API, and the public keys with which anybody checks them without it."""

import datetime as dt
from typing import Any, ClassVar, cast

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate
from tongsuopy.crypto import serialization as tongsuo

from certificates.domain.checking import Asked
from certificates.domain.file_checks import check_file
from certificates.enums import CheckWay
from certificates.interfaces import asking
from certificates.interfaces.check_sheets import check_lines
from certificates.interfaces.serializers_checking import (
    CertificateAnswerSerializer,
    CertificateBatchSerializer,
    CertificateCheckSerializer,
    CertificateFileSerializer,
    CertificateKeysSerializer,
    CertificateLineSerializer,
    answered,
)
from certificates.models import Certificate
from portal.accounts.rules import anyone, employer
from portal.http.arrival import arrived_at
from portal.http.bodies import BoundedPdf
from portal.http.declared import actor_in
from portal.http.limits import count_against
from portal.http.schema import told
from portal.sealing import tokens
from portal.sealing.keys import KeysUnfitError, keyring

KEYS_HOLD_FOR = dt.timedelta(hours=1)


class Checks(viewsets.GenericViewSet[Any]):
    """Questions, in a body so that no name stands in an address; asking again is another question and needs no key."""

    access: ClassVar[Predicate] = anyone
    asks_only = True
    serializer_class = CertificateAnswerSerializer

    @told(
        _("查验证书"),
        _(
            "凭证书编号和姓名查证书是否存在、现在的状态；再给查验码，得到证书全部内容。没有、姓名不符和限制查验的，答复相同。"
            "每个网络地址每小时60次，登录的单位每小时600次；同一编号一小时内查错20次后，只凭查验码答复。"
        ),
        refusals=("too_often", "guessed_too_often"),
        request=CertificateCheckSerializer,
        responses={200: CertificateAnswerSerializer},
    )
    def create(self, request: Request) -> Response:
        body = CertificateCheckSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        way = CheckWay.QR if given.pop("is_scan") else CheckWay.NUMBER_NAME
        plain = request._request
        found = asking.answer_to(plain, Asked(**given), way=way, by=actor_in(request), at=arrived_at(plain))
        return Response(answered(found))


class Batches(viewsets.GenericViewSet[Any]):
    """Many questions of an employer, each answered in its place; the holders see which employer asked."""

    access: ClassVar[Predicate] = employer
    asks_only = True
    serializer_class = CertificateLineSerializer
    queryset = Certificate.objects.none()
    pagination_class = None
    filter_backends = ()

    @told(
        _("批量查验证书"),
        _("用人单位一次最多查1000份，逐份给出结论；缺编号、重复编号等不能查的注明原因。每小时20次。"),
        refusals=("too_often",),
        request=CertificateBatchSerializer,
        responses={200: CertificateLineSerializer(many=True)},
    )
    def create(self, request: Request) -> Response:
        body = CertificateBatchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = [(row, Asked(**one)) for row, one in enumerate(body.validated_data["certificates"], start=1)]
        lines = check_lines(asked, by=actor_in(request), at=arrived_at(request._request))
        return Response(CertificateLineSerializer(lines, many=True).data)


class FileChecks(viewsets.GenericViewSet[Any]):
    """A file held against what the portal issued; it is judged and forgotten."""

    access: ClassVar[Predicate] = anyone
    asks_only = True
    parser_classes = (BoundedPdf,)
    serializer_class = CertificateFileSerializer

    @told(
        _("核对证书文件"),
        _(
            "请求正文即PDF文件（Content-Type: application/pdf），不超过5MB；文件只用于本次核对，不保存。"
            "答复说明由谁签章、签章后有没有改动，以及文件指明的证书现在的状态。每个网络地址每小时30次，与网页合计。"
        ),
        refusals=("too_often", "not_found"),
        request={"application/pdf": OpenApiTypes.BINARY},
        responses={200: CertificateFileSerializer},
    )
    def create(self, request: Request) -> Response:
        plain, data = request._request, cast("dict[str, bytes]", request.data)
        count_against(plain, asking.FILES, per_hour=asking.FILES_AN_HOUR)
        try:
            found = check_file(data.get("pdf", b""), by=actor_in(request), at=arrived_at(plain))
        except KeysUnfitError:
            raise Http404 from None
        return Response(CertificateFileSerializer(found).data)


class Keys(viewsets.GenericViewSet[Any]):
    access: ClassVar[Predicate] = anyone
    serializer_class = CertificateKeysSerializer
    pagination_class = None
    filter_backends = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=int(KEYS_HOLD_FOR.total_seconds()))
        return response

    @told(
        _("验证证书的公钥"),
        _("现用和停用的全部公钥，用于离线验证二维码、证书附件和证书文件。格式见《证书验证说明》。"),
        refusals=("not_found",),
        responses=CertificateKeysSerializer,
    )
    def list(self, request: Request) -> Response:
        try:
            ring = keyring()
        except KeysUnfitError:
            raise Http404 from None
        pem, format_ = tongsuo.Encoding.PEM, tongsuo.PublicFormat.SubjectPublicKeyInfo
        records = {name: key.public_bytes(pem, format_).decode() for name, key in ring.records.public.items()}
        chains = {
            name: "".join(one.public_bytes(Encoding.PEM).decode() for one in chain)
            for name, chain in ring.pdf.public.items()
        }
        return Response({"tokens": tokens.public_keys(), "records": records, "pdf": chains})
