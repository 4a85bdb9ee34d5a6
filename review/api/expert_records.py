"""What offices write down of experts besides their steps: how a title was checked, and how a session's duty was done."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.documents import offers
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.schema import told
from review.domain import duties, nominating
from review.domain.duties import Observed
from review.enums.pooling import TITLE_PROOF
from review.interfaces.serializers_experts import (
    DutySerializer,
    ObservedSerializer,
    OfficeTermSerializer,
    TitleSeenSerializer,
)
from review.models import ExpertTerm

SESSION = "[0-9A-Za-z-]{1,20}"


class ReadsDuties(Desk):
    """A desk about terms that shows how the duty of each was done."""

    @told(
        _("履职记录"),
        _("各次会议的出席、回避、投诉和评分偏离，最近的在前；评分偏离只用于质量监测。"),
        filters=False,
        responses=DutySerializer(many=True),
    )
    @action(detail=True, methods=["get"], url_path="duties")
    def duties(self, request: Request, code: str) -> Response:
        page = self.paginate_queryset(self.get_object().duties.order_by("-held_on", "-pk"))
        return self.get_paginated_response(DutySerializer(page, many=True).data)


class WritesRecords(ReadsDuties):
    """The desk of agency and bureau; the view gives ``shown``."""

    @told(
        _("发起职称数据核验"),
        _("重新查询职称登记数据，结果在后台取得；须经本人同意入库。"),
        refusals=["step_not_permitted", "consented"],
        request=EmptySerializer,
        responses=OfficeTermSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/ask_registers")
    def ask_registers(self, request: Request, code: str) -> Response:
        term = self.get_object()
        self.body(EmptySerializer)
        nominating.ask_registers(term, by=self.actor, at=self.at)
        return self.shown(term)

    @told(
        _("登记人工核验结果"),
        _("登记数据不能核验职称的，核对证书原件后登记，写明核对了哪份证书、如何核对，可以附照片或者扫描件。"),
        refusals=["step_not_permitted", "title_known", "title_asked", "remark_missing", "offer_unknown"],
        request=TitleSeenSerializer,
        responses=OfficeTermSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/check_title")
    def check_title(self, request: Request, code: str) -> Response:
        term, given = self.get_object(), self.body(TitleSeenSerializer)
        offer = given["file"]
        proof = offers.take(offer, purpose=TITLE_PROOF, by=self.actor, at=self.at) if offer else None
        nominating.check_by_hand(term, proof, given["remark"], by=self.actor, at=self.at)
        return self.shown(term)

    @told(
        _("登记履职情况"),
        _("会后得知的应回避未提出、投诉、违反保密纪律，写明依据，本人可以看到；违反保密纪律由负责人登记。"),
        refusals=["step_not_permitted", "remark_missing"],
        request=ObservedSerializer,
        responses=DutySerializer,
    )
    @action(detail=True, methods=["post"], url_path=f"duties/(?P<session>{SESSION})")
    def observe_duty(self, request: Request, code: str, session: str) -> Response:
        duty = get_object_or_404(self.get_object().duties, session=session)
        done = duties.observe(duty, Observed(**self.body(ObservedSerializer)), by=self.actor, at=self.at)
        return Response(DutySerializer(done).data)

    def shown(self, term: ExpertTerm) -> Response:
        """Return the term as it stands now."""
        raise NotImplementedError
