"""Time schedules, policy versions and specialties as the API shows them to whoever works on them, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.accounts.models import Organisation
from portal.catalogue.domain.policies import Entered
from portal.catalogue.domain.schedules import Days
from portal.catalogue.enums import Mode, ScheduleKind
from portal.catalogue.interfaces.forms import OWNERS, SpecialtyForm
from portal.catalogue.interfaces.serializers import PolicySerializer, ScheduleSerializer, SpecialtySerializer
from portal.catalogue.interfaces.serializers_editions import CODE_OF_A_YEAR, OPTIONAL, coded
from portal.catalogue.models import AnnualSchedule, PolicyVersion, Series
from portal.catalogue.parameters import REGISTRY
from portal.http.bodies import Body, Text, YesNo, judged
from portal.http.desks import StepSerializer

MOST_NUMBER = 10**9


class WorkedScheduleSerializer(ScheduleSerializer):
    """``owner`` is the code of the authority whose notice sets the days, empty for the bureau."""

    owner = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)  # type: ignore[var-annotated]

    class Meta(ScheduleSerializer.Meta):
        fields: tuple[str, ...] = (*ScheduleSerializer.Meta.fields, "owner", "acknowledgement")


class FindingOfDaysSerializer(serializers.Serializer[Any]):
    """What the check says of the days: what ``refuse`` names cannot be published, a ``warn`` must be acknowledged."""

    code = serializers.CharField()
    severity = serializers.CharField()
    text = serializers.CharField()


class WorkedScheduleDetailSerializer(WorkedScheduleSerializer):
    """``findings`` is empty where no policy was in force on these days, and ``is_checked`` false."""

    is_checked = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(WorkedScheduleSerializer.Meta):
        fields: tuple[str, ...] = (*WorkedScheduleSerializer.Meta.fields, "is_checked", "findings", "steps")

    def get_is_checked(self, schedule: AnnualSchedule) -> bool:
        return self.context["report"] is not None

    @extend_schema_field(FindingOfDaysSerializer(many=True))
    def get_findings(self, schedule: AnnualSchedule) -> Any:
        report = self.context["report"]
        return FindingOfDaysSerializer(report.findings if report else [], many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, schedule: AnnualSchedule) -> Any:
        return self.context["steps"]


class DaysSerializer(Body):
    """First and last days as a notice states them, all included: a last day counts to its 24:00."""

    individual_from = serializers.DateField()
    individual_to = serializers.DateField()
    employer_from = serializers.DateField()
    employer_to = serializers.DateField()
    agency_to = serializers.DateField()
    committee_to = serializers.DateField()

    def validate(self, attrs: Any) -> Any:
        """Return the fields with ``windows`` in the place of the days."""
        days = Days(**{name: attrs.pop(name) for name in Days.__dataclass_fields__})
        return {**attrs, "windows": days.windows()}


class NewScheduleSerializer(DaysSerializer):
    title = Text(max_length=80)
    kind = serializers.ChoiceField(ScheduleKind.choices)
    owner = coded(Organisation.objects.filter(kind__in=OWNERS, is_active=True), **OPTIONAL)
    notice = Text(max_length=200, required=False, default="", allow_blank=True)


class ChangedScheduleSerializer(DaysSerializer):
    title = Text(max_length=80)
    notice = Text(max_length=200, required=False, default="", allow_blank=True)


class AmendedScheduleSerializer(DaysSerializer):
    note = Text(max_length=300)


class AcknowledgedSerializer(Body):
    """Why the days stand although the check warns; nothing where it does not."""

    acknowledgement = Text(max_length=300, required=False, default="", allow_blank=True)


# --- Policy ---------------------------------------------------------------------------------------
class WorkedPolicySerializer(PolicySerializer):
    steps = serializers.SerializerMethodField()

    class Meta(PolicySerializer.Meta):
        fields: tuple[str, ...] = (*PolicySerializer.Meta.fields, "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, version: PolicyVersion) -> Any:
        return self.context["steps"]


class PolicyRowSerializer(serializers.ModelSerializer[PolicyVersion]):
    valid_until = serializers.DateField(allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = ("code", "title", "source", "valid_from", "valid_until", "state")


class NewPolicySerializer(Body):
    code = serializers.RegexField(CODE_OF_A_YEAR, max_length=20)
    title = Text(max_length=120)
    source: Any = Text(max_length=300)
    valid_from = serializers.DateField()


class EnteredSerializer(Body):
    """One number: its key, the value in its kind, the passage that states it, and whether that is still to be verified."""

    key = serializers.ChoiceField(sorted(REGISTRY))
    value = serializers.JSONField()
    source: Any = Text(max_length=200, allow_blank=True)
    unverified = YesNo()


class ChangedValuesSerializer(Body):
    """The parameters that change; all others stay as they are."""

    parameters = EnteredSerializer(many=True, allow_empty=False, max_length=len(REGISTRY))  # type: ignore[call-arg]

    def validate_parameters(self, rows: list[dict[str, Any]]) -> dict[str, Entered]:
        """Return the values by key, as the domain takes them; the last of two stands."""
        return {row["key"]: Entered(row["value"], row["source"], row["unverified"]) for row in rows}


# --- Specialties ------------------------------------------------------------------------------------
class WorkedSpecialtySerializer(SpecialtySerializer):
    class Meta(SpecialtySerializer.Meta):
        fields: tuple[str, ...] = (*SpecialtySerializer.Meta.fields, "origin")


class NewSpecialtySerializer(Body):
    """A specialty whole, judged by the same form as on the page."""

    code = Text(max_length=5)
    series = coded(Series.objects.exclude(mode=Mode.NOT_RUN))
    name = Text(max_length=40)
    branch = Text(max_length=20, required=False, default="", allow_blank=True)
    requires_matching_major = YesNo(required=False, default=False)
    exception_forbidden = YesNo(required=False, default=False)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(**OPTIONAL)
    origin = Text(max_length=200, required=False, default="", allow_blank=True)

    def validate(self, attrs: Any) -> Any:
        """Return the specialty, not stored yet; raises ValidationError with what the form says."""
        form = SpecialtyForm({**attrs, "series": attrs["series"].pk}, instance=self.context.get("specialty"))
        return {"specialty": judged(form).save(commit=False)}
