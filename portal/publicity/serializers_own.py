"""A publisher's own notices as the API shows them, and what it takes."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.documents.models import StoredFile
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer
from portal.publicity.models import Notice
from portal.publicity.serializers import NoticeDetailSerializer, NoticeLineSerializer, NoticeSerializer

LONGEST_REASON = 500


class OwnNoticeSerializer(NoticeSerializer):
    open_objections = serializers.IntegerField()

    class Meta(NoticeSerializer.Meta):
        fields: tuple[str, ...] = (*NoticeSerializer.Meta.fields, "open_objections")


class OwnNoticeDetailSerializer(NoticeDetailSerializer):
    """``access_code`` leads readers to a notice that is not on the public board."""

    open_objections = serializers.IntegerField()
    steps = serializers.SerializerMethodField()

    class Meta(NoticeDetailSerializer.Meta):
        fields: tuple[str, ...] = (*NoticeDetailSerializer.Meta.fields, "access_code", "open_objections", "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, notice: Notice) -> Any:
        """Return what the publisher can do now."""
        return self.context["steps"]


class OwnLineSerializer(NoticeLineSerializer):
    """One line as its publisher follows it: held by an open objection, cleared, or struck by one that was upheld."""

    is_held = serializers.BooleanField()
    objections: Any = None

    class Meta(NoticeLineSerializer.Meta):
        fields: tuple[str, ...] = ("number", "shown", "is_held", "cleared_at", "struck_at")


class WithdrawSerializer(Body):
    reason = Text(max_length=LONGEST_REASON)


class NoticeProofSerializer(serializers.Serializer[Any]):
    """The number of the proof's file and where it is fetched; empty while it is being written."""

    file = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    def get_file(self, told: dict[str, StoredFile | None]) -> str | None:
        """Return the file's number."""
        return told["file"].code if told["file"] else None

    def get_address(self, told: dict[str, StoredFile | None]) -> str | None:
        """Return where the file is fetched."""
        return reverse("documents:download", args=[told["file"].code]) if told["file"] else None
