"""Applications as the API shows them to their applicant, and what it takes from them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from applications.enums import RESULT_KNOWN, ApplicationState, System
from applications.models import Application, Lookup, Recommendation, Snapshot
from portal.catalogue.enums import Answer, Verdict
from portal.deadlines.models import Deadline
from portal.deadlines.serializers import DeadlineSerializer
from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from portal.http.schema import ReasonSerializer


# --- Parts that several answers share ---------------------------------------------------------
class FileShownSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    label: Any = serializers.CharField(allow_blank=True)


class PartSerializer(serializers.Serializer[Any]):
    """One thing that is shown, checked and compared by itself; ``rows`` are label and value in words."""

    key = serializers.CharField()
    section = serializers.CharField()
    heading = serializers.CharField()
    title = serializers.CharField()
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    source: Any = serializers.CharField(allow_blank=True)
    is_verified = serializers.BooleanField()
    dispute = serializers.CharField(allow_blank=True)
    files = FileShownSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField())


class LineSerializer(serializers.Serializer[Any]):
    """How one condition stands."""

    code = serializers.CharField()
    text = serializers.CharField()
    verdict = serializers.ChoiceField(Verdict.choices)
    basis = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    policy = serializers.CharField(allow_blank=True)


# --- Applications -------------------------------------------------------------------------------
class ApplicationSerializer(serializers.ModelSerializer[Application]):
    entry = serializers.CharField(source="entry.code")
    series = serializers.CharField(source="entry.specialty.series.code")
    specialty = serializers.CharField(source="entry.specialty.name")
    level = serializers.CharField(source="entry.level.key")
    committee = serializers.CharField(source="entry.committee.name", allow_null=True)
    employer = serializers.CharField(source="employer.name", allow_null=True)
    state = serializers.ChoiceField(source="state_before_acceptance", choices=ApplicationState.choices)
    state_label = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields: tuple[str, ...] = (
            "code",
            "year",
            "channel",
            "entry",
            "series",
            "specialty",
            "level",
            "title",
            "committee",
            "employer",
            "state",
            "state_label",
            "state_since",
            "hold",
            "return_count",
            "first_submitted_at",
            "submitted_at",
            "recommended_at",
            "ended_at",
            "end_reason",
        )

    def get_state_label(self, application: Application) -> str:
        return str(application.state_shown_to(self.context["actor"]))


class EmployerPartSerializer(serializers.ModelSerializer[Recommendation]):
    """How far the employer is; its opinion once the result is known, as the committee reads that first (domain §9)."""

    state_label = serializers.CharField(source="get_state_display")
    notice = serializers.CharField(source="notice.code", allow_null=True)
    posted_at = serializers.DateTimeField(source="notice.posted_at", allow_null=True)
    opinion = serializers.SerializerMethodField()

    class Meta:
        model = Recommendation
        fields: tuple[str, ...] = (
            "code",
            "state",
            "state_label",
            "state_since",
            "remark",
            "ground",
            "notice",
            "posted_at",
            "opinion",
        )

    def get_opinion(self, recommendation: Recommendation) -> str:
        return recommendation.opinion if recommendation.application.state in RESULT_KNOWN else ""


class DefectSerializer(serializers.Serializer[Any]):
    """One thing to correct; ``place`` is where it is put right: section, item and field with dots between, or empty."""

    text = serializers.CharField()
    place = serializers.CharField()
    basis = serializers.CharField()


class ApplicationDetailSerializer(ApplicationSerializer):
    policy = serializers.CharField(source="policy_code")
    defects = DefectSerializer(many=True)
    recommendation = serializers.SerializerMethodField()
    deadlines = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(ApplicationSerializer.Meta):
        fields: tuple[str, ...] = (
            *ApplicationSerializer.Meta.fields,
            "policy",
            "defects",
            "reopened_until",
            "recommendation",
            "deadlines",
            "steps",
        )

    @extend_schema_field(EmployerPartSerializer(allow_null=True))
    def get_recommendation(self, application: Application) -> Any:
        found = Recommendation.objects.filter(application=application).select_related("application", "notice").first()
        return EmployerPartSerializer(found).data if found else None

    @extend_schema_field(DeadlineSerializer(many=True))
    def get_deadlines(self, application: Application) -> Any:
        rows = Deadline.objects.waiting().of(application).order_by("due_at")
        return DeadlineSerializer(rows, many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, application: Application) -> Any:
        return self.context["steps"]


class ChoiceSerializer(Body):
    """The row of the catalogue, and which of its titles."""

    entry = Text(max_length=20)
    title = Text(max_length=30, required=False, default="", allow_blank=True)


class ChangesSerializer(Body):
    """Values by field name, and for each the version that was seen; 0, or none, for a field never filled in."""

    values = serializers.DictField(child=serializers.JSONField(allow_null=True))
    versions = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=10**6), required=False)


class SheetSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    values = serializers.DictField(source="content")
    versions = serializers.DictField(child=serializers.IntegerField())
    saved_at = serializers.DateTimeField(allow_null=True)


class CommitmentSerializer(Body):
    commitment = YesNo()


class WithdrawalSerializer(Body):
    reason = Text(max_length=500, required=False, default="", allow_blank=True)


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=9999, required=False)


# --- Dossier, snapshots, registers, eligibility -------------------------------------------------
class DiscrepancySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    basis = serializers.CharField()
    about = serializers.CharField()


@extend_schema_serializer(many=False)
class DossierSerializer(serializers.Serializer[Any]):
    """The application as it would be submitted now."""

    parts = PartSerializer(many=True)
    reasons = ReasonSerializer(many=True)
    warnings = DiscrepancySerializer(many=True)
    policy = serializers.CharField()
    commitment = serializers.CharField()


class SnapshotSerializer(serializers.ModelSerializer[Snapshot]):
    class Meta:
        model = Snapshot
        fields: tuple[str, ...] = ("code", "number", "sha256", "made_at", "discarded_at")


class SnapshotDetailSerializer(SnapshotSerializer):
    content = serializers.DictField()

    class Meta(SnapshotSerializer.Meta):
        fields: tuple[str, ...] = (*SnapshotSerializer.Meta.fields, "is_intact", "content")


class LookupSerializer(serializers.ModelSerializer[Lookup]):
    label: Any = serializers.CharField(source="get_system_display")
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = Lookup
        fields: tuple[str, ...] = ("system", "label", "state", "state_label", "asked_at", "settled_at")


class EligibilitySerializer(serializers.Serializer[Any]):
    """Whether the person may apply along an entry, condition by condition."""

    answer = serializers.ChoiceField(Answer.choices)
    lines = LineSerializer(many=True)
    policy = serializers.CharField()
    cutoff = serializers.DateField()
    earliest_year = serializers.IntegerField(allow_null=True)


class RegistersSerializer(Body):
    systems = serializers.ListField(child=serializers.ChoiceField(System.choices), max_length=10, required=False)
