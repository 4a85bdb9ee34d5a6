"""The publisher's own notices over the API: how they stand, who is held, their proofs, and taking one back."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.documents.models import StoredFile
from portal.http.bodies import EmptySerializer
from portal.http.desks import TimedDesk
from portal.http.once import key_of
from portal.http.papers import A_PDF, GIVES_PDF
from portal.http.schema import told
from portal.publicity import rules
from portal.publicity.domain import posting, proving, queries
from portal.publicity.models import Notice
from portal.publicity.serializers import PartOfPaperSerializer
from portal.publicity.serializers_own import (
    NoticeProofSerializer,
    OwnLineSerializer,
    OwnNoticeDetailSerializer,
    OwnNoticeSerializer,
    WithdrawSerializer,
)
from portal.publicity.views.papers import paper

AGAINST_PROVING = ("notice_not_ended", "notice_withdrawn", "objection_open")


class OwnNotices(mixins.ListModelMixin, TimedDesk):
    """What the organisation for which somebody acts publicises, or did."""

    access: ClassVar[Predicate] = rules.staff
    filter_backends = ()
    serializer_class = OwnNoticeSerializer
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        return queries.notices_of(self.actor)

    @told(_("本单位的公示"), _("本单位发布和拟发布的公示，新的在前；附未办结的异议数量。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("本单位的一份公示"),
        _("正文、公示期逐日说明、供查阅的编号，以及现在能办的步骤。"),
        responses=OwnNoticeDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("本单位公示的对象"),
        _("逐项列出内容，以及是否因异议暂缓、是否已经期满无异议。"),
        filters=False,
        responses=OwnLineSerializer(many=True),
    )
    @action(detail=True)
    def lines(self, request: Request, code: str) -> Response:
        page = self.paginate_queryset(queries.lines_shown(self.get_object(), ""))
        return self.get_paginated_response(OwnLineSerializer(page, many=True).data)

    @told(
        _("撤回公示"),
        _("公示内容有严重错误的，由负责人写明原因撤回；更正后须重新发布并重新计算公示期。"),
        steps=[(Notice, "withdraw")],
        request=WithdrawSerializer,
        responses=OwnNoticeDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/withdraw")
    def withdraw(self, request: Request, code: str) -> Response:
        notice, given = self.get_object(), self.body(WithdrawSerializer)
        key = key_of(request._request)
        return self._shown(posting.withdraw(notice, reason=given["reason"], by=self.actor, at=self.at, key=key))

    @told(
        _("公示证明"),
        _("公示期满、没有未办结的异议后出具，一经出具不再改变；人数较多的在后台生成，生成之前文件编号为空。"),
        refusals=AGAINST_PROVING,
        request=EmptySerializer,
        responses=NoticeProofSerializer,
    )
    @action(detail=True, methods=["post"])
    def proof(self, request: Request, code: str) -> Response:
        notice = self.get_object()
        self.body(EmptySerializer)
        file = proving.kept(notice)
        if file is None:
            proving.refuse_unless_provable(notice)
            file = proving.proof_of(notice, at=self.at) if proving.is_quick(notice) else None
        return _proof(file)

    @told(
        _("一个公示对象的公示证明"),
        _("只含这一个公示对象，供其申报材料使用。"),
        refusals=AGAINST_PROVING,
        request=EmptySerializer,
        responses=NoticeProofSerializer,
    )
    @action(detail=True, methods=["post"], url_path=r"lines/(?P<number>\d{1,6})/proof")
    def line_proof(self, request: Request, code: str, number: str) -> Response:
        line = self.get_object().lines.select_related("notice__publisher").filter(number=int(number)).first()
        if line is None:
            raise Http404
        self.body(EmptySerializer)
        return _proof(proving.proof_of_line(line, at=self.at))

    @told(
        _("公示张贴件"),
        _("本单位公示供张贴的PDF文件；人数较多的分为几份，part 为第几份。"),
        filters=False,
        parameters=[PartOfPaperSerializer],
        responses=A_PDF,
    )
    @action(detail=True, methods=["get"], renderer_classes=GIVES_PDF)
    def paper(self, request: Request, code: str) -> HttpResponseBase:
        return paper(self.get_object(), request._request)

    def _shown(self, notice: Notice) -> Response:
        found = self.get_queryset().get(pk=notice.pk)
        steps = [
            {**one, "address": reverse("api:own-notice-withdraw", args=[found.code])}
            for one in self.steps_of(found, self.request)
            if one["step"] == "withdraw"
        ]
        return Response(OwnNoticeDetailSerializer(found, context={"steps": steps}).data)


def _proof(file: StoredFile | None) -> Response:
    return Response(NoticeProofSerializer({"file": file}).data)
