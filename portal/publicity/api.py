"""Notices and objections over the API: reading, objecting, and the handler's desk; by the same functions as the pages."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.accounts.actors import PUBLIC
from portal.accounts.rules import anyone
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk, TimedDesk
from portal.http.limits import count_against
from portal.http.papers import A_PDF, GIVES_PDF
from portal.http.schema import told
from portal.publicity import rules
from portal.publicity.domain import objecting, queries
from portal.publicity.domain.objecting import Statement
from portal.publicity.forms import OBJECTIONS_AN_HOUR
from portal.publicity.models import Line, Notice, Objection
from portal.publicity.serializers import (
    AnswerSerializer,
    BoardQuerySerializer,
    ExtensionSerializer,
    FatalSerializer,
    LineSearchSerializer,
    LodgeSerializer,
    NotAdmittedSerializer,
    NoticeDetailSerializer,
    NoticeLineSerializer,
    NoticeSerializer,
    ObjectionStatusSerializer,
    PartOfPaperSerializer,
    SettlingDetailSerializer,
    SettlingSerializer,
)
from portal.publicity.views.papers import PRINTS_AN_HOUR, paper

AGAINST_OBJECTING = (
    "notice_ended",
    "notice_not_running",
    "takes_no_more_objections",
    "facts_too_short",
    "name_missing",
    "contact_missing",
    "too_often",
)


# --- Reading and objecting ------------------------------------------------------------------
class ReadNotices(TimedDesk):
    """What readers do with one notice; whoever objects does so as the public, logged in or not."""

    access: ClassVar[Predicate] = anyone
    asking = ("search_lines",)
    serializer_class = NoticeDetailSerializer
    filter_backends = ()
    queryset = Notice.objects.none()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.actor = PUBLIC  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)

    @told(
        _("一份公示"),
        _("正文、异议受理方式、公示期逐日说明；期满后有公示记录的摘要值。"),
        responses=NoticeDetailSerializer,
    )
    def retrieve(self, request: Request, **kwargs: str) -> Response:
        return Response(NoticeDetailSerializer(self.get_object()).data)

    @told(
        _("公示对象"),
        _("逐项列出公示的内容。"),
        responses=NoticeLineSerializer(many=True),
    )
    @action(detail=True)
    def lines(self, request: Request, **kwargs: str) -> Response:
        return self._lines(request._request.path, "")

    @told(
        _("查找公示对象"),
        _("按姓名开头、序号或者工作单位查找；查找的内容不写在地址中，page和size写在地址中。"),
        request=LineSearchSerializer,
        responses={200: NoticeLineSerializer(many=True)},
    )
    @action(detail=True, methods=["post"], url_path="lines/searches", url_name="line-searches")
    def search_lines(self, request: Request, **kwargs: str) -> Response:
        words = self.body(LineSearchSerializer)["words"]
        return self._lines(request._request.path.removesuffix("searches/"), words)

    def _lines(self, address: str, words: str) -> Response:
        notice = self.get_object()
        page = self.paginate_queryset(queries.lines_shown(notice, words))
        context = {"notice": notice, "address": address}
        return self.get_paginated_response(NoticeLineSerializer(page, many=True, context=context).data)

    @told(
        _("提出异议"),
        _("在公示期内对一个公示对象提出异议，实名或者匿名；证明材料请在网页上提交。每小时次数有限。"),
        refusals=AGAINST_OBJECTING,
        request=LodgeSerializer,
        responses={201: ObjectionStatusSerializer},
    )
    @action(detail=True, methods=["post"], url_path=r"lines/(?P<number>\d{1,6})/objections")
    def lodge(self, request: Request, number: str, **kwargs: str) -> Response:
        line = self._line(number)
        statement = Statement(**self.body(LodgeSerializer))
        count_against(request._request, "objection", per_hour=OBJECTIONS_AN_HOUR)
        objection = objecting.lodge(line, statement, by=self.actor, at=self.at)
        return Response(ObjectionStatusSerializer(objection).data, status=status.HTTP_201_CREATED)

    @told(
        _("公示张贴件"),
        _("供张贴的PDF文件；人数较多的分为几份，part 为第几份。"),
        refusals=["too_often"],
        filters=False,
        parameters=[PartOfPaperSerializer],
        responses=A_PDF,
    )
    @action(detail=True, methods=["get"], renderer_classes=GIVES_PDF, url_name="paper")
    def paper(self, request: Request, **kwargs: str) -> HttpResponseBase:
        notice = self.get_object()
        count_against(request._request, "print", per_hour=PRINTS_AN_HOUR)
        return paper(notice, request._request)

    def _line(self, number: str) -> Line:
        found = self.get_object().lines.filter(number=int(number)).first()
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]


class Notices(ReadNotices):
    def get_queryset(self) -> QuerySet[Notice]:
        return queries.board()

    @told(
        _("公示公告"),
        _("面向社会的公示，公示中的在前；q 查找标题或者公示单位。"),
        parameters=[BoardQuerySerializer],
        responses=NoticeSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        wanted = BoardQuerySerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        page = self.paginate_queryset(queries.board(**wanted.validated_data))
        return self.get_paginated_response(NoticeSerializer(page, many=True).data)


class NoticesByLink(ReadNotices):
    """Notices inside an employer's house, for whoever was handed the code of their link."""

    lookup_field = "access_code"

    def get_queryset(self) -> QuerySet[Notice]:
        return queries.readable()


