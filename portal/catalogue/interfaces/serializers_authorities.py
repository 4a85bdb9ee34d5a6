"""The standing of agencies as the API shows it to the bureau, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.catalogue.models import AgencyAuthority
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer

LONGEST_CAUSE = 300


class AuthoritySerializer(serializers.ModelSerializer[AgencyAuthority]):
    """``agency`` is the agency's code; ``remedy_due_on`` the day by which a suspended one was told to remedy."""

    agency = serializers.CharField(source="agency.code")
    name = serializers.CharField(source="agency.name")
    year = serializers.IntegerField(source="edition.year")
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = AgencyAuthority
        fields: tuple[str, ...] = (
            "code",
            "agency",
            "name",
            "year",
            "state",
            "state_label",
            "reason",
            "remedy_due_on",
            "changed_at",
        )


class SpanOfSuspensionSerializer(serializers.Serializer[Any]):
    """From when until when the agency was suspended; without ``until_at`` it still is."""

    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField(allow_null=True)


class AuthorityDetailSerializer(AuthoritySerializer):
    suspensions = SpanOfSuspensionSerializer(many=True)
    steps = serializers.SerializerMethodField()

    class Meta(AuthoritySerializer.Meta):
        fields: tuple[str, ...] = (*AuthoritySerializer.Meta.fields, "suspensions", "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, authority: AgencyAuthority) -> Any:
        """Return what the bureau can do now."""
        return self.context["steps"]


class CauseSerializer(Body):
    reason = Text(max_length=LONGEST_CAUSE)


class SuspendSerializer(CauseSerializer):
    """``remedy_due_on`` is the day by which the agency must remedy."""

    remedy_due_on = serializers.DateField()
