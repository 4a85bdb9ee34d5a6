"""Who recommends a freelancer, and the sealed papers, as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from applications.enums import SealedPaper
from portal.http.bodies import Body, Text, YesNo


class ScanSerializer(serializers.Serializer[Any]):
    """The scan of one sealed paper."""

    paper = serializers.ChoiceField(SealedPaper.choices)
    file = serializers.CharField(source="file.code")
    name = serializers.CharField(source="file.original_name")
    sha256 = serializers.CharField(source="file.sha256")
    added_at = serializers.DateTimeField()


@extend_schema_serializer(many=False)
class RecommendedBySerializer(serializers.Serializer[Any]):
    """``association`` is the code of an organisation, empty where the insured employer recommends."""

    association = serializers.CharField()
    name = serializers.CharField()
    on_paper = serializers.BooleanField()
    scans = ScanSerializer(many=True)


class RecommenderChoiceSerializer(Body):
    association = Text(max_length=20, allow_blank=True)
    on_paper = YesNo(required=False, default=False)


class ScannedSerializer(Body):
    file = Text(max_length=20)
