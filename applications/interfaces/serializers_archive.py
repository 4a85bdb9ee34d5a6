"""The archive and the representative works as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from applications.interfaces.serializers import ChangesSerializer
from applications.models import ArchiveItem, Evidence
from applications.sections import ItemKind
from portal.catalogue.enums import Heading, Indicator
from portal.http.bodies import Body, Text


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    file = serializers.CharField(source="file.code")
    name = serializers.CharField(source="file.original_name")
    size = serializers.IntegerField(source="file.size")
    sha256 = serializers.CharField(source="file.sha256")

    class Meta:
        model = Evidence
        fields: tuple[str, ...] = ("code", "file", "name", "size", "sha256", "label")


class ItemSerializer(serializers.ModelSerializer[ArchiveItem]):
    values = serializers.DictField(source="content")
    versions = serializers.DictField(child=serializers.IntegerField())
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = ArchiveItem
        fields: tuple[str, ...] = (
            "code",
            "kind",
            "title",
            "values",
            "versions",
            "saved_at",
            "source",
            "verified_at",
            "is_verified",
            "is_editable",
            "dispute",
            "evidence",
        )

    @extend_schema_field(EvidenceSerializer(many=True))
    def get_evidence(self, item: ArchiveItem) -> Any:
        kept = [proof for proof in item.evidence.all() if proof.removed_at is None]
        return EvidenceSerializer(kept, many=True).data


class NewItemSerializer(Body):
    kind = serializers.ChoiceField(ItemKind.choices)
    values = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False)


class ItemChangesSerializer(ChangesSerializer):
    """Values by field name, and for each the version that was seen."""


class DisputeSerializer(Body):
    """What is not right; an empty text takes the objection back."""

    reason = Text(max_length=300, allow_blank=True)


class ProofSerializer(Body):
    """The code of a file that was handed in before."""

    file = Text(max_length=20)
    label: Any = Text(max_length=60, required=False, default="", allow_blank=True)


# --- Representative works ---------------------------------------------------------------------
class IndicatorSerializer(serializers.Serializer[Any]):
    """One line of the committee's menu; ``number`` is its place there."""

    number = serializers.IntegerField(source="order")
    heading = serializers.ChoiceField(Heading.choices)
    indicator = serializers.ChoiceField(Indicator.choices)
    text = serializers.CharField()
    is_required = serializers.BooleanField()


class WorkSerializer(serializers.Serializer[Any]):
    item = serializers.CharField(source="item.code")
    title = serializers.CharField(source="item.title")
    number = serializers.IntegerField(source="criterion.order", allow_null=True, default=None)


@extend_schema_serializer(many=False)
class WorksSerializer(serializers.Serializer[Any]):
    works = WorkSerializer(many=True)
    menu = IndicatorSerializer(many=True)


class WorkChoiceSerializer(Body):
    """Under which line of the menu the result is shown; null for none."""

    number = serializers.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True, default=None)


# --- The form itself --------------------------------------------------------------------------
class ChoiceOfFieldSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label: Any = serializers.CharField()


class FieldSerializer(serializers.Serializer[Any]):
    """One field: ``most`` is the longest text in signs or the greatest number."""

    name = serializers.CharField()
    label: Any = serializers.CharField()
    entry = serializers.CharField()
    required: Any = serializers.BooleanField()
    most = serializers.IntegerField()
    hint = serializers.CharField(allow_blank=True)
    basis = serializers.CharField()
    choices = ChoiceOfFieldSerializer(many=True)


class SectionSerializer(serializers.Serializer[Any]):
    """One section: a sheet is filled once, anything else holds items of the archive, ``least`` of them."""

    key = serializers.CharField()
    name = serializers.CharField()
    is_sheet = serializers.BooleanField()
    least = serializers.IntegerField()
    hint = serializers.CharField(allow_blank=True)
    evidence = serializers.CharField(allow_blank=True)
    evidence_required = serializers.BooleanField()
    basis = serializers.CharField()
    inputs = FieldSerializer(many=True)
