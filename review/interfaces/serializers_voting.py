"""A vote on devices as the API shows it and what it takes: bytes in hexadecimal, of one size each."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from portal.ballot.casting import BALLOT_SIZE, SIGNATURE_SIZE
from portal.ballot.ceremony import SEATS
from portal.ballot.sealing import SEALED_SIZE
from portal.http.bodies import Body

ANNOUNCEMENT_SIZE, CONFIRMATION_SIZE, PART_SIZE, KEY_SIZE = 160, 64, 96, 32


class OctetsField(serializers.Field[Any, Any, Any, Any]):
    """``size`` bytes in lower-case hexadecimal; comes out as bytes."""

    default_error_messages = {"invalid": _("应为%(size)s字节的十六进制小写数字。")}

    def __init__(self, size: int, **options: Any) -> None:
        super().__init__(**options)
        self.size = size

    def to_internal_value(self, data: Any) -> bytes:
        if not isinstance(data, str) or not re.fullmatch(rf"[0-9a-f]{{{2 * self.size}}}", data):
            raise serializers.ValidationError(self.error_messages["invalid"] % {"size": self.size}, code="invalid")
        return bytes.fromhex(data)


class OctetsSchema(OpenApiSerializerFieldExtension):
    """Tells the description of the API what such a field looks like."""

    target_class = OctetsField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^[0-9a-f]{{{2 * self.target.size}}}$"}


class KeyBody(Body):
    key = OctetsField(KEY_SIZE)


class BallotBody(Body):
    content = OctetsField(BALLOT_SIZE)
    signature = OctetsField(SIGNATURE_SIZE)


class AnnouncementBody(Body):
    message = OctetsField(ANNOUNCEMENT_SIZE)


class SealedShareBody(Body):
    seat = serializers.ChoiceField(choices=SEATS)
    sealed = OctetsField(SEALED_SIZE)


class SharesBody(Body):
    shares = serializers.ListField(child=SealedShareBody(), min_length=2, max_length=2)


class ConfirmationBody(Body):
    message = OctetsField(CONFIRMATION_SIZE)


class PartBody(Body):
    message = OctetsField(PART_SIZE)


class KeySeatSerializer(serializers.Serializer[Any]):
    seat = serializers.IntegerField()
    announcement = serializers.CharField()
    confirmation = serializers.CharField()


class VoteSerializer(serializers.Serializer[Any]):
    """Where a session's vote on devices stands; ``sealed`` are the shares sent to the scrutineer who asks."""

    session = serializers.CharField()
    mode = serializers.CharField()
    revision = serializers.IntegerField()
    joint_key = serializers.CharField()
    fingerprint = serializers.CharField()
    seats = KeySeatSerializer(many=True)
    sealed = serializers.DictField(child=serializers.CharField())
    own_key = serializers.CharField()
    cases = serializers.DictField(child=serializers.CharField())


class CaseVoteSerializer(serializers.Serializer[Any]):
    """One case: what a ballot is bound to, and whether the own was taken."""

    item = serializers.CharField()
    session = serializers.CharField()
    state = serializers.CharField()
    joint_key = serializers.CharField()
    member_key = serializers.CharField()
    has_cast = serializers.BooleanField()
    present = serializers.IntegerField(allow_null=True)


class CastSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    ballot = serializers.CharField()
    signature = serializers.CharField()


class BallotsSerializer(serializers.Serializer[Any]):
    """The roll's keys and the ballots of a closed vote, for a scrutineer to check."""

    roll = serializers.ListField(child=serializers.CharField())
    ballots = CastSerializer(many=True)
