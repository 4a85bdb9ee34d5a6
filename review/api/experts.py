"""Pools over the API: the offices' list and steps, and the expert's own terms."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.accounts.rules import acts_personally
from portal.catalogue.models import Level, Series
from portal.http.desks import TimedDesk
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.shared.errors import Reason, Refusal
from review import rules
from review.api.expert_records import ReadsDuties, WritesRecords
from review.domain import appointing, nominating
from review.interfaces.serializers_experts import (
    AgencyOpinionSerializer,
    AssessmentSerializer,
    BecauseSerializer,
    NominationSerializer,
    OfficeTermSerializer,
    PromiseSerializer,
    TermDetailSerializer,
    TermSerializer,
    TermSpanSerializer,
)
from review.models import ExpertTerm

FACTS = ("employer_name", "employer_code", "title", "certificate_number", "field", "is_non_public", "is_new_research")


def _step(step: str, do: Any, description: Any, body: Any = None) -> Any:
    given = {"body": body} if body is not None else {}
    return step_of(ExpertTerm, step, do, description, shows=OfficeTermSerializer, **given)


def _own_step(step: str, do: Any, description: Any, body: Any = None) -> Any:
    given = {"body": body} if body is not None else {}
    return step_of(ExpertTerm, step, do, description, shows=TermDetailSerializer, **given)


class OfTerms(mixins.ListModelMixin, TimedDesk):
    """A desk about terms."""

    serializer_class = TermSerializer
    queryset = ExpertTerm.objects.none()
    room: ClassVar[str]
    offered: ClassVar[frozenset[str]]
    detail_class: ClassVar[type[TermDetailSerializer]] = TermDetailSerializer

    def shown(self, term: ExpertTerm, *, status: int = HTTPStatus.OK) -> Response:
        """Return the term with what can be done now."""
        found = self.get_queryset().get(pk=term.pk)
        steps = [one for one in self.steps_of(found, self.request) if one["step"] in self.offered]
        names = {one["step"]: f"api:{self.room}-{one['step'].replace('_', '-')}" for one in steps}
        addressed = [{**one, "address": reverse(names[one["step"]], args=[found.code])} for one in steps]
        return Response(self.detail_class(found, context={"steps": addressed}).data, status=status)


class Experts(OfTerms, WritesRecords):
    access: ClassVar[Predicate] = rules.sees_pool
    room = "expert"
    detail_class = OfficeTermSerializer
    offered = frozenset(
        {
            "forward",
            "vet",
            "decline",
            "allow_more",
            "allow_renewal",
            "appoint",
            "renew",
            "pause",
            "resume",
            "end",
            "assess",
            "disqualify",
        }
    )

    def get_queryset(self) -> QuerySet[ExpertTerm]:
        return ExpertTerm.objects.at(self.actor).with_all().order_by("expert__person__sort_key", "pk")

    @told(_("评审专家库"), _("机构为本机构的专家库，市人力资源社会保障局为全部。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一名专家的聘期"), _("职称及其核验、推荐、聘期和现在能办的步骤。"), responses=OfficeTermSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("推荐专家"),
        _("评审服务机构推荐一人进入本机构专家库，须经本人同意。"),
        refusals=[
            "person_unknown",
            "series_unknown",
            "step_not_permitted",
            "already_in_the_pool",
            "no_pool",
            "title_sufficient",
            "field_stated",
            "integrity_bar_expert",
        ],
        request=NominationSerializer,
        responses=OfficeTermSerializer,
    )
    def create(self, request: Request) -> Response:
        given = self.body(NominationSerializer)
        agency = self.actor.organisation
        assert agency is not None  # noqa: S101 - who sees a pool acts for an office
        facts = facts_told(given)
        scope = nominating.Scope(agency, facts.series, given["band"])
        person = nominating.person_named(given["full_name"], given["number"])
        term = nominating.nominate(person, scope, facts, grounds=given["grounds"], by=self.actor, at=self.at)
        return self.shown(term, status=HTTPStatus.CREATED)

    forward = _step(
        "forward", nominating.forward, _("评审服务机构提出意见，报市人力资源社会保障局审核。"), AgencyOpinionSerializer
    )
    vet = _step("vet", nominating.vet, _("职称须已通过数据或者人工核验。"))
    decline = _step("decline", nominating.decline, _("不予入库，须写明理由。"), BecauseSerializer)
    allow_more = _step("allow_more", appointing.allow_more, _("批准超过届数上限的聘任。"), BecauseSerializer)
    allow_renewal = _step("allow_renewal", appointing.allow_more, _("批准超过届数上限的续聘。"), BecauseSerializer)
    appoint = _step("appoint", appointing.appoint, _("聘期含首尾两日，不超过规定年数。"), TermSpanSerializer)
    renew = _step("renew", appointing.renew, _("履职考核合格后续聘。"), TermSpanSerializer)
    pause = _step("pause", appointing.pause, _("暂停抽取，聘期照常计算。"), BecauseSerializer)
    resume = _step("resume", appointing.resume, _("恢复抽取。"))
    end = _step("end", appointing.end, _("提前结束聘期，须写明理由。"), BecauseSerializer)
    assess = _step("assess", appointing.assess, _("对已结束的聘期作履职考核。"), AssessmentSerializer)
    disqualify = _step("disqualify", appointing.disqualify, _("须有生效的诚信档案处理决定。"), BecauseSerializer)


class OwnTerms(OfTerms, ReadsDuties):
    access: ClassVar[Predicate] = acts_personally | rules.expert
    room = "own-term"
    offered = frozenset({"consent", "decline", "promise", "end"})

    def get_queryset(self) -> QuerySet[ExpertTerm]:
        return ExpertTerm.objects.of(self.actor).with_all().order_by("-pk")

    @told(_("我的专家聘期"), _("本人的推荐和聘期。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("本人的一个聘期"), _("状态和现在能办的步骤。"), responses=TermDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    consent = _own_step("consent", nominating.consent, _("同意进入专家库；此后方查询职称数据。"))
    decline = _own_step("decline", nominating.decline, _("谢绝推荐，须写明理由。"), BecauseSerializer)
    promise = _own_step("promise", appointing.promise, _("签署承诺后方参加抽取。"), PromiseSerializer)
    end = _own_step("end", appointing.end, _("辞去聘任，须写明理由。"), BecauseSerializer)


def facts_told(given: Mapping[str, Any]) -> nominating.Facts:
    """Return what a body tells of the expert; raises Refusal for a series that there is not."""
    series = Series.objects.filter(code=given["series"]).first()
    if series is None:
        raise Refusal([Reason(gettext("没有这个系列。"), "R-160", "series_unknown", "series")])
    level = Level.objects.get(key=given["level"])
    return nominating.Facts(series=series, level=level, **{name: given[name] for name in FACTS})
