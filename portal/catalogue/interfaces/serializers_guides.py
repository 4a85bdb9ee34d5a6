"""A committee's guide and its standard as the API shows them to whoever keeps them, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.catalogue.domain.guides import Line
from portal.catalogue.enums import Heading, Indicator
from portal.catalogue.models import Committee, Criterion, Guide
from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer

LONGEST, MOST_LINES = 10_000, 60


class GuidedCommitteeSerializer(serializers.ModelSerializer[Committee]):
    """A committee with the state of its guide; None while none was written."""

    year = serializers.IntegerField(source="edition.year")
    guide_state = serializers.SerializerMethodField()

    class Meta:
        model = Committee
        fields = ("code", "name", "band", "year", "guide_state")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_guide_state(self, committee: Committee) -> str | None:
        guide = getattr(committee, "guide", None)
        return str(guide.state) if guide else None


class StandardLineSerializer(serializers.ModelSerializer[Criterion]):
    class Meta:
        model = Criterion
        fields = ("heading", "indicator", "text", "is_required", "max_score")


class GuideSerializer(serializers.ModelSerializer[Guide]):
    committee = serializers.CharField(source="committee.code")
    state_label = serializers.CharField(source="get_state_display")
    lines = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Guide
        fields = (
            "committee",
            "conditions",
            "procedure",
            "place_and_time",
            "materials",
            "state",
            "state_label",
            "published_at",
            "lines",
            "steps",
        )

    @extend_schema_field(StandardLineSerializer(many=True))
    def get_lines(self, guide: Guide) -> Any:
        return StandardLineSerializer(guide.criteria.order_by("order"), many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, guide: Guide) -> Any:
        return self.context["steps"]


class LineOfStandardSerializer(Body):
    heading = serializers.ChoiceField(Heading.choices)
    indicator = serializers.ChoiceField(Indicator.choices)
    text = Text(max_length=300)
    is_required = YesNo(required=False, default=False)
    max_score = serializers.IntegerField(min_value=0, max_value=1000, required=False, default=0)


class WrittenGuideSerializer(Body):
    """The guide and its standard whole."""

    conditions = Text(max_length=LONGEST)
    procedure = Text(max_length=LONGEST)
    place_and_time = Text(max_length=LONGEST)
    materials = Text(max_length=LONGEST)
    lines = LineOfStandardSerializer(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]

    def validate_lines(self, rows: list[dict[str, Any]]) -> list[Line]:
        """Return the standard as plain values, in its order."""
        return [Line(**row) for row in rows]
