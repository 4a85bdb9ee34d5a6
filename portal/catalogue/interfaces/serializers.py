"""The catalogue as the API shows it: public codes, names in words, instants with their zone."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.conditions.reading import value_of
from portal.catalogue.enums import Recogniser
from portal.catalogue.models import (
    AnnualSchedule,
    CatalogueEntry,
    ConditionSet,
    Edition,
    PolicyVersion,
    Recognition,
    Series,
    Specialty,
)
from portal.catalogue.parameters import REGISTRY
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer


class EditionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Edition
        fields = ("code", "year", "title", "source", "note", "is_illustrative", "revision", "published_at")


class SeriesSerializer(serializers.ModelSerializer):
    class Meta:
        model = Series
        fields = ("code", "name", "full_name", "mode", "practice_oriented", "industry_authority")


class SpecialtySerializer(serializers.ModelSerializer):
    series: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Specialty
        fields: tuple[str, ...] = (
            "code",
            "series",
            "name",
            "branch",
            "requires_matching_major",
            "exception_forbidden",
            "valid_from",
            "valid_until",
        )


class ScheduleSerializer(serializers.ModelSerializer):
    """Every ``closes_at`` is exclusive: midnight is the end of the day before."""

    edition: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = AnnualSchedule
        fields: tuple[str, ...] = (
            "code",
            "edition",
            "title",
            "kind",
            "notice",
            "state",
            "individual_opens_at",
            "individual_closes_at",
            "employer_opens_at",
            "employer_closes_at",
            "agency_closes_at",
            "committee_closes_at",
        )


class EntrySerializer(serializers.ModelSerializer):
    edition: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="code", read_only=True)
    schedule: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="code", read_only=True)
    series = serializers.CharField(source="specialty.series.code")
    specialty = serializers.CharField(source="specialty.code")
    specialty_name = serializers.CharField(source="specialty.name")
    level = serializers.CharField(source="level.key")
    committee = serializers.SerializerMethodField()
    telephone = serializers.CharField(source="contact")

    class Meta:
        model = CatalogueEntry
        fields = (
            "code",
            "edition",
            "series",
            "specialty",
            "specialty_name",
            "level",
            "method",
            "committee",
            "schedule",
            "telephone",
        )

    @extend_schema_field(serializers.DictField(child=serializers.CharField(), allow_null=True))
    def get_committee(self, entry: CatalogueEntry) -> dict[str, str] | None:
        committee = entry.committee
        if committee is None:
            return None
        return {
            "code": committee.code,
            "name": committee.name,
            "agency": committee.agency.name,
            "band": committee.band,
            "district": committee.district,
        }


class RouteSerializer(serializers.Serializer):
    """One way; an empty text asks for nothing, years are whole calendar years to the policy's cut-off day."""

    audience = serializers.CharField()
    education = serializers.CharField(allow_null=True)
    work_years = serializers.IntegerField()
    title = serializers.CharField(allow_null=True)
    title_years = serializers.IntegerField()
    skill = serializers.CharField(allow_null=True)
    skill_years = serializers.IntegerField()
    text = serializers.CharField()
    words = serializers.CharField()


class ConditionsSerializer(serializers.ModelSerializer):
    """``routes`` are alternatives; ``is_illustrative`` numbers come from no document."""

    edition: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="code", read_only=True)
    series: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="code", read_only=True)
    level: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="key", read_only=True)
    specialty: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="code", read_only=True)
    routes = serializers.SerializerMethodField()

    class Meta:
        model = ConditionSet
        fields = (
            "code",
            "edition",
            "series",
            "level",
            "specialty",
            "may_be_first",
            "routes",
            "note",
            "exceptional",
            "source",
            "is_illustrative",
        )

    @extend_schema_field(RouteSerializer(many=True))
    def get_routes(self, conditions: ConditionSet) -> list[dict[str, Any]]:
        value = value_of(conditions)
        return [{**vars(route), "words": value.words_of(route)} for route in value.routes]


class PolicySerializer(serializers.ModelSerializer):
    parameters = serializers.SerializerMethodField()
    valid_until = serializers.DateField(allow_null=True)

    class Meta:
        model = PolicyVersion
        fields: tuple[str, ...] = ("code", "title", "source", "valid_from", "valid_until", "state", "parameters")

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_parameters(self, version: PolicyVersion) -> list[dict[str, Any]]:
        return [
            {
                "key": key,
                "label": str(parameter.label),
                "value": version.by_key[key].value,
                "unit": str(parameter.unit),
                "allowed": parameter.allowed,
                "basis": parameter.basis,
                "source": version.by_key[key].source,
                "unverified": version.by_key[key].unverified,
            }
            for key, parameter in REGISTRY.items()
            if key in version.by_key
        ]


class AssociationSerializer(serializers.Serializer[Any]):
    """An association that may recommend freelancers."""

    code = serializers.CharField()
    name = serializers.CharField()
    credit_code = serializers.CharField()
    telephone = serializers.CharField()


class RecognitionSerializer(serializers.ModelSerializer[Recognition]):
    """``until`` is the last day of the recognition, ``ended_on`` the first day on which it holds no more."""

    association = AssociationSerializer()
    by_whom = serializers.CharField()

    class Meta:
        model = Recognition
        fields: tuple[str, ...] = (
            "code",
            "association",
            "recogniser",
            "by_whom",
            "document",
            "recognised_on",
            "until",
            "ended_on",
            "state",
        )


class RecognitionDetailSerializer(RecognitionSerializer):
    steps = serializers.SerializerMethodField()

    class Meta(RecognitionSerializer.Meta):
        fields: tuple[str, ...] = (*RecognitionSerializer.Meta.fields, "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, recognition: Recognition) -> Any:
        return self.context["steps"]


class RecognisedSerializer(Body):
    """What an authority's document says."""

    association: Any = serializers.SlugRelatedField(
        slug_field="code", queryset=Organisation.objects.filter(kind=OrganisationKind.ASSOCIATION, is_active=True)
    )
    recogniser = serializers.ChoiceField(Recogniser.choices)
    authority = Text(max_length=100, required=False, default="", allow_blank=True)
    document = Text(max_length=200)
    recognised_on = serializers.DateField()
    until = serializers.DateField(required=False, default=None, allow_null=True)


class NoteSerializer(Body):
    note = Text(max_length=300)


class EndedSerializer(NoteSerializer):
    ended_on = serializers.DateField()
