"""Planning defences over the API: rounds, places, panels with their experts, slots, and who is heard when."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from applications.models import Application
from portal.accounts.models import Person
from portal.accounts.rules import agency
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.schema import told
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from review.api.defences import slot_named
from review.domain import defence_queries, planning, releasing, rounds, scheduling
from review.interfaces import serializers_rounds as shapes
from review.interfaces.serializers_defence import HearingSerializer
from review.models import Defence, DefenceRound, Panel, Room, Slot

AGAINST_SEATING = ("not_an_expert", "expert_is_staff", "seated_already", "expert_busy")


def _experts_named(among: QuerySet[Person], given: list[str], field: str) -> list[Person]:
    """Return the people of these codes in the order given; raises Refusal where one is not ``among`` the experts."""
    found = {one.code: one for one in among.filter(code__in=given)}
    if found.keys() != set(given):
        text = gettext("所选人员不是本机构的评审专家。")
        raise Refusal([Reason(text, "R-160", "not_an_expert", field)])
    return [found[code] for code in dict.fromkeys(given)]


def _named(among: QuerySet[Any], code: str, field: str, words: str) -> Any:
    """Return the row that a request names in ``field``; raises Refusal for one that is not ``among`` those it may name."""
    found = among.filter(code=code).first()
    if found is None:
        raise Refusal([Reason(words, "R-105", f"{field}_unknown", field)])
    return found


class OfAgency(Desk):
    """A desk on which the agency plans."""

    access: ClassVar[Predicate] = agency
    filter_backends = ()

    def listed(self, rows: QuerySet[Any], serializer: Any) -> Response:
        """Return one page of ``rows``."""
        return self.get_paginated_response(serializer(self.paginate_queryset(rows), many=True).data)


class Rounds(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfAgency):
    serializer_class = shapes.RoundSerializer
    queryset = DefenceRound.objects.none()

    def get_queryset(self) -> QuerySet[DefenceRound]:
        return defence_queries.rounds_of(self.actor)

    @told(_("答辩安排"), _("本机构的各次答辩。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一次答辩安排"), _("日期、方式和注意事项。"))
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @told(
        _("新建答辩安排"),
        _("为本机构的一个评审委员会确定答辩日期和方式；线上答辩限试点评审委员会。"),
        refusals=["committee_unknown", "online_only_with_pilot", "days_reversed", "days_over", "title_taken"],
        request=shapes.OpenRoundSerializer,
        responses=shapes.RoundSerializer,
    )
    def create(self, request: Request) -> Response:
        given = dict(self.body(shapes.OpenRoundSerializer))
        own = defence_queries.committees_of(self.actor)
        committee = _named(own, given.pop("committee"), "committee", gettext("没有这个评审委员会。"))
        days = (given.pop("first_day"), given.pop("last_day"))
        made = rounds.open_round(committee, days=days, by=self.actor, at=self.at, **given)
        return Response(shapes.RoundSerializer(made).data)

    @told(
        _("本机构的评审委员会"),
        _("可以为其新建答辩安排的评审委员会，最近年度在前。"),
        responses=shapes.OwnCommitteeSerializer(many=True),
    )
    @action(detail=False, methods=["get"])
    def committees(self, request: Request) -> Response:
        return self.listed(defence_queries.committees_of(self.actor), shapes.OwnCommitteeSerializer)

    @told(
        _("可选的专家"),
        _("现任本机构评审专家，可以编入评议组。"),
        responses=shapes.ExpertSerializer(many=True),
    )
    @action(detail=True, methods=["get"])
    def experts(self, request: Request, code: str) -> Response:
        agency_ = self.get_object().committee.agency
        rows = rounds.experts_at(agency_, on=clock.day_of(self.at)).order_by("code")
        return self.listed(rows, shapes.ExpertSerializer)

    @told(
        _("待安排的人"),
        _("已缴费、须答辩、尚无场次的申报人，先缴费的在前。"),
        responses=shapes.WaitingSerializer(many=True),
    )
    @action(detail=True, methods=["get"])
    def waiting(self, request: Request, code: str) -> Response:
        return self.listed(scheduling.waiting_for(self.get_object()), shapes.WaitingSerializer)

    @told(
        _("本次答辩的人"),
        _("已有场次的人及其状态，按时间排列。"),
        responses=HearingSerializer(many=True),
    )
    @action(detail=True, methods=["get"])
    def hearings(self, request: Request, code: str) -> Response:
        return self.listed(defence_queries.defences_of(self.get_object()), HearingSerializer)

    @told(
        _("预览自动安排"),
        _("计算最多能安排的人和各自场次，列出不能安排的人和原因；不作任何改变。"),
        responses=shapes.PlacementSerializer,
    )
    @action(detail=True, methods=["get"])
    def proposal(self, request: Request, code: str) -> Response:
        proposal = scheduling.propose(self.get_object(), at=self.at)
        return Response(shapes.PlacementSerializer(proposal).data)

    @told(
        _("确认自动安排"),
        _("以预览的摘要值确认；预览后情况有变化的不办理。"),
        refusals=["nobody_to_place", "proposal_changed"],
        request=shapes.DigestSerializer,
        responses=HearingSerializer(many=True),
    )
    @action(detail=True, methods=["post"], url_path="steps/confirm")
    def confirm(self, request: Request, code: str) -> Response:
        round_, given = self.get_object(), self.body(shapes.DigestSerializer)
        made = planning.confirm(round_, given["digest"], by=self.actor, at=self.at)
        return self._shown(made)

    @told(
        _("安排一人"),
        _("把一名待安排的人编入本次答辩的一个场次，尚不通知。"),
        refusals=["application_unknown", "slot_unknown", *(guard.code for guard in planning.PLANNING)],
        steps=[(Application, "plan_defence")],
        request=shapes.PlanSerializer,
        responses=HearingSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/plan")
    def plan(self, request: Request, code: str) -> Response:
        round_, given = self.get_object(), self.body(shapes.PlanSerializer)
        waiting = scheduling.waiting_for(round_)
        words = gettext("待安排的人中没有这件申报。")
        application = _named(waiting, given["application"], "application", words)
        slot = slot_named(given["slot"], Slot.objects.filter(panel__round=round_))
        made = planning.plan(application, slot, by=self.actor, at=self.at)
        return Response(HearingSerializer(made).data)

    @told(
        _("发送全部答辩通知"),
        _("通知全部已安排的人；不能按期通知的保持原状并给出原因。"),
        request=EmptySerializer,
        responses=shapes.ToldSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/notify")
    def notify(self, request: Request, code: str) -> Response:
        round_ = self.get_object()
        self.body(EmptySerializer)
        done = planning.notify_all(round_, by=self.actor, at=self.at)
        refused = [
            {"code": one.code, "reasons": [reason.as_dict() for reason in reasons]} for one, reasons in done.refused
        ]
        return Response(shapes.ToldSerializer({"done": done.done, "refused": refused}).data)

    def _shown(self, made: Iterable[Defence]) -> Response:
        rows = Defence.objects.with_all().filter(pk__in=[one.pk for one in made]).order_by("slot__starts_at", "pk")
        return Response(HearingSerializer(rows, many=True).data)


class Rooms(mixins.ListModelMixin, OfAgency):
    serializer_class = shapes.RoomSerializer
    queryset = Room.objects.none()

    def get_queryset(self) -> QuerySet[Room]:
        return Room.objects.filter(agency=self.actor.organisation).order_by("name", "pk")

    @told(_("答辩场所"), _("本机构登记的场所和线上会议。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("登记场所"),
        _("登记一个场所；同名的更新其地址，已通知申报人到场的不能更新。"),
        refusals=["place_was_told"],
        request=shapes.RoomBodySerializer,
        responses=shapes.RoomSerializer,
    )
    def create(self, request: Request) -> Response:
        given = self.body(shapes.RoomBodySerializer)
        assert self.actor.organisation is not None  # noqa: S101 - the desk is an agency's
        room = rounds.room_of(self.actor.organisation, given["name"], given["address"])
        return Response(shapes.RoomSerializer(room).data)


class OfRound(OfAgency):
    """A desk inside one round of the actor's agency; ``round`` in the address is the round's code."""

    @property
    def round(self) -> DefenceRound:
        """The round that the address names; raises Http404."""
        mine = DefenceRound.objects.of_agency(self.actor).select_related("committee__agency")
        return get_object_or_404(mine, code=self.kwargs["round"])

    @property
    def experts(self) -> QuerySet[Person]:
        """The experts at the agency now."""
        return rounds.experts_at(self.round.committee.agency, on=clock.day_of(self.at))


class Panels(OfRound):
    serializer_class = shapes.SeatedPanelSerializer
    queryset = Panel.objects.none()

    def get_queryset(self) -> QuerySet[Panel]:
        rows = Panel.objects.filter(round=self.round).select_related("round__committee__agency")
        return rows.prefetch_related(Prefetch("experts", Person.objects.order_by("code"))).order_by("pk")

    @told(_("评议组"), _("一次答辩的评议组和专家。"), responses=shapes.SeatedPanelSerializer(many=True))
    def list(self, request: Request, round: str) -> Response:  # noqa: A002 - the word in the address
        return self.listed(self.get_queryset(), shapes.SeatedPanelSerializer)

    @told(_("一个评议组"), _("名称和专家。"), responses=shapes.SeatedPanelSerializer)
    def retrieve(self, request: Request, round: str, code: str) -> Response:  # noqa: A002
        return self._shown(self.get_object())

    @told(
        _("添加评议组"),
        _("人数不少于规定；本机构工作人员不能参加盲评。"),
        refusals=["panel_too_small", "not_an_expert", "expert_is_staff", "panel_name_taken"],
        request=shapes.PanelBodySerializer,
        responses=shapes.SeatedPanelSerializer,
    )
    def create(self, request: Request, round: str) -> Response:  # noqa: A002
        given = self.body(shapes.PanelBodySerializer)
        experts = _experts_named(self.experts, given["experts"], "experts")
        return self._shown(rounds.add_panel(self.round, given["name"], experts, by=self.actor, at=self.at))

    @told(
        _("增补专家"),
        _("专家加入评议组和尚未开始的全部场次。"),
        refusals=AGAINST_SEATING,
        request=shapes.JoinSerializer,
        responses=shapes.SeatedPanelSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/join")
    def join(self, request: Request, round: str, code: str) -> Response:  # noqa: A002
        panel, given = self.get_object(), self.body(shapes.JoinSerializer)
        (expert,) = _experts_named(self.experts, [given["expert"]], "expert")
        rounds.add_expert(panel, expert, by=self.actor, at=self.at)
        return self._shown(panel)

    @told(
        _("调出专家"),
        _("专家尚未提交本评议组意见的，可以写明原因调出；不得少于规定人数，可以同时指定接替的专家。"),
        refusals=[
            "expert_unknown",
            "reason_given",
            "not_seated",
            "handed_in",
            "panel_too_small",
            "panel_can_hear",
            *AGAINST_SEATING,
        ],
        request=shapes.ReleaseSerializer,
        responses=shapes.SeatedPanelSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/release")
    def release(self, request: Request, round: str, code: str) -> Response:  # noqa: A002
        panel, given = self.get_object(), self.body(shapes.ReleaseSerializer)
        expert = _named(panel.experts, given["expert"], "expert", gettext("评议组中没有这位专家。"))
        named = [given["replacement"]] if given["replacement"] else []
        replacement = next(iter(_experts_named(self.experts, named, "replacement")), None)
        told_of = {"reason": given["reason"], "replacement": replacement}
        releasing.release(panel, expert, **told_of, by=self.actor, at=self.at)
        return self._shown(panel)

    def _shown(self, panel: Panel) -> Response:
        return Response(shapes.SeatedPanelSerializer(self.get_queryset().get(pk=panel.pk)).data)


class Slots(OfRound):
    serializer_class = shapes.RoundSlotSerializer
    queryset = Slot.objects.none()

    def get_queryset(self) -> QuerySet[Slot]:
        return defence_queries.slots_of(self.round)

    @told(_("场次"), _("一次答辩的场次和已安排人数，按时间排列。"), responses=shapes.RoundSlotSerializer(many=True))
    def list(self, request: Request, round: str) -> Response:  # noqa: A002
        return self.listed(self.get_queryset(), shapes.RoundSlotSerializer)

    @told(
        _("添加场次"),
        _("在一天内连续添加若干场次；评议组、场所和专家不能同时在两处。"),
        refusals=[
            "panel_unknown",
            "room_unknown",
            "outside_the_round",
            "past_midnight",
            "slot_in_the_past",
            "panel_busy",
            "room_busy",
            "expert_busy",
        ],
        request=shapes.SlotsBodySerializer,
        responses=shapes.RoundSlotSerializer(many=True),
    )
    def create(self, request: Request, round: str) -> Response:  # noqa: A002
        given = dict(self.body(shapes.SlotsBodySerializer))
        panels = Panel.objects.filter(round=self.round).select_related("round__committee")
        panel = _named(panels, given.pop("panel"), "panel", gettext("没有这个评议组。"))
        own = Room.objects.filter(agency=self.actor.organisation)
        room = _named(own, given.pop("room"), "room", gettext("没有这个场所。"))
        made = rounds.add_slots(panel, room, rounds.Times(**given), by=self.actor, at=self.at)
        rows = self.get_queryset().filter(pk__in=[one.pk for one in made])
        return Response(shapes.RoundSlotSerializer(rows, many=True).data)
