"""Quotas of targeted titles over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.accounts.districts import District
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer
from review.enums.quotas import QuotaState
from review.interfaces.acceptance_forms import LONGEST_REASON
from review.interfaces.quota_forms import FIRST_YEAR, LAST_YEAR, LONGEST_GROUND, MOST_PLACES


class QuotaSerializer(serializers.Serializer[Any]):
    """One version of a quota with how much of it is used."""

    code = serializers.CharField(source="quota.code")
    district = serializers.ChoiceField(District.choices, source="quota.district")
    district_name = serializers.CharField(source="quota.get_district_display")
    series = serializers.CharField(source="quota.series.code")
    series_name = serializers.CharField(source="quota.series.name")
    year = serializers.IntegerField(source="quota.year")
    total = serializers.IntegerField(source="quota.total")
    used = serializers.IntegerField(help_text=_("已验收、未终止的人数。"))
    left = serializers.IntegerField()
    state = serializers.ChoiceField(QuotaState.choices, source="quota.state")
    ground = serializers.CharField(source="quota.ground")
    proposed_at = serializers.DateTimeField(source="quota.proposed_at")
    decided_at = serializers.DateTimeField(source="quota.decided_at", allow_null=True)


class QuotaDetailSerializer(QuotaSerializer):
    """With what can be done now."""

    answer = serializers.CharField(source="quota.answer", allow_blank=True, help_text=_("不批准的理由。"))
    steps = serializers.SerializerMethodField()

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, standing: Any) -> Any:
        return StepSerializer(self.context["steps"], many=True).data


class QuotaBody(Body):
    district = serializers.ChoiceField(District.choices)
    series = Text(max_length=4, help_text=_("系列代码，两位数字。"))
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    total = serializers.IntegerField(min_value=0, max_value=MOST_PLACES)
    ground = Text(max_length=LONGEST_GROUND, help_text=_("下达名额的文件名称和文号，或者调整的理由。"))


class QuotaAnswerBody(Body):
    reason = Text(max_length=LONGEST_REASON)
