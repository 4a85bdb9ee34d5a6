"""The agency's queue for programs: narrowed by the same choices as the page, counted, and given to clerks many at once."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.http.desks import CODE
from portal.http.schema import told
from review.api.preferring import ChoosesColumns
from review.domain import allotting, queueing
from review.interfaces.filters import ReviewFilter
from review.interfaces.serializers_checking import ReviewSerializer
from review.interfaces.serializers_queueing import AllotmentSerializer, AllotSerializer, OverviewSerializer
from review.models import AgencyReview, Allotment, AllottedFile


class ReviewQueue(ChoosesColumns):
    """The list of the agency's desk, and what is done with many of its files."""

    filter_backends = (DjangoFilterBackend,)
    filterset_class = ReviewFilter

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list alone: one file is found in whatever state it is."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @told(
        _("申报材料审核列表"),
        _("本机构的审核，条件与审核列表页面相同；不填 state 的为全部待办理。按姓名查找只在页面办理，姓名不写入网址。"),
        responses=ReviewSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(AgencyReview.objects.at(self.actor).with_all()))
        return self.get_paginated_response(ReviewSerializer(page, many=True).data)

    @told(
        _("分布情况"),
        _("未办结的申报材料在各评审委员会、各审核人名下各有多少；未分配的审核人编号为空。"),
        filters=False,
        responses=OverviewSerializer,
    )
    @action(detail=False, methods=["get"])
    def overview(self, request: Request) -> Response:
        agency = self.actor.organisation
        clerks = allotting.clerks_of(agency, self.at) if agency else []
        loads = {
            "committees": queueing.loads_by_committee(self.actor),
            "clerks": queueing.loads_by_clerk(self.actor, clerks),
        }
        return Response(OverviewSerializer(loads).data)

    @told(
        _("批量分配审核人"),
        _(
            "分给一人，或者平均分给多人；各件分别分配，不能分配的列明原因。件数较多的在后台办理，用答复中的编号查询结果。"
        ),
        refusals=["how_many", "nobody_chosen", "not_a_colleague"],
        request=AllotSerializer,
        responses=AllotmentSerializer,
    )
    @action(detail=False, methods=["post"], url_path="assign")
    def assign_many(self, request: Request) -> Response:
        given = self.body(AllotSerializer)
        found = {one.code: one for one in AgencyReview.objects.at(self.actor).filter(code__in=given["codes"])}
        if found.keys() != set(given["codes"]):
            raise Http404
        reviews = [found[code] for code in dict.fromkeys(given["codes"])]
        to = allotting.clerks_named(given["to"], by=self.actor, at=self.at)
        allotment = allotting.ask(reviews, to, note=given["note"], by=self.actor, at=self.at)
        return self._told(allotment.code)

    @told(
        _("一次批量分配"), _("各件的结果：已分配，或者不能分配的原因。"), filters=False, responses=AllotmentSerializer
    )
    @action(detail=False, methods=["get"], url_path=rf"assignments/(?P<allotment>{CODE})")
    def assignment(self, request: Request, allotment: str) -> Response:
        return self._told(allotment)

    def _told(self, code: str) -> Response:
        files = AllottedFile.objects.select_related("review", "to").order_by("pk")
        own: Any = Allotment.objects.at(self.actor).prefetch_related(Prefetch("files", files))
        found = own.filter(code=code).first()
        if found is None:
            raise Http404
        return Response(AllotmentSerializer(found).data)