class Objections(TimedDesk):
    """Where an objection stands, for whoever has its number."""

    access: ClassVar[Predicate] = anyone
    serializer_class = ObjectionStatusSerializer
    queryset = Objection.objects.select_related("line__notice", "handler")

    @told(_("异议办理情况"), _("凭异议编号查询；实名提出的，办结后附处理意见。"), responses=ObjectionStatusSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(ObjectionStatusSerializer(self.get_object()).data)


# --- The handler's desk ---------------------------------------------------------------------
class Settling(mixins.ListModelMixin, Desk):
    """Objections that the actor's organisation answers; who objects is shown on the page alone, on a recorded click."""

    access: ClassVar[Predicate] = rules.staff
    serializer_class = SettlingSerializer
    filter_backends = ()
    queryset = Objection.objects.none()

    def get_queryset(self) -> QuerySet[Objection]:
        return queries.objections_of(self.actor)

    def timed(self, request: HttpRequest) -> Iterable[models.Model]:
        for objection in self.named():
            yield from (objection.line.notice, objection)

    @told(_("异议处理"), _("本单位负责处理的异议，未办结的在前。"), responses=SettlingSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("一件异议"),
        _("异议事实、证明材料、答复期限、办理记录，以及现在能办的步骤；不能办的逐条给出原因和依据。"),
        responses=SettlingDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("受理并核查"),
        _("由非当事人的工作人员开始核查。"),
        steps=[(Objection, "accept")],
        request=EmptySerializer,
        responses=SettlingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/accept")
    def accept(self, request: Request, code: str) -> Response:
        objection = self.get_object()
        self.body(EmptySerializer)
        return self._shown(objecting.accept(objection, **self.taking()))

    @told(
        _("延长核查"),
        _("情况复杂的延长一次，写明原因，当事人和实名异议人都会收到。"),
        steps=[(Objection, "extend")],
        request=ExtensionSerializer,
        responses=SettlingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/extend")
    def extend(self, request: Request, code: str) -> Response:
        objection, given = self.get_object(), self.body(ExtensionSerializer)
        return self._shown(objecting.extend(objection, **given, **self.taking()))

    @told(
        _("移交上级"),
        _("交上一级处理，期限重新计算；移交后本单位不再办理。"),
        steps=[(Objection, "escalate")],
        request=EmptySerializer,
        responses=ObjectionStatusSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/escalate")
    def escalate(self, request: Request, code: str) -> Response:
        objection = self.get_object()
        self.body(EmptySerializer)
        return Response(ObjectionStatusSerializer(objecting.escalate(objection, **self.taking())).data)

    @told(
        _("不予受理"),
        _("匿名且没有可核查的事实，或者重复提出的。"),
        steps=[(Objection, "reject_form")],
        request=NotAdmittedSerializer,
        responses=SettlingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/reject_form")
    def reject_form(self, request: Request, code: str) -> Response:
        return self._decided("reject_form", NotAdmittedSerializer)

    @told(
        _("认定不成立"),
        _("当事人的暂缓解除；公示已期满的即行结清，不再重新公示。"),
        steps=[(Objection, "find_unfounded")],
        request=AnswerSerializer,
        responses=SettlingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/find_unfounded")
    def find_unfounded(self, request: Request, code: str) -> Response:
        return self._decided("find_unfounded", AnswerSerializer)

    @told(
        _("认定成立，予以更正"),
        _("可以更正且不涉及诚信的；更正后对其重新公示。"),
        steps=[(Objection, "find_correctable")],
        request=AnswerSerializer,
        responses=SettlingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/find_correctable")
    def find_correctable(self, request: Request, code: str) -> Response:
        return self._decided("find_correctable", AnswerSerializer)

    @told(
        _("认定成立，影响申报或结果"),
        _("不予推荐或者评审结果不予承认；涉嫌弄虚作假的同时报告市人力资源社会保障局。"),
        steps=[(Objection, "find_fatal")],
        request=FatalSerializer,
        responses=SettlingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/find_fatal")
    def find_fatal(self, request: Request, code: str) -> Response:
        return self._decided("find_fatal", FatalSerializer)

    @told(
        _("认定成立，涉嫌弄虚作假"),
        _("由市人力资源社会保障局认定并立案。"),
        steps=[(Objection, "find_fraud")],
        request=AnswerSerializer,
        responses=SettlingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/find_fraud")
    def find_fraud(self, request: Request, code: str) -> Response:
        return self._decided("find_fraud", AnswerSerializer)

    def _decided(self, step: str, serializer: Any) -> Response:
        objection, given = self.get_object(), self.body(serializer)
        return self._shown(objecting.decide(objection, step, **given, **self.taking()))

    def _shown(self, objection: Objection) -> Response:
        found = self.get_queryset().get(pk=objection.pk)
        steps = self.steps_of(found, self.request, to=objecting.next_instance(found))
        offered = [{**one, "address": _address(found, one["step"])} for one in steps]
        return Response(SettlingDetailSerializer(found, context={"steps": offered}).data)


def _address(objection: Objection, step: str) -> str:
    return reverse(f"api:settling-{step.replace('_', '-')}", args=[objection.code])
