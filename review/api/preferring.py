"""How somebody likes the agency's queue, for programs: filters kept under a name, and which columns are seen."""

from http import HTTPStatus
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.desks import Desk
from portal.http.schema import told
from review import rules
from review.domain import preferring
from review.interfaces.columns import ALWAYS, COLUMNS, USUAL, columns_of
from review.interfaces.serializers_queueing import (
    ChangeFilterSerializer,
    ChooseColumnsSerializer,
    QueueColumnSerializer,
    SavedFilterSerializer,
    SaveFilterSerializer,
)
from review.models import SavedFilter


class SavedFilters(mixins.ListModelMixin, mixins.RetrieveModelMixin, Desk):
    """What the person kept, for the organisation for which they act."""

    access: ClassVar[Predicate] = rules.checks
    filter_backends = ()
    serializer_class = SavedFilterSerializer
    queryset = SavedFilter.objects.none()

    def get_queryset(self) -> QuerySet[SavedFilter]:
        return SavedFilter.objects.of(self.actor).order_by("name")

    @told(_("常用筛选"), _("本人保存的审核列表筛选条件。"))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一个常用筛选"), _("名称、条件，以及是否默认打开。"))
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @told(
        _("保存常用筛选"),
        _("已有同名的，替换其条件。按姓名查找的内容不保存。"),
        refusals=["too_many_filters", "name_missing"],
        request=SaveFilterSerializer,
        responses={HTTPStatus.CREATED: SavedFilterSerializer},
    )
    def create(self, request: Request) -> Response:
        body = SaveFilterSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        name, is_default = body.validated_data["name"], body.validated_data["is_default"]
        kept = preferring.save_filter(name, body.wanted.criteria, is_default=is_default, by=self.actor)
        return Response(SavedFilterSerializer(kept).data, status=HTTPStatus.CREATED)

    @told(
        _("修改常用筛选"),
        _("改名，设为或者取消默认打开；没有给出的不变。"),
        refusals=["name_taken", "name_missing"],
        request=ChangeFilterSerializer,
        responses=SavedFilterSerializer,
    )
    def partial_update(self, request: Request, code: str) -> Response:
        kept, given = self.get_object(), self.body(ChangeFilterSerializer)
        if "name" in given:
            preferring.rename(kept, given["name"])
        if "is_default" in given:
            kept = (
                preferring.make_default(kept, by=self.actor) if given["is_default"] else preferring.drop_default(kept)
            )
        return Response(SavedFilterSerializer(kept).data)

    @told(_("删除常用筛选"), _("只删除保存的条件。"), request=None, responses={204: None})
    def destroy(self, request: Request, code: str) -> Response:
        self.get_object().delete()
        return Response(status=HTTPStatus.NO_CONTENT)


class ChoosesColumns(Desk):
    """The desk of the queue, as far as its columns go."""

    @told(
        _("审核列表的列"),
        _("可以显示的全部列，以及本人选择了哪些；没有选择过的为常用列。申报人始终显示。"),
        filters=False,
        responses=QueueColumnSerializer(many=True),
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def columns(self, request: Request) -> Response:
        return self._columns()

    @told(
        _("选择审核列表的列"),
        _("页面和不指明列的导出均按此显示。"),
        filters=False,
        request=ChooseColumnsSerializer,
        responses=QueueColumnSerializer(many=True),
    )
    @columns.mapping.put
    def choose_columns(self, request: Request) -> Response:
        preferring.choose_columns([ALWAYS, *self.body(ChooseColumnsSerializer)["columns"]], by=self.actor)
        return self._columns()

    def _columns(self) -> Response:
        own = preferring.chosen_columns(self.actor)
        chosen = {column.key for column in columns_of(USUAL if own is None else own)}
        rows = [{"key": key, "label": one.label, "is_chosen": key in chosen} for key, one in COLUMNS.items()]
        return Response(QueueColumnSerializer(rows, many=True).data)
