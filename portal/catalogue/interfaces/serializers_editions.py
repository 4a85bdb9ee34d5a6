"""A year's catalogue as the bureau works on it over the API, and what it takes: editions, rows, committees, conditions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.catalogue.domain.rows import row_of
from portal.catalogue.enums import Audience, Band, EducationLevel, LevelKey, Method, SkillGrade
from portal.catalogue.interfaces.forms import EVALUATORS
from portal.catalogue.models import AnnualSchedule, CatalogueEntry, Committee, Edition, Level, Series, Specialty
from portal.catalogue.models.condition import MOST_YEARS
from portal.catalogue.queries import changes_of
from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer

CODE_OF_A_YEAR = r"^BJ-\d{4}(-[A-Za-z0-9]+)?$"
MOST_ROUTES = 20


def coded(rows: Any, field: str = "code", **told: Any) -> Any:
    """Return a field that names one of ``rows`` by its public code."""
    return serializers.SlugRelatedField(slug_field=field, queryset=rows, **told)


OPTIONAL: dict[str, Any] = {"required": False, "default": None, "allow_null": True}


class WorkedEditionSerializer(serializers.ModelSerializer[Edition]):
    """``revision`` is the one in public force, ``working_revision`` the one that changes go into."""

    working_revision = serializers.IntegerField()
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = Edition
        fields: tuple[str, ...] = (
            "code",
            "year",
            "title",
            "source",
            "note",
            "is_illustrative",
            "state",
            "state_label",
            "revision",
            "working_revision",
            "published_at",
        )


class ChangesSerializer(serializers.Serializer[Any]):
    """What the revision in hand does to the published one: how many rows, and the first 200 of each kind in words."""

    counts = serializers.DictField(child=serializers.IntegerField())
    added = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    dropped = serializers.ListField(child=serializers.CharField())


class WorkedEditionDetailSerializer(WorkedEditionSerializer):
    changes = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(WorkedEditionSerializer.Meta):
        fields: tuple[str, ...] = (*WorkedEditionSerializer.Meta.fields, "changes", "steps")

    @extend_schema_field(ChangesSerializer)
    def get_changes(self, edition: Edition) -> Any:
        found = changes_of(edition)
        return {
            "counts": found.counts,
            "added": [str(row_of(entry)) for entry in found.added],
            "changed": [str(row_of(entry)) for _before, entry in found.changed],
            "dropped": [str(row_of(entry)) for entry in found.dropped],
        }

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, edition: Edition) -> Any:
        return self.context["steps"]


class NewEditionSerializer(Body):
    code = serializers.RegexField(CODE_OF_A_YEAR, max_length=20)
    year = serializers.IntegerField(min_value=2020, max_value=2099)
    title = Text(max_length=120)
    source: Any = Text(max_length=300, required=False, default="", allow_blank=True)
    note = Text(max_length=300, required=False, default="", allow_blank=True)
    copy_from = coded(Edition.objects.all(), **OPTIONAL)


# --- Rows and committees ------------------------------------------------------------------------
class WorkedRowSerializer(serializers.ModelSerializer[CatalogueEntry]):
    """A row of the revision in hand; ``telephone`` is empty where the committee's or agency's is shown."""

    specialty = serializers.CharField(source="specialty.code")
    specialty_name = serializers.CharField(source="specialty.name")
    level = serializers.CharField(source="level.key")
    committee = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]
    schedule = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = CatalogueEntry
        fields = (
            "code",
            "specialty",
            "specialty_name",
            "level",
            "method",
            "committee",
            "schedule",
            "telephone",
            "since_revision",
        )


class CatalogueRowSerializer(Body):
    specialty = coded(Specialty.objects.select_related("series"))
    level = coded(Level.objects.all(), "key")
    method = serializers.ChoiceField(Method.choices)
    committee = coded(Committee.objects.all(), **OPTIONAL)
    schedule = coded(AnnualSchedule.objects.all(), **OPTIONAL)
    telephone = Text(max_length=40, required=False, default="", allow_blank=True)


class WorkedCommitteeSerializer(serializers.ModelSerializer[Committee]):
    """``agency`` is the agency's code; periods are empty where the policy's hold."""

    agency = serializers.CharField(source="agency.code")
    agency_name = serializers.CharField(source="agency.name")

    class Meta:
        model = Committee
        fields = (
            "code",
            "name",
            "band",
            "agency",
            "agency_name",
            "district",
            "is_by_series",
            "telephone",
            "correction_workdays",
            "payment_workdays",
            "online_defence",
        )


class CommitteeSerializer(Body):
    """A committee whole; without ``district`` it serves the city, without periods the policy's hold."""

    name = Text(max_length=80)
    band = serializers.ChoiceField(Band.choices)
    agency = coded(Organisation.objects.filter(kind__in=EVALUATORS, is_active=True))
    district = serializers.ChoiceField(District.choices, required=False, default="", allow_blank=True)
    is_by_series = YesNo(required=False, default=False)
    telephone = Text(max_length=40, required=False, default="", allow_blank=True)
    correction_workdays = serializers.IntegerField(min_value=1, max_value=99, **OPTIONAL)
    payment_workdays = serializers.IntegerField(min_value=1, max_value=99, **OPTIONAL)
    online_defence = YesNo(required=False, default=False)


# --- Conditions -----------------------------------------------------------------------------------
class RouteBodySerializer(Body):
    """One way; what it does not ask for is left out."""

    audience = serializers.ChoiceField(Audience.choices, required=False, default=Audience.GENERAL)
    education = serializers.ChoiceField(EducationLevel.choices, **OPTIONAL)
    work_years = serializers.IntegerField(min_value=0, max_value=MOST_YEARS, required=False, default=0)
    title = serializers.ChoiceField(LevelKey.choices, **OPTIONAL)
    title_years = serializers.IntegerField(min_value=0, max_value=MOST_YEARS, required=False, default=0)
    skill = serializers.ChoiceField(SkillGrade.choices, **OPTIONAL)
    skill_years = serializers.IntegerField(min_value=0, max_value=MOST_YEARS, required=False, default=0)
    text = Text(max_length=300, required=False, default="", allow_blank=True)


class ChangedConditionsSerializer(Body):
    """What a set says; its place stays."""

    routes = RouteBodySerializer(many=True, max_length=MOST_ROUTES)  # type: ignore[call-arg]
    may_be_first = YesNo(required=False, default=False)
    note = Text(max_length=1000, required=False, default="", allow_blank=True)
    exceptional = Text(max_length=1000, required=False, default="", allow_blank=True)
    source: Any = Text(max_length=300, required=False, default="", allow_blank=True)
    is_illustrative = YesNo(required=False, default=False)


class NewConditionsSerializer(ChangedConditionsSerializer):
    series = coded(Series.objects.all())
    level = coded(Level.objects.all(), "key")
    specialty = coded(Specialty.objects.select_related("series"), **OPTIONAL)
