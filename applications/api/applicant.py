"""The applicant's desk: own applications from the draft to the employer, and every step of them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rules.predicates import Predicate

from applications.domain import compiling, drafting, queries, submitting
from applications.enums import EDITABLE
from applications.interfaces.serializers import (
    ApplicationDetailSerializer,
    ApplicationSerializer,
    ChoiceSerializer,
    CommitmentSerializer,
    WithdrawalSerializer,
)
from applications.models import Application
from portal.accounts.rules import acts_personally
from portal.catalogue.models import CatalogueEntry
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.once import key_of
from portal.http.schema import told

AGAINST_CHOOSING = (
    "exam_only",
    "not_offered",
    "not_on_the_list",
    "agency_not_in_standing",
    "window_not_announced",
    "window_not_open",
    "committee_of_another_district",
)


LACKING = (
    "field_missing",
    "section_empty",
    "proof_missing",
    "no_insured_employer",
    "insured_by_employer",
    "insurance_not_answered",
    "association_not_recognised",
    "scan_missing",
    "scan_outdated",
    "notice_too_short",
    "notice_not_over",
    "notice_too_early",
    "notice_before_return",
    "sealed_too_early",
    "sealed_in_future",
    "sealed_before_return",
    "credit_not_checked",
    "credit_record",
)


class OwnDesk(Desk):
    """What is about one own application, found by its code."""

    access: ClassVar[Predicate] = acts_personally
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        return queries.own(self.actor)

    def timed(self, request: HttpRequest) -> QuerySet[Application]:
        """Return the own application that the address names, without the rows around it: only its timers are asked."""
        return self.get_queryset().filter(code=self.kwargs.get("code", "")).select_related(None)


class Applications(mixins.ListModelMixin, OwnDesk):
    serializer_class = ApplicationSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "actor": self.actor}

    @told(_("我的申报"), _("本人各年度的申报，新的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("一件申报"),
        _("状态、暂停、期限、各时间点，以及现在能办的步骤；不能办的逐条给出原因和依据。"),
        responses=ApplicationDetailSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return self._shown(self.get_object())

    @told(
        _("开始申报"),
        _("按目录条目建立本年度申报草稿，并自动查询学历、参保、职称和信用数据。"),
        refusals=[*AGAINST_CHOOSING, "title_unknown", "another_live_application"],
        request=ChoiceSerializer,
        responses={201: ApplicationDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        given = self.body(ChoiceSerializer)
        entry, key = _entry(given["entry"]), key_of(request._request)
        application = drafting.open_draft(entry, title=given["title"], by=self.actor, at=self.at, key=key)
        return self._shown(application, status.HTTP_201_CREATED)

    @told(
        _("更换申报条目"),
        _("草稿改选本年度目录的另一条目，已填内容保留。"),
        refusals=[*AGAINST_CHOOSING, "another_year", "choice_is_fixed", "not_editable", "on_hold"],
        request=ChoiceSerializer,
        responses=ApplicationDetailSerializer,
    )
    def partial_update(self, request: Request, code: str) -> Response:
        application, given = self.get_object(), self.body(ChoiceSerializer)
        entry = _entry(given["entry"])
        return self._shown(drafting.choose_again(application, entry, title=given["title"], by=self.actor, at=self.at))

    @told(
        _("提交申报"),
        _("核对全部内容，冻结并计算摘要值，交参保单位审核推荐。缺少或者不符的逐条列出。"),
        refusals=[*AGAINST_CHOOSING, *LACKING],
        steps=[(Application, "submit")],
        request=CommitmentSerializer,
        responses=ApplicationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/submit")
    def submit(self, request: Request, code: str) -> Response:
        application, given = self.get_object(), self.body(CommitmentSerializer)
        return self._shown(submitting.submit(application, **given, **self._step()))

    @told(
        _("提交补正"),
        _("在补正期限内提交补正后的材料，由单位复核后交评审服务机构。"),
        refusals=LACKING,
        steps=[(Application, "resubmit")],
        request=CommitmentSerializer,
        responses=ApplicationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/resubmit")
    def resubmit(self, request: Request, code: str) -> Response:
        application, given = self.get_object(), self.body(CommitmentSerializer)
        return self._shown(submitting.resubmit(application, **given, **self._step()))

    @told(
        _("取回修改"),
        _("申报时间内、单位发布公示前，取回已提交的申报继续修改。"),
        steps=[(Application, "take_back")],
        request=EmptySerializer,
        responses=ApplicationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/take_back")
    def take_back(self, request: Request, code: str) -> Response:
        application = self.get_object()
        self.body(EmptySerializer)
        return self._shown(submitting.take_back(application, **self._step()))

    @told(
        _("撤回申报"),
        _("终止本年度申报，不能恢复；不影响以后年度申报。"),
        steps=[(Application, "withdraw")],
        request=WithdrawalSerializer,
        responses=ApplicationDetailSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/withdraw")
    def withdraw(self, request: Request, code: str) -> Response:
        application, given = self.get_object(), self.body(WithdrawalSerializer)
        return self._shown(submitting.withdraw(application, **given, **self._step()))

    def _step(self) -> dict[str, Any]:
        return {"by": self.actor, "at": self.at, "key": key_of(self.request._request)}

    def _shown(self, application: Application, code: int = status.HTTP_200_OK) -> Response:
        found = self.get_queryset().get(pk=application.pk)
        context = {**self.get_serializer_context(), "steps": self._steps(found)}
        return Response(ApplicationDetailSerializer(found, context=context).data, status=code)

    def _steps(self, application: Application) -> Sequence[dict[str, Any]]:
        """Return the steps; where the person may still edit, with everything that keeps the file from being submitted."""
        facts: dict[str, Any] = {}
        if application.state in EDITABLE:
            facts["dossier"] = compiling.compile_dossier(application, at=self.at)
        steps = self.steps_of(application, self.request, **facts)
        return [{**one, "address": _address(application, one["step"])} for one in steps]


def _address(application: Application, step: str) -> str:
    return reverse(f"api:application-{step.replace('_', '-')}", args=[application.code])


def _entry(code: str) -> CatalogueEntry:
    """Return the published entry; raises ValidationError beside ``entry``."""
    entry = CatalogueEntry.objects.public().with_all().filter(code=code).first()
    if entry is None:
        raise ValidationError({"entry": [ErrorDetail(gettext("没有这个目录条目。"), code="does_not_exist")]})
    return entry
