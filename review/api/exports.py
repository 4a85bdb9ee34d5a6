"""The agency's queue as a sheet, for programs: asked for, looked after, and fetched by who asked."""

from http import HTTPStatus
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.desks import Desk
from portal.http.schema import told
from review import rules
from review.domain import exporting, preferring
from review.interfaces import sheets
from review.interfaces.columns import USUAL, columns_of
from review.interfaces.serializers_queueing import AskForSheetSerializer, QueueExportSerializer
from review.models import QueueExport


class QueueExports(mixins.ListModelMixin, mixins.RetrieveModelMixin, Desk):
    """Sheets that the person asked for, here or on the page."""

    access: ClassVar[Predicate] = rules.checks
    filter_backends = ()
    serializer_class = QueueExportSerializer
    queryset = QueueExport.objects.none()

    def get_queryset(self) -> QuerySet[QueueExport]:
        return QueueExport.objects.of(self.actor).select_related("file").order_by("-pk")

    @told(_("导出的审核列表"), _("本人要求导出的审核列表，新的在前。"))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("一次导出"),
        _("是否已经生成、件数和下载地址；文件只有本人可以下载，保留期满自动删除。"),
        refusals=["not_found"],
    )
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @told(
        _("导出审核列表"),
        _(
            "条件和列与审核列表页面相同。件数较少的立即生成；较多的在后台生成，完成后有站内消息。"
            "已有一份正在后台生成的，得到的就是那一份。每次导出都记录在案。"
        ),
        request=AskForSheetSerializer,
        responses={HTTPStatus.CREATED: QueueExportSerializer},
    )
    def create(self, request: Request) -> Response:
        body = AskForSheetSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        own = preferring.chosen_columns(self.actor)
        chosen = body.validated_data.get("columns", USUAL if own is None else own)
        keys = [column.key for column in columns_of(chosen)]
        asked = exporting.ask_and_write(body.wanted, keys, sheets.sheet_of, by=self.actor, at=self.at)
        return Response(self.get_serializer(self.get_queryset().get(pk=asked.pk)).data, status=HTTPStatus.CREATED)
