"""A session over the API: planned, drawn, convened, opened, closed, signed; each reader gets their own view of it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from applications.models import Application
from portal.accounts.models import Person
from portal.accounts.rules import agency, bureau
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.schema import told
from review import rules
from review.domain import agenda, defence_queries, drawing, seating, sitting
from review.enums.sitting import DrawState
from review.interfaces import serializers_session as shapes
from review.interfaces.session_screen import screen_of
from review.models import CommitteeSession, Draw

NAMING = ("step_not_permitted", "too_late")


class OfSessions(Desk):
    """A desk about sessions: every answer is the session as its reader may see it."""

    access: ClassVar[Predicate] = agency | bureau | rules.expert | rules.commissioner

    def _now(self) -> dict[str, Any]:
        return {"by": self.actor, "at": self.at}

    def _shown(self, session: CommitteeSession) -> Response:
        found = CommitteeSession.objects.for_reader(self.actor).with_all().filter(pk=session.pk).first()
        if found is None:
            return Response(status=204)
        screen = screen_of(found, self.actor, self.at)
        members = [one for one, _tone in screen["members"]] if screen["names_shown"] else []
        steps = [
            {
                "step": one.name,
                "label": str(one.label),
                "basis": one.basis,
                "open": one.is_pressable,
                "reasons": [reason.as_dict() for reason in one.reasons],
                "address": address,
            }
            for one, address in [*screen["own_steps"], *screen["steps"]]
        ]
        row = shapes.SessionRowSerializer(found).data
        seats = shapes.SeatSerializer(members, many=True).data
        cases = shapes.CaseSerializer(screen["rows"], many=True).data
        ends = shapes.AnswersSerializer(screen).data
        return Response({**row, **ends, "members": seats, "cases": cases, "steps": steps})


class Sessions(mixins.ListModelMixin, OfSessions):
    serializer_class = shapes.SessionRowSerializer
    queryset = CommitteeSession.objects.none()

    def get_queryset(self) -> QuerySet[CommitteeSession]:
        return CommitteeSession.objects.for_reader(self.actor).with_all().order_by("-starts_at", "-pk")

    @told(_("评审会议"), _("本人筹备、参加、监督的评审会议，最近的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一次评审会议"), _("本人可见的委员、议程和能办的步骤。"), responses=shapes.SessionSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("筹备会议"),
        _("为本机构的评审委员会筹备一次会议。"),
        refusals=["step_not_permitted", "filing_in_force", "agency_may_evaluate", "size_is_lawful", "in_the_past"],
        request=shapes.PlanBody,
        responses={201: shapes.SessionSerializer},
    )
    def create(self, request: Request) -> Response:
        given = dict(self.body(shapes.PlanBody))
        committee = get_object_or_404(defence_queries.committees_of(self.actor), code=given.pop("committee"))
        answer = self._shown(sitting.plan(committee, sitting.Plan(**given), **self._now()))
        answer.status_code = 201
        return answer

    # --- Preparing ----------------------------------------------------------------------------
    @told(
        _("确定监督委员"),
        _("开会前由评审服务机构或者市人力资源社会保障局确定。"),
        refusals=[*NAMING, "not_a_commissioner"],
        request=shapes.PersonBody,
        responses=shapes.SessionSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/name_commissioner")
    def name_commissioner(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.PersonBody)
        person = get_object_or_404(Person, code=given["person"])
        return self._shown(sitting.name_commissioner(session, person, **self._now()))

    @told(
        _("固定可抽取名单"),
        _("排除不能抽取的专家，固定名单并公布承诺值。"),
        refusals=["step_not_permitted", "drawn_already", "commissioner_missing", "filing_in_force", "size_is_lawful"],
        steps=[(Draw, "freeze_again")],
        request=shapes.FreezeBody,
        responses=shapes.DrawSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/freeze")
    def freeze(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.FreezeBody)
        return _of_draw(drawing.freeze(session, related_limit=given["related_limit"], **self.taking()))

    @told(
        _("参与抽取"),
        _("监督委员给出自己的数值，抽取随即完成。"),
        steps=[(Draw, "give_share")],
        request=shapes.ShareBody,
        responses=shapes.DrawSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/share")
    def share(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.ShareBody)
        draw = get_object_or_404(Draw, session=session)
        return _of_draw(drawing.share(draw, given["share"], **self.taking()))

    @told(
        _("抽取记录"),
        _("抽取完成后的全部数值，可以用公开的核验程序重新计算。"),
        responses=shapes.DrawRecordSerializer,
    )
    @action(detail=True, methods=["get"], url_path="draw")
    def draw(self, request: Request, code: str) -> Response:
        draw = get_object_or_404(Draw, session=self.get_object(), state=DrawState.DRAWN)
        return Response({"record": drawing.record_of(draw)})

    @told(
        _("邀请抽中的专家"),
        _("向尚未邀请的委员发送邀请。"),
        refusals=["step_not_permitted"],
        request=EmptySerializer,
        responses=shapes.SessionSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/invite")
    def invite(self, request: Request, code: str) -> Response:
        session = self.get_object()
        self.body(EmptySerializer)
        seating.invite_all(session, **self._now())
        return self._shown(session)

    @told(
        _("确定主持人"),
        _("从参会的主任委员、副主任委员中确定。"),
        refusals=[*NAMING, "cannot_chair", "is_scrutineer"],
        request=shapes.SeatBody,
        responses=shapes.SessionSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/name_chair")
    def name_chair(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.SeatBody)
        sitting.name_chair(session, get_object_or_404(session.members, code=given["member"]), **self._now())
        return self._shown(session)

    @told(
        _("确定监票人"),
        _("三名会议主持人以外的参会委员。"),
        refusals=[*NAMING, "three_scrutineers", "not_a_member", "vote_running", "scrutineers_recused", "not_present"],
        request=shapes.SeatsBody,
        responses=shapes.SessionSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/name_scrutineers")
    def name_scrutineers(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.SeatsBody)
        three = [get_object_or_404(session.members, code=one) for one in given["members"]]
        sitting.name_scrutineers(session, three, **self._now())
        return self._shown(session)

    @told(
        _("列入议程"),
        _("会议召集后，把待上会评审的申报列入议程。"),
        refusals=["step_not_permitted", "session_not_convened", "other_committee"],
        steps=[(Application, "put_on_agenda")],
        request=shapes.CasesBody,
        responses=shapes.SessionSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/list")
    def put_on(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.CasesBody)
        mine = Application.objects.of_agency(self.actor).with_all()
        for case in [get_object_or_404(mine, code=one) for one in given["cases"]]:
            agenda.put_on(session, case, **self._now())
        return self._shown(session)

    @told(
        _("调整议程顺序"),
        _("开会前由评审服务机构、开会后由主持人调整；须列出全部事项。"),
        refusals=["step_not_permitted", "agenda_changed"],
        request=shapes.CasesBody,
        responses=shapes.SessionSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/reorder")
    def reorder(self, request: Request, code: str) -> Response:
        session, given = self.get_object(), self.body(shapes.CasesBody)
        agenda.reorder(session, given["cases"], **self._now())
        return self._shown(session)


def _of_draw(draw: Draw) -> Response:
    fields: dict[str, Any] = {
        "code": draw.code,
        "state": draw.state,
        "eligible_number": len(draw.eligible),
        "eligible_hash": draw.eligible_hash,
        "commitment": draw.commitment,
        "frozen_at": draw.frozen_at,
        "drawn_at": draw.drawn_at,
    }
    return Response(shapes.DrawSerializer(fields).data)
