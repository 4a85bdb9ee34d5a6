"""A year's holiday notice as the API shows it to the bureau, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from portal.workdays.counting import DayException
from portal.workdays.forms import FIRST_YEAR, LAST_YEAR
from portal.workdays.models import SpecialDay, YearNotice

MOST_DAYS = 120


class HolidayNoticeSerializer(serializers.ModelSerializer[YearNotice]):
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = YearNotice
        fields: tuple[str, ...] = ("code", "year", "title", "source", "state", "state_label", "in_force_at")


class SpecialDaySerializer(serializers.ModelSerializer[SpecialDay]):
    class Meta:
        model = SpecialDay
        fields = ("date", "is_workday", "name")


class HolidayNoticeDetailSerializer(HolidayNoticeSerializer):
    days = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(HolidayNoticeSerializer.Meta):
        fields: tuple[str, ...] = (*HolidayNoticeSerializer.Meta.fields, "days", "steps")

    @extend_schema_field(SpecialDaySerializer(many=True))
    def get_days(self, notice: YearNotice) -> Any:
        return SpecialDaySerializer(notice.days.order_by("date"), many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, notice: YearNotice) -> Any:
        return self.context["steps"]


class EnteredDaySerializer(Body):
    """A day on which people rest, or work although it is a weekend, and the holiday it belongs to."""

    date = serializers.DateField()
    is_workday = YesNo()
    name = Text(max_length=20)


class NewHolidayNoticeSerializer(Body):
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    title = Text(max_length=120)
    source: Any = Text(max_length=300)
    days = EnteredDaySerializer(many=True, allow_empty=False, max_length=MOST_DAYS)  # type: ignore[call-arg]

    def validate_days(self, rows: list[dict[str, Any]]) -> dict[Any, DayException]:
        """Return the days as the domain takes them; raises ValidationError for one named twice."""
        found = {row["date"]: DayException(row["is_workday"], row["name"]) for row in rows}
        if len(found) != len(rows):
            raise serializers.ValidationError(code="unique")
        return found
