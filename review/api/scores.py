"""A member's own score sheet over the API, by the case's code; nobody reads another's (R-044)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.once import key_of
from portal.http.schema import told
from review import rules
from review.domain import score_summaries, scoring
from review.interfaces.serializers_scoring import ScoreSheetSerializer, ScoringBody
from review.models import AgendaItem, ScoreSheet


class Scores(Desk):
    access: ClassVar[Predicate] = rules.expert
    serializer_class = ScoreSheetSerializer
    filter_backends = ()
    queryset = AgendaItem.objects.none()

    def get_queryset(self) -> QuerySet[AgendaItem]:
        return AgendaItem.objects.shown_to_member(self.actor).with_all()

    @told(
        _("我的评分表"),
        _("评价标准的各项、本人评分和按规则折算的得分；提交后另有汇总。"),
        responses=ScoreSheetSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("保存评分"),
        _("保存本人对各项的评分；version 为所依据的版本，在别处改过的不覆盖。"),
        refusals=[
            "step_not_permitted",
            "no_standard",
            "scoring_closed",
            "sheet_fixed",
            "changed_elsewhere",
            "points_out_of_range",
            "not_a_members_line",
        ],
        request=ScoringBody,
        responses=ScoreSheetSerializer,
    )
    def partial_update(self, request: Request, code: str) -> Response:
        item, given = self.get_object(), self.body(ScoringBody)
        scoring.save(item, given["points"], based_on=given["version"], by=self.actor, at=self.at)
        return self._shown(item)

    @told(
        _("提交评分表"),
        _("在场委员在投票开始前提交，提交后不能再改；评分不代替投票。"),
        refusals=["step_not_permitted"],
        steps=[(ScoreSheet, "hand_in")],
        request=EmptySerializer,
        responses=ScoreSheetSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/hand_in")
    def hand_in(self, request: Request, code: str) -> Response:
        item = self.get_object()
        self.body(EmptySerializer)
        scoring.hand_in(item, by=self.actor, at=self.at, key=key_of(request._request))
        return self._shown(item)

    def _shown(self, item: AgendaItem) -> Response:
        member, guide = scoring.scorer_of(item, self.actor), scoring.standard_of(item)
        if member is None or guide is None:
            raise Http404
        sheet = scoring.sheet_of(item, member, guide)
        shown: dict[str, Any] = {
            **{name: getattr(sheet, name) for name in ("state", "version", "saved_at", "handed_in_at")},
            "lines": scoring.lines_of(sheet),
            "summary": score_summaries.shown_to(item, member),
        }
        return Response(ScoreSheetSerializer(shown).data)
