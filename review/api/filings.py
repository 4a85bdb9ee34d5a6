"""Filings of committees over the API: composed by the agency, judged by the bureau."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.catalogue.models import Series, Specialty
from portal.http.bodies import EmptySerializer
from portal.http.desks import TimedDesk
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from review import rules
from review.domain import filing_queries, filing_roll, filing_steps
from review.enums.filing import Duty
from review.interfaces.serializers_experts import (
    BecauseSerializer,
    FilingDetailSerializer,
    FilingNumberSerializer,
    FilingScopeSerializer,
    FilingSerializer,
    LeastSerializer,
    MemberPlaceSerializer,
    TermsSerializer,
)
from review.models import CommitteeFiling, ExpertTerm, FiledMember

OFFERED = frozenset(
    {
        "submit",
        "send_back",
        "approve_size",
        "refuse",
        "record",
        "amend",
        "hand_in_change",
        "confirm_change",
        "drop_change",
        "revoke",
    }
)
AGAINST_SCOPE = (
    "step_not_permitted",
    "scope_unknown",
    "one_scope",
    "authority_covers",
    "size_is_odd",
    "already_under_way",
)
AGAINST_ROLL = ("step_not_permitted", "not_editable")


def _step(step: str, do: Any, description: Any, body: Any = None) -> Any:
    given = {"body": body} if body is not None else {}
    return step_of(CommitteeFiling, step, do, description, shows=FilingDetailSerializer, **given)


class Filings(mixins.ListModelMixin, TimedDesk):
    access: ClassVar[Predicate] = rules.sees_pool
    serializer_class = FilingSerializer
    queryset = CommitteeFiling.objects.none()

    def get_queryset(self) -> QuerySet[CommitteeFiling]:
        return filing_queries.filings(self.actor)

    @told(_("评审委员会备案"), _("机构为本机构的备案，市人力资源社会保障局为已报送的全部备案。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一件备案"), _("范围、人数、委员名单和现在能办的步骤。"), responses=FilingDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("新建备案"),
        _("评审服务机构为一个评审委员会建立备案；不填专业的为按系列组建。"),
        refusals=AGAINST_SCOPE,
        request=FilingScopeSerializer,
        responses=FilingDetailSerializer,
    )
    def create(self, request: Request) -> Response:
        scope = _scope(self.body(FilingScopeSerializer))
        agency = self.actor.organisation
        if agency is None:
            raise StepNotPermitted("start", [Reason(gettext("您当前的身份不能办理。"), "R-187", "step_not_permitted")])
        made = filing_roll.start(agency, scope, by=self.actor, at=self.at)
        return self.shown(made, status=HTTPStatus.CREATED)

    @told(
        _("修改备案内容"),
        _("报送前修改范围和人数。"),
        refusals=[*AGAINST_SCOPE, "not_editable"],
        request=FilingScopeSerializer,
        responses=FilingDetailSerializer,
    )
    def update(self, request: Request, code: str) -> Response:
        filing, scope = self.get_object(), _scope(self.body(FilingScopeSerializer))
        return self.shown(filing_roll.revise(filing, scope, by=self.actor, at=self.at))

    @told(
        _("准备下一期备案"),
        _("以本期备案的范围和仍在聘期内的委员新建一件备案，本期备案继续有效。"),
        refusals=AGAINST_SCOPE,
        request=EmptySerializer,
        responses=FilingDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/renew")
    def renew(self, request: Request, code: str) -> Response:
        filing = self.get_object()
        self.body(EmptySerializer)
        return self.shown(filing_roll.start_renewal(filing, by=self.actor, at=self.at))

    @told(
        _("加入委员"),
        _("从本机构专家库聘期内的专家中加入；调整期间的经确认后生效。"),
        refusals=[*AGAINST_ROLL, "not_in_the_pool", "already_on_it"],
        request=TermsSerializer,
        responses=FilingDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def members(self, request: Request, code: str) -> Response:
        filing, given = self.get_object(), self.body(TermsSerializer)
        terms = ExpertTerm.objects.at(self.actor).filter(code__in=given["terms"])
        if terms.count() != len(set(given["terms"])):
            raise Refusal([Reason(gettext("有编号不在专家库中。"), "R-160", "not_in_the_pool", "terms")])
        filing_roll.put(filing, terms, by=self.actor, at=self.at)
        return self.shown(filing)

    @told(
        _("调整委员职务或者退出名单"),
        _("主任委员只有一名；改任后原主任委员为委员。"),
        refusals=[*AGAINST_ROLL, "member_unknown"],
        request=MemberPlaceSerializer,
        responses=FilingDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def duty(self, request: Request, code: str) -> Response:
        filing, given = self.get_object(), self.body(MemberPlaceSerializer)
        member = _member(filing, given["term"])
        if given["duty"] == "out":
            filing_roll.take_out(filing, member, by=self.actor, at=self.at)
        elif given["duty"] == "keep":
            filing_roll.keep(filing, member, by=self.actor, at=self.at)
        else:
            filing_roll.give_duty(filing, member, Duty(given["duty"]), by=self.actor, at=self.at)
        return self.shown(filing)

    submit = _step("submit", filing_steps.submit, _("报送市人力资源社会保障局。"))
    send_back = _step("send_back", filing_steps.send_back, _("退回机构修改，须写明理由。"), BecauseSerializer)
    approve_size = _step("approve_size", filing_steps.approve_size, _("核准少于规定的人数。"), LeastSerializer)
    refuse = _step("refuse", filing_steps.refuse, _("不予备案，须写明理由。"), BecauseSerializer)
    record = _step("record", filing_steps.record, _("编号备案，有效期含首尾两日。"), FilingNumberSerializer)
    amend = _step("amend", filing_steps.amend, _("开始调整委员，确认前原名单继续使用。"), BecauseSerializer)
    hand_in_change = _step("hand_in_change", filing_steps.hand_in_change, _("提交调整后的名单。"))
    confirm_change = _step("confirm_change", filing_steps.confirm_change, _("确认后新名单用于抽取。"))
    drop_change = _step("drop_change", filing_steps.drop_change, _("放弃调整，原名单不变。"), BecauseSerializer)
    revoke = _step("revoke", filing_steps.revoke, _("撤销备案，须写明理由。"), BecauseSerializer)

    def shown(self, filing: CommitteeFiling, *, status: int = HTTPStatus.OK) -> Response:
        """Return the filing with its roll and what can be done now."""
        found = self.get_queryset().get(pk=filing.pk)
        steps = [one for one in self.steps_of(found, self.request) if one["step"] in OFFERED]
        names = {one["step"]: f"api:filing-{one['step'].replace('_', '-')}" for one in steps}
        addressed = [{**one, "address": reverse(names[one["step"]], args=[found.code])} for one in steps]
        return Response(FilingDetailSerializer(found, context={"steps": addressed}).data, status=status)


def _scope(given: Mapping[str, Any]) -> filing_roll.Told:
    series = Series.objects.filter(code=given["series"]).first()
    code = given["specialty"]
    specialty = Specialty.objects.filter(code=code).select_related("series").first() if code else None
    if series is None or (code and specialty is None):
        raise Refusal([Reason(gettext("没有这个系列或者专业。"), "R-187", "scope_unknown", "series")])
    return filing_roll.Told(given["name"], given["band"], series, specialty, given["size"], given["small_reason"])


def _member(filing: CommitteeFiling, term: str) -> FiledMember:
    found = filing.members.filter(term__code=term).select_related("term").first()
    if found is None:
        raise Refusal([Reason(gettext("名单中没有这个人。"), "A-36", "member_unknown", "term")])
    return found
