"""Defences over the API: the applicant's own, and the agency's hearings."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse as page_of
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.accounts.rules import acts_personally, agency
from portal.documents import offers
from portal.http.bodies import EmptySerializer
from portal.http.schema import told
from portal.shared.errors import Reason, Refusal
from review.api.applications import OfApplications
from review.api.hearing_panels import HearingPanels
from review.domain import attending, defence_papers, defence_queries, planning, recusing, rescheduling
from review.enums.defending import RequestState
from review.interfaces.defence_addresses import check_in_address
from review.interfaces.serializers_defence import (
    AskSerializer,
    BreakOffSerializer,
    ChangeAnswerSerializer,
    ChangeSlotSerializer,
    CheckInSerializer,
    DefenceNoticeSerializer,
    DefenceSerializer,
    HearingDetailSerializer,
    HearingSerializer,
    JudgeSerializer,
    NotifySerializer,
    SlotChoiceSerializer,
)
from review.models import ChangeRequest, Defence, DefenceRound, Slot

ADDRESSES = {
    "move": "api:hearing-move",
    "notify": "api:hearing-notify",
    "change_slot": "api:hearing-change-slot",
    "check_in": "api:hearing-check-in",
    "miss": "api:hearing-miss",
    "complete": "api:hearing-complete",
    "break_off": "api:hearing-break-off",
}
AGAINST_ASKING = (
    "step_not_open",
    "step_not_permitted",
    "not_rescheduled_before",
    "session_runs_on",
    "request_waits",
    "too_late",
    "excuse_over",
)


def slot_named(code: str, among: QuerySet[Slot]) -> Slot:
    """Return the slot that a request names; raises Refusal for one that is not ``among`` those it may name."""
    found = among.filter(code=code).select_related("panel__round__committee").first()
    if found is None:
        raise Refusal([Reason(gettext("没有这个场次。"), "R-105", "slot_unknown", "slot")])
    return found


class OfDefences(OfApplications):
    """A desk about defences; their timers hang on the application."""

    queryset = Defence.objects.none()


class OwnDefences(mixins.ListModelMixin, OfDefences):
    access: ClassVar[Predicate] = acts_personally
    serializer_class = DefenceSerializer

    def get_queryset(self) -> QuerySet[Defence]:
        rows = Defence.objects.of(self.actor).with_all().prefetch_related("requests__file")
        return rows.order_by("-pk")

    @told(_("我的答辩"), _("已通知的答辩安排：时间、地点、改期申请和答复。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一次答辩"), _("时间、地点、通知书和改期申请。"), responses=DefenceSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(DefenceSerializer(self.get_object()).data)

    @told(
        _("下载答辩通知书"),
        _("取得答辩通知书文件，首次取得即记为已下载。"),
        refusals=["no_notice"],
        steps=[(Defence, "acknowledge")],
        request=EmptySerializer,
        responses=DefenceNoticeSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/acknowledge")
    def acknowledge(self, request: Request, code: str) -> Response:
        defence = self.get_object()
        self.body(EmptySerializer)
        address_of = check_in_address(request._request)
        file = defence_papers.download(defence, address_of=address_of, by=self.actor, at=self.at)
        address = page_of("documents:download", args=[file.code])
        return Response(DefenceNoticeSerializer({"file": file.code, "address": address}).data)

    @told(
        _("申请改期"),
        _("答辩前申请改期，或者未到场后在期限内说明；须写明原因并附证明文件，只能改期一次。"),
        refusals=[*AGAINST_ASKING, "reason_missing", "offer_unknown"],
        request=AskSerializer,
        responses=DefenceSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/ask")
    def ask(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(AskSerializer)
        file = offers.take(given["file"], purpose=defence_queries.CAUSE, by=self.actor, at=self.at)
        rescheduling.ask(defence, reason=given["reason"], file=file, by=self.actor, at=self.at)
        return Response(DefenceSerializer(self.get_object()).data)


class Hearings(mixins.ListModelMixin, OfDefences, HearingPanels):
    access: ClassVar[Predicate] = agency
    serializer_class = HearingSerializer

    def get_queryset(self) -> QuerySet[Defence]:
        rows = Defence.objects.of_agency(self.actor).with_all().prefetch_related("requests__file")
        return rows.order_by("slot__starts_at", "pk")

    @told(_("答辩人员"), _("本机构各评审委员会的全部答辩，按时间排列。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一人的答辩"), _("场次、状态、改期申请和现在能办的步骤。"), responses=HearingDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("调整场次"),
        _("通知前把一人改到另一个有空位的场次。"),
        refusals=["slot_unknown"],
        steps=[(Defence, "move")],
        request=SlotChoiceSerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/move")
    def move(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(SlotChoiceSerializer)
        return self._shown(planning.move(defence, self._slot(given["slot"]), **self.taking()))

    @told(
        _("发送答辩通知"),
        _("以短信和消息通知一人；同意改期的须给出新的场次。须按规定天数提前。"),
        refusals=["slot_unknown"],
        steps=[(Defence, "notify")],
        request=NotifySerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/notify")
    def notify(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(NotifySerializer)
        slot = self._slot(given["slot"]) if given["slot"] else None
        return self._shown(planning.notify(defence, slot=slot, **self.taking()))

    @told(
        _("调整已通知的场次"),
        _("评审服务机构因自身原因调整；写明原因，按规定天数提前重新通知，不占用申报人的改期机会。"),
        refusals=["slot_unknown"],
        steps=[(Defence, "change_slot")],
        request=ChangeSlotSerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/change_slot")
    def change_slot(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(ChangeSlotSerializer)
        slot = self._slot(given["slot"])
        return self._shown(planning.change(defence, slot, reason=given["reason"], **self.taking()))

    @told(
        _("签到"),
        _("核对通知书编码和身份证件后签到。"),
        steps=[(Defence, "check_in")],
        request=CheckInSerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/check_in")
    def check_in(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(CheckInSerializer)
        done = attending.check_in(defence, typed=given["code"], identity=given["identity"], **self.taking())
        return self._shown(done)

    @told(
        _("记为未到场"),
        _("答辩时间已到而未签到；申报人可在两个工作日内说明。"),
        steps=[(Defence, "miss")],
        request=EmptySerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/miss")
    def miss(self, request: Request, code: str) -> Response:
        defence = self.get_object()
        self.body(EmptySerializer)
        return self._shown(attending.miss(defence, **self.taking()))

    @told(
        _("完成答辩"),
        _("评议组全部提交意见后完成，申报待上会评审。"),
        steps=[(Defence, "complete")],
        request=EmptySerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/complete")
    def complete(self, request: Request, code: str) -> Response:
        defence = self.get_object()
        self.body(EmptySerializer)
        return self._shown(attending.complete(defence, **self.taking()))

    @told(
        _("中止答辩"),
        _("答辩不能完成的，写明原因后中止，另行安排；不占用申报人的改期机会。"),
        steps=[(Defence, "break_off")],
        request=BreakOffSerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/break_off")
    def break_off(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(BreakOffSerializer)
        return self._shown(attending.break_off(defence, reason=given["reason"], **self.taking()))

    @told(
        _("答复改期申请"),
        _("同意后另行安排一次；不同意须写明原因。"),
        refusals=["no_request"],
        steps=[(ChangeRequest, "agree"), (ChangeRequest, "refuse"), (Defence, "reschedule")],
        request=ChangeAnswerSerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/answer")
    def answer(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), self.body(ChangeAnswerSerializer)
        asked = defence.requests.filter(state=RequestState.ASKED).first()
        if asked is None:
            raise Refusal([Reason(gettext("没有待答复的申请。"), "A-27", "no_request")])
        act = rescheduling.agree if given["agree"] else rescheduling.refuse
        return self._shown(act(asked, decision=given["decision"], **self.taking()))

    @told(
        _("核对同名"),
        _("申报成果中出现与专家相同姓名的，确认是否为成果合作者；确认的即应回避，不构成的须写明核对情况。"),
        refusals=["match_unknown", "step_not_permitted", "judged_before", "remark_missing", "too_late", "handed_in"],
        request=JudgeSerializer,
        responses=HearingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/judge")
    def judge(self, request: Request, code: str) -> Response:
        defence, given = self.get_object(), dict(self.body(JudgeSerializer))
        match = defence.application.name_matches.filter(code=given.pop("match")).first()
        if match is None:
            raise Refusal([Reason(gettext("没有这项待核对的同名。"), "A-48", "match_unknown", "match")])
        recusing.judge(match, **given, by=self.actor, at=self.at)
        return self._shown(defence)

    def _slot(self, code: str) -> Slot:
        mine = DefenceRound.objects.of_agency(self.actor)
        return slot_named(code, Slot.objects.filter(panel__round__in=mine))

    def _shown(self, defence: Defence) -> Response:
        found = self.get_queryset().get(pk=defence.pk)
        known = {"slot": found.slot} if found.slot else {}
        judged = {one["step"]: one for one in self.steps_of(found, self.request, **known)}
        # Whether another slot will do is judged by that one, not by the slot that the person has.
        judged |= {one["step"]: one for one in self.steps_of(found, self.request) if one["step"] == "change_slot"}
        steps = [one for name, one in judged.items() if name in ADDRESSES]
        addressed = [{**one, "address": reverse(ADDRESSES[one["step"]], args=[found.code])} for one in steps]
        return Response(HearingDetailSerializer(found, context={"steps": addressed}).data)
