"""Cases of a session over the API: presented, voted on, put off, removed; recusals, opinions and counts."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.http.bodies import EmptySerializer
from portal.http.schema import told
from review.api.meetings import OF_SESSION
from review.api.sessions import OfSessions
from review.domain import agenda, discussing, keeping_out, paper_counting
from review.interfaces import serializers_session as shapes
from review.models import AgendaItem, CommitteeSession


class Cases(OfSessions):
    serializer_class = shapes.CaseSerializer
    queryset = AgendaItem.objects.none()

    def get_queryset(self) -> QuerySet[AgendaItem]:
        return AgendaItem.objects.for_reader(self.actor).with_all()

    def _shown_to_member(self) -> AgendaItem:
        return get_object_or_404(AgendaItem.objects.shown_to_member(self.actor).with_all(), code=self.kwargs["code"])

    def _plain(self, act: Any) -> Response:
        item = self.get_object()
        self.body(EmptySerializer)
        return self._shown(act(item, **self.taking()).session)

    @told(
        _("提请评议"),
        _("由主持该事项的人办理。"),
        steps=[(AgendaItem, "present")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/present")
    def present(self, request: Request, code: str) -> Response:
        return self._plain(agenda.present)

    @told(
        _("开始投票"),
        _("固定有表决权的委员名单。"),
        steps=[(AgendaItem, "open_vote")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/open_vote")
    def open_vote(self, request: Request, code: str) -> Response:
        return self._plain(agenda.open_vote)

    @told(
        _("记录讨论情况"),
        _("由主持该事项的人在提请评议后、开始投票前记录，写入会议记录；不写委员的评分和表决意向。"),
        refusals=["step_not_permitted", "not_discussed_now", "discussion_written"],
        request=shapes.DiscussionBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/discuss")
    def discuss(self, request: Request, code: str) -> Response:
        item, given = self._shown_to_member(), self.body(shapes.DiscussionBody)
        return self._shown(discussing.note(item, given["text"], **self._now()).session)

    @told(
        _("截止投票"),
        _("没有投出的计为未投。"),
        steps=[(AgendaItem, "close_vote")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/close_vote")
    def close_vote(self, request: Request, code: str) -> Response:
        return self._plain(agenda.close_vote)

    @told(
        _("暂缓表决"),
        _("该申报退回待上会评审。"),
        steps=[(AgendaItem, "defer")],
        request=shapes.ReasonBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/defer")
    def defer(self, request: Request, code: str) -> Response:
        sessions = CommitteeSession.objects.for_reader(self.actor)  # who keeps out of a case puts it off all the same
        item = get_object_or_404(AgendaItem.objects.filter(session__in=sessions).with_all(), code=code)
        given = self.body(shapes.ReasonBody)
        return self._shown(agenda.defer(item, reason=given["reason"], **self.taking()).session)

    @told(
        _("移出议程"),
        _("由评审服务机构办理。"),
        steps=[(AgendaItem, "remove")],
        request=shapes.ReasonBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/remove")
    def remove(self, request: Request, code: str) -> Response:
        item, given = self.get_object(), self.body(shapes.ReasonBody)
        return self._shown(agenda.remove(item, reason=given["reason"], **self.taking()).session)

    @told(
        _("提出回避"),
        _("委员本人提出，投票开始前有效。"),
        refusals=["step_not_permitted", "too_late", "relation_missing"],
        request=shapes.RelationBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/recuse")
    def recuse(self, request: Request, code: str) -> Response:
        item, given = self._shown_to_member(), self.body(shapes.RelationBody)
        keeping_out.declare(item, given["relation"], given["remark"], **self._now())
        return self._shown(item.session)

    @told(
        _("要求委员回避"),
        _("由评审服务机构或者主持人提出。"),
        refusals=["step_not_permitted", "too_late", "relation_missing", "not_a_member"],
        request=shapes.OrderRelationBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/order_recusal")
    def order_recusal(self, request: Request, code: str) -> Response:
        item, given = self.get_object(), self.body(shapes.OrderRelationBody)
        member = get_object_or_404(item.session.members, code=given["member"])
        keeping_out.order(item, member, given["relation"], given["remark"], **self._now())
        return self._shown(item.session)

    @told(
        _("书面意见"),
        _("没有答辩评议的，由三名以上委员提出。"),
        refusals=["step_not_permitted", "opinion_fixed", "opinion_written"],
        request=shapes.TextBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/write_opinion")
    def write_opinion(self, request: Request, code: str) -> Response:
        item, given = self._shown_to_member(), self.body(shapes.TextBody)
        agenda.write_opinion(item, given["text"], **self._now())
        return self._shown(item.session)

    @told(
        _("录入票数"),
        _("第一名监票人录入自己清点的票数。"),
        refusals=["step_not_permitted", "scrutineer_recused", "not_on_paper", "not_counted_now", "too_many"],
        request=shapes.CountBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/enter_totals")
    def enter_totals(self, request: Request, code: str) -> Response:
        item, given = self._shown_to_member(), self.body(shapes.CountBody)
        paper_counting.enter(item, (given["agree"], given["against"], given["abstain"]), **self._now())
        return self._shown(item.session)

    @told(
        _("复核票数"),
        _("另一名监票人填写自己清点的票数，一致的即为结果。"),
        refusals=[
            "step_not_permitted",
            "scrutineer_recused",
            "not_on_paper",
            "not_counted_now",
            "nothing_entered",
            "another_scrutineer",
        ],
        request=shapes.CountBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/confirm_totals")
    def confirm_totals(self, request: Request, code: str) -> Response:
        item, given = self._shown_to_member(), self.body(shapes.CountBody)
        paper_counting.confirm(item, (given["agree"], given["against"], given["abstain"]), **self._now())
        return self._shown(item.session)
