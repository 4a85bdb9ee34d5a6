"""Windows, policy versions and specialties in the hands of those who keep them, over the API (R-019, R-021, R-024)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.rules import bureau
from portal.catalogue.api_editions import YEAR, OfEdition
from portal.catalogue.domain import policies, schedules, specialties
from portal.catalogue.interfaces import serializers_plans as shapes
from portal.catalogue.models import AnnualSchedule, PolicyVersion, Specialty
from portal.catalogue.rules import keeps_a_schedule
from portal.http.desks import Desk
from portal.http.schema import told
from portal.http.stepping import step_of

PLAN, POLICY = shapes.WorkedScheduleDetailSerializer, shapes.WorkedPolicySerializer


# --- Windows ----------------------------------------------------------------------------------------
def shown_plan(desk: Desk, schedule: AnnualSchedule, status: int = HTTPStatus.OK) -> Response:
    """Return the schedule with what the check says of it and the steps that ``desk`` offers."""
    context = {"report": schedule.checked(), "steps": desk.steps_here(schedule)}
    return Response(PLAN(schedule, context=context).data, status=status)


class NewSchedules(OfEdition):
    """Where the bureau enters the windows of a year."""

    serializer_class = PLAN
    queryset = AnnualSchedule.objects.none()

    @told(
        _("新增时间安排"),
        _("填写首日和末日，均含当日；保存后即核对，核对无误或者说明理由后由另一位负责人发布。"),
        refusals=["title_taken", "ends_before_it_starts"],
        request=shapes.NewScheduleSerializer,
        responses={HTTPStatus.CREATED: PLAN},
    )
    def create(self, request: Request, edition: str) -> Response:
        of, given = self.edition, self.body(shapes.NewScheduleSerializer)
        return shown_plan(self, schedules.prepare(of, **given, by=self.actor, at=self.at), HTTPStatus.CREATED)


class Schedules(mixins.ListModelMixin, Desk):
    """The bureau sees all, an authority those that it owns."""

    access: ClassVar[Predicate] = bureau | keeps_a_schedule
    serializer_class = shapes.WorkedScheduleSerializer
    filterset_fields: ClassVar = {"edition__code": ["exact"], "state": ["exact"]}
    lookup_value_regex = YEAR
    queryset = AnnualSchedule.objects.none()

    def get_queryset(self) -> QuerySet[AnnualSchedule]:
        rows = AnnualSchedule.objects.select_related("edition", "owner").order_by("-individual_opens_at", "pk")
        return rows if bureau.test(self.actor) else rows.filter(owner=self.actor.organisation)

    @told(_("时间安排的编制"), _("市人力资源社会保障局为全部安排，行业主管部门和各区为本单位发布的。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一份时间安排的编制情况"), _("核对发现的问题和现在能办的步骤。"), responses=PLAN)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("修改时间安排"),
        _("核对之前可以修改。"),
        refusals=["schedule_is_not_a_draft", "title_taken", "ends_before_it_starts"],
        request=shapes.ChangedScheduleSerializer,
        responses=PLAN,
    )
    def update(self, request: Request, code: str) -> Response:
        schedule, given = self.get_object(), self.body(shapes.ChangedScheduleSerializer)
        return self.shown(schedules.change(schedule, **given, by=self.actor, at=self.at))

    verify = step_of(
        AnnualSchedule,
        "verify",
        None,
        _("有需要确认的问题的，说明仍按此安排的理由。"),
        shows=PLAN,
        body=shapes.AcknowledgedSerializer,
    )
    send_back = step_of(AnnualSchedule, "send_back", None, _("退回修改。"), shows=PLAN)
    publish = step_of(
        AnnualSchedule, "publish", None, _("发布后各时段自动开始和截止；进行中的时段只能延后。"), shows=PLAN
    )
    amend = step_of(
        AnnualSchedule,
        "amend",
        schedules.amend,
        _("已经开始的时段只能延后截止日期。"),
        shows=PLAN,
        body=shapes.AmendedScheduleSerializer,
    )
    close = step_of(AnnualSchedule, "close", None, _("各时段全部结束后办理。"), shows=PLAN)

    def shown(self, schedule: AnnualSchedule) -> Response:
        """Return the schedule as it stands."""
        return shown_plan(self, schedule)


# --- Policy -----------------------------------------------------------------------------------------
class Policies(mixins.ListModelMixin, Desk):
    """Every policy version, also while it is being prepared."""

    access: ClassVar[Predicate] = bureau
    serializer_class = shapes.PolicyRowSerializer
    filterset_fields = ("state",)
    lookup_value_regex = YEAR
    queryset = PolicyVersion.objects.select_related("successor").order_by("-valid_from", "-pk")

    @told(_("编制中的和已发布的政策版本"), _("全部政策参数版本，施行日期新的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一个政策版本的编制情况"), _("全部参数、允许范围、依据和现在能办的步骤。"), responses=POLICY)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("新建政策版本"),
        _("参数从最近发布的版本复制，再修改需要变动的。"),
        refusals=["code_taken", "parameter_out_of_range"],
        request=shapes.NewPolicySerializer,
        responses={HTTPStatus.CREATED: POLICY},
    )
    def create(self, request: Request) -> Response:
        made = policies.prepare_next(**self.body(shapes.NewPolicySerializer), by=self.actor, at=self.at)
        return self.shown(made, HTTPStatus.CREATED)

    @told(
        _("修改政策参数"),
        _("只改给出的参数，各自写明依据；批准后不能再改。"),
        refusals=["policy_is_frozen", "parameter_out_of_range"],
        request=shapes.ChangedValuesSerializer,
        responses=POLICY,
    )
    def partial_update(self, request: Request, code: str) -> Response:
        version, given = self.get_object(), self.body(shapes.ChangedValuesSerializer)
        return self.shown(policies.change(version, given["parameters"], by=self.actor, at=self.at))

    approve = step_of(PolicyVersion, "approve", None, _("由没有参与编制的负责人批准。"), shows=POLICY)
    send_back = step_of(PolicyVersion, "send_back", None, _("退回修改。"), shows=POLICY)
    publish = step_of(
        PolicyVersion,
        "publish",
        policies.publish,
        _("自施行日期起提交的申报适用；此前已提交的仍适用提交时的版本。"),
        shows=POLICY,
    )

    def shown(self, version: PolicyVersion, status: int = HTTPStatus.OK) -> Response:
        """Return the version with its numbers and steps."""
        return Response(POLICY(version, context={"steps": self.steps_here(version)}).data, status=status)


# --- Specialties --------------------------------------------------------------------------------------
class Specialties(mixins.ListModelMixin, Desk):
    """Every specialty; setting one up lists it nowhere yet."""

    access: ClassVar[Predicate] = bureau
    serializer_class = shapes.WorkedSpecialtySerializer
    filterset_fields: ClassVar = {"series__code": ["exact"]}
    lookup_value_regex = r"\d{5}"
    queryset = Specialty.objects.select_related("series").order_by("code")

    @told(_("专业的设立"), _("全部专业和设立依据。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(
        _("设立专业"),
        _("设立后可以列入目录。"),
        request=shapes.NewSpecialtySerializer,
        responses={HTTPStatus.CREATED: shapes.WorkedSpecialtySerializer},
    )
    def create(self, request: Request) -> Response:
        return self._stored({}, HTTPStatus.CREATED)

    @told(
        _("修改专业"),
        _("以所填内容代替；已公布的目录不变。"),
        request=shapes.NewSpecialtySerializer,
        responses=shapes.WorkedSpecialtySerializer,
    )
    def update(self, request: Request, code: str) -> Response:
        return self._stored({"specialty": self.get_object()}, HTTPStatus.OK)

    def _stored(self, context: Mapping[str, Any], status: int) -> Response:
        checked = shapes.NewSpecialtySerializer(data=self.request.data, context=dict(context))
        checked.is_valid(raise_exception=True)
        stored = specialties.store(checked.validated_data["specialty"], by=self.actor, at=self.at)
        return Response(shapes.WorkedSpecialtySerializer(stored).data, status=status)
