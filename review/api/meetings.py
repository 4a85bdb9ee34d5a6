"""In the room over the API: the session's opening and end, who comes and goes, what the commissioner says."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.http.bodies import EmptySerializer
from portal.http.schema import told
from review.api.sessions import OfSessions
from review.domain import seating, sitting, stopping
from review.interfaces import serializers_session as shapes
from review.models import CommitteeSession, SessionMember

OF_SESSION: dict[str, Any] = {"responses": shapes.SessionSerializer}


class Meetings(OfSessions):
    """Steps of the session as a whole once it is prepared."""

    serializer_class = shapes.SessionSerializer
    queryset = CommitteeSession.objects.none()

    def get_queryset(self) -> QuerySet[CommitteeSession]:
        return CommitteeSession.objects.for_reader(self.actor).with_all()

    def _plain(self, act: Any) -> Response:
        session = self.get_object()
        self.body(EmptySerializer)
        return self._shown(act(session, **self.taking()))

    @told(
        _("召集会议"),
        _("全部委员接受邀请后召集。"),
        steps=[(CommitteeSession, "convene")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/convene")
    def convene(self, request: Request, code: str) -> Response:
        return self._plain(sitting.convene)

    @told(
        _("宣布开会"),
        _("由主持人在会议当日办理。"),
        steps=[(CommitteeSession, "open_session")],
        request=shapes.OpenBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/open_session")
    def open_session(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.OpenBody)
        return self._shown(sitting.open_session(session, **given, **self.taking()))

    @told(
        _("宣布闭会"),
        _("全部事项办结后由主持人办理。"),
        steps=[(CommitteeSession, "close_session")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/close_session")
    def close_session(self, request: Request, code: str) -> Response:
        return self._plain(sitting.close_session)

    @told(
        _("会议记录"),
        _("开会后、签署前保存会议记录。"),
        refusals=["step_not_permitted", "not_now"],
        request=shapes.TextBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/write_minutes")
    def write_minutes(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.TextBody)
        return self._shown(sitting.write_minutes(session, given["text"], **self._now()))

    @told(
        _("签署计票结果"),
        _("由主持人签署，签署后不再变更。"),
        steps=[(CommitteeSession, "sign")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/sign")
    def sign(self, request: Request, code: str) -> Response:
        return self._plain(sitting.sign)

    @told(
        _("取消会议"),
        _("开会前由评审服务机构负责人办理。"),
        steps=[(CommitteeSession, "cancel")],
        request=shapes.ReasonBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/cancel")
    def cancel(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.ReasonBody)
        return self._shown(sitting.cancel(session, reason=given["reason"], **self.taking()))

    @told(
        _("认定会议无效"),
        _("由市人力资源社会保障局负责人决定。"),
        steps=[(CommitteeSession, "void")],
        request=shapes.ReasonBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/void")
    def void(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.ReasonBody)
        return self._shown(sitting.void(session, reason=given["reason"], **self.taking()))

    @told(
        _("监督委员到场"),
        _("会议当日签到。"),
        refusals=["step_not_permitted", "doors_are_open"],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/come")
    def come(self, request: Request, code: str) -> Response:
        session = self.get_object()
        self.body(EmptySerializer)
        return self._shown(seating.commissioner_comes(session, **self._now()))

    @told(
        _("监督意见"),
        _("开会后、签署前由监督委员填写。"),
        refusals=["step_not_permitted", "not_now", "remark_missing"],
        request=shapes.TextBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/remark")
    def remark(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.TextBody)
        return self._shown(seating.remark(session, given["text"], **self._now()))

    @told(
        _("建议停止会议"),
        _("由监督委员提出，市人力资源社会保障局决定。"),
        refusals=["step_not_permitted", "not_now", "reason_given"],
        request=shapes.ReasonBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/ask_to_stop")
    def ask_to_stop(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.ReasonBody)
        return self._shown(seating.ask_to_stop(session, given["reason"], **self._now()))

    @told(
        _("答复停止会议的建议"),
        _("由市人力资源社会保障局负责人决定会议继续或者停止。"),
        refusals=["step_not_permitted", "not_asked", "decision_missing", "too_late", "reason_given"],
        request=shapes.StopAnswerBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/answer_stop")
    def answer_stop(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.StopAnswerBody)
        return self._shown(stopping.answer(session, **given, **self._now()))


class Seats(OfSessions):
    serializer_class = shapes.SeatSerializer
    queryset = SessionMember.objects.none()

    def get_queryset(self) -> QuerySet[SessionMember]:
        sessions = CommitteeSession.objects.for_reader(self.actor)
        return SessionMember.objects.filter(session__in=sessions).select_related(*SessionMember.FETCHED_WITH)

    @told(
        _("接受邀请"),
        _("接受邀请并签署保密和回避承诺。"),
        steps=[(SessionMember, "accept")],
        request=shapes.PromiseBody,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/accept")
    def accept(self, request: Request, code: str) -> Response:
        member, given = self.get_object(), self.body(shapes.PromiseBody)
        return self._shown(seating.accept(member, promise=given["promise"], **self.taking()).session)

    @told(
        _("不参加会议"),
        _("席位由抽取顺序中的下一名专家递补。"),
        steps=[(SessionMember, "decline")],
        request=shapes.ReasonBody,
        responses={200: shapes.SessionSerializer, 204: None},
    )
    @action(detail=True, methods=["post"], url_path="steps/decline")
    def decline(self, request: Request, code: str) -> Response:
        member, given = self.get_object(), self.body(shapes.ReasonBody)
        seating.decline(member, reason=given["reason"], **self.taking())
        return self._shown(member.session)

    @told(
        _("签到"),
        _("会议当日签到，迟到、返回的同样办理。"),
        steps=[(SessionMember, "check_in")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/check_in")
    def check_in(self, request: Request, code: str) -> Response:
        member = self.get_object()
        self.body(EmptySerializer)
        return self._shown(seating.check_in(member, **self.taking()).session)

    @told(
        _("离场"),
        _("离场后不能投票，也不能委托他人。"),
        steps=[(SessionMember, "leave")],
        request=EmptySerializer,
        **OF_SESSION,
    )
    @action(detail=True, methods=["post"], url_path="steps/leave")
    def leave(self, request: Request, code: str) -> Response:
        member = self.get_object()
        self.body(EmptySerializer)
        return self._shown(seating.leave(member, **self.taking()).session)
