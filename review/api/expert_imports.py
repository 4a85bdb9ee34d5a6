"""Many experts by a sheet, for programs: judged row by row, kept, and taken over once confirmed (R-161)."""

import io
from http import HTTPStatus
from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.models import Organisation
from portal.accounts.rules import agency
from portal.http.bodies import XLSX, BoundedJSON, BoundedXlsx, EmptySerializer
from portal.http.desks import Desk
from portal.http.papers import AN_XLSX, GIVES_XLSX, sent
from portal.http.schema import told
from portal.shared.errors import Reason, Refusal
from review.domain import expert_importing
from review.interfaces import expert_sheets
from review.interfaces.serializers_experts import ExpertImportSerializer, NamedSerializer
from review.models import ExpertImport

MOST_FAULTS = 100
NAME = "experts.xlsx"


class ExpertImports(mixins.ListModelMixin, mixins.RetrieveModelMixin, Desk):
    """Sheets that the person handed in and has not confirmed, here or on the page."""

    access: ClassVar[Predicate] = agency
    filter_backends = ()
    parser_classes = (BoundedJSON, BoundedXlsx)
    serializer_class = ExpertImportSerializer
    queryset = ExpertImport.objects.none()

    def get_queryset(self) -> QuerySet[ExpertImport]:
        return ExpertImport.objects.waiting(self.actor)

    @property
    def own(self) -> Organisation:
        """The agency whose pool it is."""
        assert self.actor.organisation is not None  # noqa: S101 - staff of an agency act for one
        return self.actor.organisation

    @told(_("待确认的专家导入"), _("本人上传、尚未确认的专家表，新的在前。"))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一份待确认的专家表"), _("确认后将推荐的人员；确认之前不产生推荐。"))
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @told(_("专家表模板"), _("只有首行的Excel文件。"), filters=False, responses=AN_XLSX)
    @action(detail=False, methods=["get"], renderer_classes=GIVES_XLSX, pagination_class=None)
    def template(self, request: Request) -> HttpResponse:
        return sent(expert_sheets.template(), XLSX, NAME)

    @told(
        _("上传专家表"),
        _(
            "请求正文即xlsx文件，不超过5MB；首行须与模板一致。逐行核对，有错误的整份不收，列明行、列和原因（最多100条）；"
            "没有错误的保存待确认，不保存文件和证件号码。"
        ),
        refusals=["sheet_unfit", "row_unfit"],
        request={XLSX: OpenApiTypes.BINARY},
        responses={HTTPStatus.CREATED: ExpertImportSerializer},
    )
    def create(self, request: Request) -> Response:
        if not isinstance(request.data, dict) or not isinstance(request.data.get(BoundedXlsx.name), bytes):
            raise UnsupportedMediaType(request.content_type)
        file = io.BytesIO(request.data[BoundedXlsx.name])
        sheet = expert_sheets.judged(file, self.own, by=self.actor, at=self.at)
        if sheet.faults:
            raise Refusal([Reason(str(one), "R-161", "row_unfit", str(one.row)) for one in sheet.faults[:MOST_FAULTS]])
        kept = expert_importing.keep(self.own, sheet.lines, file_name=NAME, by=self.actor, at=self.at)
        return Response(ExpertImportSerializer(kept).data, status=HTTPStatus.CREATED)

    @told(
        _("确认专家导入"),
        _("推荐表中全部人员，由本人同意后继续办理；只办理一次，有一人不再符合的全部不办理，并列明行和原因。"),
        refusals=[
            "sheet_taken_over",
            "step_not_permitted",
            "already_in_the_pool",
            "no_pool",
            "title_sufficient",
            "field_stated",
            "integrity_bar_expert",
        ],
        request=EmptySerializer,
        responses=NamedSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/take_over")
    def take_over(self, request: Request, code: str) -> Response:
        kept = self.get_object()
        self.body(EmptySerializer)
        made = expert_importing.take_over(kept, by=self.actor, at=self.at)
        return Response(NamedSerializer({"terms": [one.code for one in made]}).data)
