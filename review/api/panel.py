"""The expert's desk over the API: blind numbers and blind material only (A-49)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse as page_of
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.bodies import EmptySerializer
from portal.http.once import key_of
from portal.http.schema import told
from review import rules
from review.api.applications import OfApplications
from review.domain import attending, blind_files, blinding, defence_queries, opining, recusing
from review.interfaces.serializers_defence import (
    PanelFileSerializer,
    PanelRecusalSerializer,
    PanelRowSerializer,
    WritingSerializer,
)
from review.models import Defence, PanelOpinion


class PanelDesk(OfApplications):
    access: ClassVar[Predicate] = rules.expert
    serializer_class = PanelRowSerializer
    filter_backends = ()
    queryset = Defence.objects.none()
    lookup_field = "blind_number"
    lookup_url_kwarg = "code"

    def get_queryset(self) -> QuerySet[Defence]:
        return Defence.objects.of_expert(self.actor).with_all()

    @told(
        _("我的答辩评议"),
        _("今日和以后的场次，以及尚未提交意见的；只有盲评编号。"),
        responses=PanelRowSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(defence_queries.panel_list(self.actor, at=self.at))
        return self.get_paginated_response(PanelRowSerializer(page, many=True).data)

    @told(
        _("盲评材料和本人意见"),
        _("不含申报人身份和单位的材料、评分标准和本人填写的意见。"),
        responses=PanelFileSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("保存意见"),
        _("保存提问、评分和书面意见；version 为所依据的版本，在别处改过的不覆盖。"),
        refusals=["step_not_permitted", "opinion_fixed", "changed_elsewhere", "score_out_of_range"],
        request=WritingSerializer,
        responses=PanelFileSerializer,
    )
    def partial_update(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), dict(self.body(WritingSerializer))
        based_on = given.pop("version")
        opining.save(defence, given, based_on=based_on, by=self.actor, at=self.at)
        return self._shown(defence)

    @told(
        _("提交意见"),
        _("申报人签到后提交，提交后不能再改。"),
        refusals=["opinion_written"],
        steps=[(PanelOpinion, "hand_in")],
        request=EmptySerializer,
        responses=PanelFileSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/hand_in")
    def hand_in(self, request: Request, code: str) -> Response:
        defence = self.get_object()
        self.body(EmptySerializer)
        opining.hand_in(defence, by=self.actor, at=self.at, key=key_of(request._request))
        return self._shown(defence)

    @told(
        _("完成答辩"),
        _("评议组全部提交意见后完成。"),
        steps=[(Defence, "complete")],
        request=EmptySerializer,
        responses=PanelFileSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/complete")
    def complete(self, request: Request, code: str) -> Response:
        defence = self.get_object()
        self.body(EmptySerializer)
        return self._shown(attending.complete(defence, by=self.actor, at=self.at, key=key_of(request._request)))

    @told(
        _("提出回避"),
        _("与申报人有利害关系的，提出后不再展示这份材料。"),
        refusals=["not_on_the_panel", "too_late", "handed_in", "relation_missing"],
        request=PanelRecusalSerializer,
        responses={204: None},
    )
    @action(detail=True, methods=["post"], url_path="steps/recuse")
    def recuse(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(PanelRecusalSerializer)
        recusing.declare(defence, given["relation"], given["remark"], by=self.actor, at=self.at)
        return Response(status=204)

    def _shown(self, defence: Defence) -> Response:
        found = self.get_queryset().get(pk=defence.pk)
        material = blinding.material_of(found)
        opinion = opining.opinion_of(found, self.actor)
        names = ("series", "specialty", "level", "title", "parts")
        shown: dict[str, Any] = {
            **{name: getattr(material, name) for name in names},
            "blind_number": found.blind_number,
            "state": found.state,
            "slot": found.slot,
            "files": [{"code": one.code, "address": _page(found, one.code)} for one in blind_files.shown_to(found)],
            "criteria": opining.criteria_of(found),
            "opinion": opinion,
        }
        return Response(PanelFileSerializer(shown).data)


def _page(defence: Defence, file: str) -> str:
    return page_of("review:panel_evidence", args=[defence.blind_number, file])
