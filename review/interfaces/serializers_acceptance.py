"""Results before acceptance over the API: batches, the people of each with their checks, and the bodies of the steps."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.enums import ApplicationState
from portal.catalogue.enums import LevelKey
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer
from review.enums.accepting import AcceptanceState, CaseState, PaperKind
from review.interfaces.acceptance_forms import LONGEST_CONTACT, LONGEST_REASON, LONGEST_SPECIALTY, LONGEST_UNIT
from review.models.accepted_case import LONGEST_NUMBER
from review.models.result_acceptance import LONGEST_TEXT

MOST_HELD = 200


# --- Answers ----------------------------------------------------------------------------------
class CheckReasonSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    basis = serializers.CharField()


class AutomaticCheckSerializer(serializers.Serializer[Any]):
    """One automatic check; it holds where there are no reasons."""

    check = serializers.CharField()
    label: Any = serializers.CharField()
    basis = serializers.CharField()
    reasons = CheckReasonSerializer(many=True)
    note = serializers.CharField(required=False, help_text=_("核查的说明，例如电子表决重新核验的时间。"))


class AcceptancePaperSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(PaperKind.choices)
    file = serializers.CharField(source="file.code")
    name = serializers.CharField(source="file.original_name")


class AcceptanceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    session = serializers.CharField(source="session.code")
    title = serializers.CharField(source="session.title")
    committee = serializers.CharField(source="session.committee.name")
    agency = serializers.CharField(source="session.committee.agency.name")
    state = serializers.ChoiceField(AcceptanceState.choices)
    state_label = serializers.CharField(source="get_state_display")
    reported_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField()


class ResultSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    application = serializers.CharField(source="application.code")
    name = serializers.CharField(source="application.applicant.full_name")
    title = serializers.CharField()
    level = serializers.ChoiceField(LevelKey.choices)
    series = serializers.CharField()
    specialty = serializers.CharField()
    is_pass = serializers.BooleanField()
    passed_on = serializers.DateField()
    state = serializers.ChoiceField(CaseState.choices)
    application_state = serializers.ChoiceField(ApplicationState.choices, source="application.state")
    reason = serializers.CharField()


class AcceptanceDetailSerializer(AcceptanceSerializer):
    statement = serializers.CharField()
    asked = serializers.CharField()
    answer = serializers.CharField()
    reason = serializers.CharField()
    papers = AcceptancePaperSerializer(many=True)
    promised_days = serializers.SerializerMethodField(help_text=_("承诺的工作日数。"))
    used_days = serializers.SerializerMethodField(help_text=_("已用的工作日数，公示和核查期间不计。"))
    due_at = serializers.SerializerMethodField(help_text=_("承诺办结时限，暂停计算或者已办结时为空。"))
    checks = serializers.SerializerMethodField(help_text=_("会议核查；只对市人力资源社会保障局显示。"))
    results = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    def get_promised_days(self, row: Any) -> int | None:
        promise = self.context["promise"]
        return promise.deadline.workdays if promise else None

    def get_used_days(self, row: Any) -> int | None:
        promise = self.context["promise"]
        return promise.used if promise else None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, row: Any) -> Any:
        promise = self.context["promise"]
        runs = promise is not None and promise.deadline.lifted_at is None and promise.deadline.due_at is not None
        return serializers.DateTimeField().to_representation(promise.deadline.due_at) if runs else None

    @extend_schema_field(AutomaticCheckSerializer(many=True))
    def get_checks(self, row: Any) -> Any:
        return self.context["checks"]

    @extend_schema_field(ResultSerializer(many=True))
    def get_results(self, row: Any) -> Any:
        return ResultSerializer(self.context["results"], many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, row: Any) -> Any:
        return self.context["steps"]


class ResultDetailSerializer(ResultSerializer):
    checks = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    @extend_schema_field(AutomaticCheckSerializer(many=True))
    def get_checks(self, row: Any) -> Any:
        return self.context["checks"]

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, row: Any) -> Any:
        return self.context["steps"]


# --- Bodies -----------------------------------------------------------------------------------
class ReportBody(Body):
    session = Text(max_length=20)
    file = Text(max_length=20, help_text=_("已上传的评审工作报告编号。"))
    statement = Text(max_length=LONGEST_TEXT, required=False, default="", allow_blank=True)


class CompleteBody(Body):
    file = Text(max_length=20, required=False, default="", allow_blank=True)
    answer = Text(max_length=LONGEST_TEXT, required=False, default="", allow_blank=True)


class MissingBody(Body):
    reason = Text(max_length=LONGEST_TEXT)


class WhyBody(Body):
    reason = Text(max_length=LONGEST_REASON)


class DecisionBody(WhyBody):
    """``file`` is the number of a document that was handed in for the purpose ``review.appeal_decision``.

    It may stay empty where ``decision_number`` is the number of a review request that was upheld on the portal.
    """

    decision_number = Text(max_length=LONGEST_NUMBER)
    file = Text(max_length=20, required=False, default="", allow_blank=True)


class CorrectionBody(WhyBody):
    unit = Text(max_length=LONGEST_UNIT, help_text=_("公示的工作单位，不更正的照原样填写。"))
    specialty = Text(max_length=LONGEST_SPECIALTY, help_text=_("公示的专业，不更正的照原样填写。"))


class HoldBody(WhyBody):
    held = serializers.ListField(child=Text(max_length=20), max_length=MOST_HELD, help_text=_("暂缓人员的编号。"))


class ResultNoticeBody(Body):
    contact = Text(max_length=LONGEST_CONTACT)
    text = Text(max_length=LONGEST_TEXT, required=False, default="", allow_blank=True)
