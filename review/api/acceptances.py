"""Results before the bureau over the API: reported and completed by the agency, judged and publicised by the bureau."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from portal.accounts.rules import bureau
from portal.documents import offers
from portal.http.desks import TimedDesk
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.publicity.models import Notice
from portal.workflow import OpenStep, label_of
from review import rules
from review.domain import acceptance_queries, accepting, result_notices
from review.domain.acceptance_papers import PURPOSE
from review.enums.accepting import APPEAL_DECISION
from review.interfaces import acceptance_pages as pages
from review.interfaces import serializers_acceptance as shapes
from review.models import AcceptedCase, CommitteeSession, ResultAcceptance

OFFERED = ("take", "send_back", "report_again", "accept", "accept_partly", "refuse")
OF_RESULT = (
    "release",
    "order_revote",
    "revote_on_appeal",
    "correct_shown",
    "propose_exemption",
    "approve_exemption",
    "decline_exemption",
)


def _step(step: str, do: Any, description: Any, body: Any = None) -> Any:
    given = {"body": body} if body is not None else {}
    return step_of(ResultAcceptance, step, do, description, shows=shapes.AcceptanceDetailSerializer, **given)


def _of_result(step: str, do: Any, description: Any, body: Any = None) -> Any:
    given = {"body": body} if body is not None else {}
    return step_of(AcceptedCase, step, do, description, shows=shapes.ResultDetailSerializer, **given)


class Acceptances(mixins.ListModelMixin, TimedDesk):
    access: ClassVar[Predicate] = rules.sees_acceptances
    serializer_class = shapes.AcceptanceSerializer
    queryset = ResultAcceptance.objects.none()

    def get_queryset(self) -> QuerySet[ResultAcceptance]:
        return acceptance_queries.batches(self.actor)

    @told(_("评审结果验收批次"), _("机构为本机构报送的批次，市人力资源社会保障局为全部批次。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("一个验收批次"),
        _("材料、承诺时限、核查结果、人员和现在能办的步骤。"),
        responses=shapes.AcceptanceDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("报送验收"),
        _("会议签署后报送评审结果；会议记录和计票单由系统生成。"),
        refusals=["offer_unknown"],
        steps=[(CommitteeSession, "report")],
        request=shapes.ReportBody,
        responses={201: shapes.AcceptanceDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        given = self.body(shapes.ReportBody)
        session = get_object_or_404(CommitteeSession.objects.of_agency(self.actor).with_all(), code=given["session"])
        paper = offers.take(given["file"], purpose=PURPOSE, by=self.actor, at=self.at)
        batch = accepting.report(session, paper=paper, statement=given["statement"], **self.taking())
        return self.shown(batch, status=HTTPStatus.CREATED)

    @told(
        _("补正后重新报送"),
        _("补充材料或者说明情况后重新报送。"),
        refusals=["offer_unknown"],
        steps=[(ResultAcceptance, "report_again")],
        request=shapes.CompleteBody,
        responses=shapes.AcceptanceDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/report_again", url_name="report-again")
    def report_again(self, request: Request, code: str) -> Response:
        batch, given = self.get_object(), self.body(shapes.CompleteBody)
        offer = given["file"]
        paper = offers.take(offer, purpose=PURPOSE, by=self.actor, at=self.at) if offer else None
        return self.shown(accepting.report_again(batch, paper=paper, answer=given["answer"], **self.taking()))

    @told(
        _("发布评审结果公示"),
        _("公示全部已验收、待公示的人员，只显示姓名、工作单位、专业和级别。"),
        refusals=["step_not_permitted", "nobody_to_show"],
        steps=[(Notice, "post")],
        request=shapes.ResultNoticeBody,
        responses=shapes.AcceptanceDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def notice(self, request: Request, code: str) -> Response:
        batch, given = self.get_object(), self.body(shapes.ResultNoticeBody)
        result_notices.post(batch, **given, **self.taking())
        return self.shown(batch)

    take = _step("take", accepting.take, _("受理人负责核查，不能同时作出验收决定。"))
    send_back = _step("send_back", accepting.send_back, _("一次列明需要补正的材料。"), shapes.MissingBody)
    accept = _step("accept", accepting.accept, _("全部人员通过验收，核查结果重新计算。"))
    accept_partly = _step(
        "accept_partly", accepting.accept_partly, _("列明的人员暂缓，其他人员验收。"), shapes.HoldBody
    )
    refuse = _step("refuse", accepting.refuse, _("程序违规，会议认定无效，重新评审。"), shapes.WhyBody)

    def shown(self, batch: ResultAcceptance, *, status: int = HTTPStatus.OK) -> Response:
        """Return the batch with its people, its checks for the bureau, and what can be done now."""
        row = self.get_queryset().get(pk=batch.pk)
        is_bureau = pages.sees_checks(self.actor)
        found = pages.found_for(row, self.at) if is_bureau else None
        steps = [one for one in pages.steps_of(row, found, self.actor, self.at) if one.name in OFFERED]
        context = {
            "promise": pages.promise_of(row, self.at),
            "checks": pages.checks_of(row, found) if is_bureau else [],
            "results": acceptance_queries.cases_of(row),
            "steps": _addressed(steps, "acceptance", row.code),
        }
        return Response(shapes.AcceptanceDetailSerializer(row, context=context).data, status=status)


class Results(TimedDesk):
    access: ClassVar[Predicate] = bureau
    serializer_class = shapes.ResultDetailSerializer
    queryset = AcceptedCase.objects.none()

    def get_queryset(self) -> QuerySet[AcceptedCase]:
        return AcceptedCase.objects.at(self.actor).with_all()

    @told(_("一人的评审结果"), _("核查结果和现在能办的步骤。"), responses=shapes.ResultDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    release = _of_result("release", accepting.release, _("暂缓人员经核查予以验收。"), shapes.WhyBody)
    order_revote = _of_result("order_revote", accepting.order_revote, _("由其他委员重新表决。"), shapes.WhyBody)

    @told(
        label_of(AcceptedCase, "revote_on_appeal"),
        _("复查或者申诉决定认定程序有误的，写明决定文号、附决定书，由其他委员重新表决。"),
        refusals=["offer_unknown", "no_other_this_year"],
        steps=[(AcceptedCase, "revote_on_appeal")],
        request=shapes.DecisionBody,
        responses=shapes.ResultDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/revote_on_appeal")
    def revote_on_appeal(self, request: Request, code: str) -> Response:
        case, given = self.get_object(), dict(self.body(shapes.DecisionBody))
        file = given.pop("file")
        kept = offers.take(file, purpose=APPEAL_DECISION, by=self.actor, at=self.at) if file else None
        return self.shown(accepting.revote_on_appeal(case, decision=kept, **given, **self.taking()))

    correct_shown = _of_result(
        "correct_shown",
        result_notices.correct_shown,
        _("重新公示前更正工作单位或者专业；姓名以实名信息为准，职称、系列、级别不能更正。"),
        shapes.CorrectionBody,
    )
    propose_exemption = _of_result(
        "propose_exemption", result_notices.propose_exemption, _("仅限考核认定人员，须另一人批准。"), shapes.WhyBody
    )
    approve_exemption = _of_result("approve_exemption", result_notices.approve_exemption, _("提出人不能批准。"))
    decline_exemption = _of_result("decline_exemption", result_notices.decline_exemption, _("照常公示。"))

    def shown(self, case: AcceptedCase) -> Response:
        """Return the person's result with its checks and what can be done now."""
        row = self.get_queryset().get(pk=case.pk)
        steps = [one for one in self.steps_of(row, self.request) if one["step"] in OF_RESULT]
        names = {one["step"]: f"api:result-{one['step'].replace('_', '-')}" for one in steps}
        addressed = [{**one, "address": reverse(names[one["step"]], args=[row.code])} for one in steps]
        checks = pages.of_case(row, pages.found_for(row.acceptance, self.at))
        context = {"steps": addressed, "checks": checks}
        return Response(shapes.ResultDetailSerializer(row, context=context).data)


def _addressed(steps: list[OpenStep], kind: str, code: str) -> list[dict[str, Any]]:
    return [
        {
            "step": one.name,
            "label": str(one.label),
            "basis": one.basis,
            "open": one.is_pressable,
            "reasons": [reason.as_dict() for reason in one.reasons],
            "address": reverse(f"api:{kind}-{one.name.replace('_', '-')}", args=[code]),
        }
        for one in steps
    ]
