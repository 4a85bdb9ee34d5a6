"""The catalogue as the API shows it: public codes, names in words, instants with their zone."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.catalogue.models import AnnualSchedule, CatalogueEntry, Edition, PolicyVersion, Series, Specialty
from portal.catalogue.parameters import REGISTRY


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
        fields = (
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
        fields = (
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


class PolicySerializer(serializers.ModelSerializer):
    parameters = serializers.SerializerMethodField()
    valid_until = serializers.DateField(allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = ("code", "title", "source", "valid_from", "valid_until", "state", "parameters")

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
