"""Rounds of defences as the agency's programs see them, and what they send to plan one."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from portal.accounts.models import Person
from portal.catalogue.models import Committee
from portal.http.bodies import Body, Text
from portal.http.schema import ReasonSerializer
from review.domain.planning import LONGEST_REASON
from review.domain.rounds import MOST_SLOTS
from review.enums.defending import Mode
from review.interfaces.serializers_defence import LONGEST_CODE, SlotSerializer
from review.models import DefenceRound, Panel, Room, Slot
from review.models.defence_round import LARGEST_SLOT, LONGEST_SLOT

MOST_EXPERTS = 30
FIRST_YEAR, LAST_YEAR = 2000, 2200


class RoundSerializer(serializers.ModelSerializer[DefenceRound]):
    committee = serializers.CharField(source="committee.name")
    committee_code = serializers.CharField(source="committee.code")

    class Meta:
        model = DefenceRound
        fields: tuple[str, ...] = (
            "code",
            "committee",
            "committee_code",
            "title",
            "mode",
            "first_day",
            "last_day",
            "to_bring",
        )


class OwnCommitteeSerializer(serializers.ModelSerializer[Committee]):
    """A committee of the agency, for which a round can be opened."""

    year = serializers.IntegerField(source="edition.year")

    class Meta:
        model = Committee
        fields: tuple[str, ...] = ("code", "name", "year", "online_defence")


class ExpertSerializer(serializers.ModelSerializer[Person]):
    name = serializers.CharField(source="full_name")

    class Meta:
        model = Person
        fields: tuple[str, ...] = ("code", "name")


class RoomSerializer(serializers.ModelSerializer[Room]):
    class Meta:
        model = Room
        fields: tuple[str, ...] = ("code", "name", "address")


class SeatedPanelSerializer(serializers.ModelSerializer[Panel]):
    """A panel with who sits on it; only the agency sees the names (domain §9)."""

    experts = ExpertSerializer(many=True)

    class Meta:
        model = Panel
        fields: tuple[str, ...] = ("code", "name", "experts")


class RoundSlotSerializer(SlotSerializer):
    """A slot with how many people have a place in it."""

    occupied = serializers.IntegerField()

    class Meta(SlotSerializer.Meta):
        model = Slot
        fields = (*SlotSerializer.Meta.fields, "occupied")


class WaitingSerializer(serializers.Serializer[Any]):
    """One who paid, has to be heard and has no slot yet."""

    application = serializers.CharField(source="code")
    name = serializers.CharField(source="applicant.full_name")
    title = serializers.CharField()
    paid_at = serializers.DateTimeField(source="state_since")


class PlacedSerializer(serializers.Serializer[Any]):
    application = serializers.CharField(source="application.code")
    name = serializers.CharField(source="application.applicant.full_name")
    slot = SlotSerializer()


class UnplacedSerializer(serializers.Serializer[Any]):
    application = serializers.CharField(source="application.code")
    name = serializers.CharField(source="application.applicant.full_name")
    reason: Any = ReasonSerializer()


class PlacementSerializer(serializers.Serializer[Any]):
    """Where everybody would be heard; ``digest`` is sent back to confirm exactly this."""

    digest = serializers.CharField()
    placed = PlacedSerializer(many=True)
    unplaced = UnplacedSerializer(many=True)


class NotToldSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    reasons = ReasonSerializer(many=True)


class ToldSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    refused = NotToldSerializer(many=True)


# --- Bodies -----------------------------------------------------------------------------------
class OpenRoundSerializer(Body):
    committee = Text(max_length=LONGEST_CODE)
    title = Text(max_length=80)
    mode = serializers.ChoiceField(Mode.choices, default=Mode.ON_SITE)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    to_bring = Text(max_length=300, required=False, default="", allow_blank=True)


class RoomBodySerializer(Body):
    name = Text(max_length=60)
    address = Text(max_length=200)


class PanelBodySerializer(Body):
    name = Text(max_length=40)
    experts = serializers.ListField(child=Text(max_length=LONGEST_CODE), min_length=1, max_length=MOST_EXPERTS)


class JoinSerializer(Body):
    expert = Text(max_length=LONGEST_CODE)


class ReleaseSerializer(Body):
    expert = Text(max_length=LONGEST_CODE)
    replacement = Text(max_length=LONGEST_CODE, required=False, default="", allow_blank=True)
    reason = Text(max_length=LONGEST_REASON)


class SlotsBodySerializer(Body):
    """A row of slots on one day: ``number`` of ``minutes`` each, with ``pause`` minutes between."""

    panel = Text(max_length=LONGEST_CODE)
    room = Text(max_length=LONGEST_CODE)
    begins_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=5, max_value=LONGEST_SLOT)
    number = serializers.IntegerField(min_value=1, max_value=MOST_SLOTS, default=1)
    pause = serializers.IntegerField(min_value=0, max_value=LONGEST_SLOT, default=0)
    capacity = serializers.IntegerField(min_value=1, max_value=LARGEST_SLOT, default=1)

    def validate_begins_at(self, value: dt.datetime) -> dt.datetime:
        """Refuse instants near the ends of the calendar, with which nothing can be counted."""
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise serializers.ValidationError(_("日期超出范围。"), "out_of_range")
        return value


class PlanSerializer(Body):
    application = Text(max_length=LONGEST_CODE)
    slot = Text(max_length=LONGEST_CODE)


class DigestSerializer(Body):
    digest = Text(max_length=64)
