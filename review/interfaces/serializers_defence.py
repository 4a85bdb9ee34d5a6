"""Defences as the API shows them to each side, and what it takes. What experts get has shapes of its own (A-49)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from review.domain.planning import LONGEST_REASON
from review.domain.rescheduling import FEWEST_SIGNS, MOST_SIGNS
from review.enums.defending import COMPUTED, Relation
from review.models import ChangeRequest, Defence, NameMatch, Slot
from review.models.panel_opinion import LONGEST_TEXT

LONGEST_CODE, LONGEST_DECISION, LONGEST_REMARK, MOST_POINTS, MOST_FILES = 20, 500, 300, 1000, 200


class SlotSerializer(serializers.ModelSerializer[Slot]):
    """A time and place; who sits on the panel is not told (domain §9)."""

    panel = serializers.CharField(source="panel.name")
    room = serializers.CharField(source="room.name")
    address = serializers.CharField(source="room.address")
    mode = serializers.CharField(source="panel.round.mode")

    class Meta:
        model = Slot
        fields: tuple[str, ...] = ("code", "starts_at", "ends_at", "mode", "panel", "room", "address", "capacity")


class ChangeRequestSerializer(serializers.ModelSerializer[ChangeRequest]):
    file = serializers.CharField(source="file.code")

    class Meta:
        model = ChangeRequest
        fields: tuple[str, ...] = ("code", "kind", "state", "reason", "file", "asked_at", "decision", "decided_at")


class DefenceSerializer(serializers.ModelSerializer[Defence]):
    """One's own defence."""

    application = serializers.CharField(source="application.code")
    title = serializers.CharField(source="application.title")
    state_label = serializers.CharField(source="get_state_display")
    slot = SlotSerializer(allow_null=True)
    notice = serializers.CharField(source="notice.code", allow_null=True)
    requests = ChangeRequestSerializer(many=True)

    class Meta:
        model = Defence
        fields: tuple[str, ...] = (
            "code",
            "application",
            "title",
            "state",
            "state_label",
            "state_since",
            "slot",
            "reschedules",
            "notified_at",
            "acknowledged_at",
            "notice",
            "requests",
        )


class HearingSerializer(serializers.ModelSerializer[Defence]):
    """A defence as the agency sees it."""

    application = serializers.CharField(source="application.code")
    name = serializers.CharField(source="application.applicant.full_name")
    title = serializers.CharField(source="application.title")
    state_label = serializers.CharField(source="get_state_display")
    slot = SlotSerializer(allow_null=True)

    class Meta:
        model = Defence
        fields: tuple[str, ...] = (
            "code",
            "application",
            "name",
            "title",
            "blind_number",
            "state",
            "state_label",
            "state_since",
            "slot",
            "reschedules",
            "notified_at",
            "acknowledged_at",
            "started_at",
            "completed_at",
        )


class NameMatchSerializer(serializers.ModelSerializer[NameMatch]):
    """A name in the person's works that equals an expert's; ``is_related`` is empty until the agency judged it."""

    expert = serializers.CharField(source="expert.code")
    name = serializers.CharField(source="expert.full_name")

    class Meta:
        model = NameMatch
        fields: tuple[str, ...] = ("code", "expert", "name", "place", "is_related", "remark", "judged_at")


class HearingDetailSerializer(HearingSerializer):
    requests = ChangeRequestSerializer(many=True)
    name_matches = NameMatchSerializer(source="application.name_matches", many=True)
    steps = serializers.SerializerMethodField()

    class Meta(HearingSerializer.Meta):
        fields = (*HearingSerializer.Meta.fields, "requests", "name_matches", "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, defence: Defence) -> Any:
        return self.context["steps"]


class DefenceNoticeSerializer(serializers.Serializer[Any]):
    file = serializers.CharField()
    address = serializers.CharField()


# --- The panel --------------------------------------------------------------------------------
class PanelSlotSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    panel = serializers.CharField(source="panel.name")
    room = serializers.CharField(source="room.name")


class PanelRowSerializer(serializers.Serializer[Any]):
    """One person by blind number."""

    blind_number = serializers.CharField()
    specialty = serializers.CharField(source="application.entry.specialty.name")
    level = serializers.CharField(source="application.entry.level.key")
    state = serializers.CharField()
    slot: Any = PanelSlotSerializer()


class BlindPartSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    heading = serializers.CharField()
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))


class MarkedFileSerializer(serializers.Serializer[Any]):
    """A file of the version with effect, and whether the panel may open it."""

    code = serializers.CharField(source="file.code")
    name = serializers.CharField(source="file.original_name")
    kind = serializers.CharField(source="file.kind")
    is_shown = serializers.BooleanField()


class BlindFileSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    address = serializers.CharField()


class CriterionSerializer(serializers.Serializer[Any]):
    number = serializers.CharField(source="order")
    text = serializers.CharField()
    max_score = serializers.IntegerField()


class PanelOpinionSerializer(serializers.Serializer[Any]):
    state = serializers.CharField()
    questions = serializers.CharField(allow_blank=True)
    opinion = serializers.CharField(allow_blank=True)
    scores = serializers.DictField(child=serializers.IntegerField())
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)
    handed_in_at = serializers.DateTimeField(allow_null=True)


class PanelFileSerializer(serializers.Serializer[Any]):
    """Blind material, what is scored, and one's own opinion."""

    blind_number = serializers.CharField()
    state = serializers.CharField()
    series = serializers.CharField()
    specialty = serializers.CharField()
    level = serializers.CharField()
    title = serializers.CharField()
    slot: Any = PanelSlotSerializer()
    parts = BlindPartSerializer(many=True)
    files = BlindFileSerializer(many=True)
    criteria = CriterionSerializer(many=True)
    opinion = PanelOpinionSerializer()


# --- Bodies -----------------------------------------------------------------------------------
class AskSerializer(Body):
    reason = Text(min_length=FEWEST_SIGNS, max_length=MOST_SIGNS)
    file = Text(max_length=LONGEST_CODE)


class SlotChoiceSerializer(Body):
    slot = Text(max_length=LONGEST_CODE)


class NotifySerializer(Body):
    slot = Text(max_length=LONGEST_CODE, required=False, default="", allow_blank=True)


class BreakOffSerializer(Body):
    reason = Text(max_length=LONGEST_REASON)


class ChangeSlotSerializer(BreakOffSerializer, SlotChoiceSerializer):
    pass


class CheckInSerializer(Body):
    code = Text(max_length=40)
    identity = YesNo()


class ChangeAnswerSerializer(Body):
    agree = YesNo()
    decision = Text(max_length=LONGEST_DECISION, required=False, default="", allow_blank=True)


class JudgeSerializer(Body):
    match = Text(max_length=LONGEST_CODE)
    is_related = YesNo()
    remark = Text(max_length=LONGEST_REMARK, required=False, default="", allow_blank=True)


class PanelRecusalSerializer(Body):
    relation = serializers.ChoiceField([one.value for one in Relation if one not in COMPUTED])
    remark = Text(max_length=LONGEST_REMARK, required=False, default="", allow_blank=True)


class WritingSerializer(Body):
    """``scores`` maps the number of a criterion to the points; ``version`` is the one that the change is based on."""

    questions = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    opinion = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    scores = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=MOST_POINTS), required=False)
    version = serializers.IntegerField(min_value=0)


class OrderPanelRecusalSerializer(PanelRecusalSerializer):
    """``expert`` is the number of a person who sits on the panel."""

    expert = Text(max_length=LONGEST_CODE)


class MarkBlindSerializer(Body):
    """Exactly these files are shown to the panel; an empty list shows none. Words like a name are ordinary in ``confirmed``."""

    files = serializers.ListField(child=Text(max_length=LONGEST_CODE), max_length=MOST_FILES)
    confirmed = serializers.ListField(child=Text(max_length=LONGEST_CODE), max_length=MOST_FILES, required=False)
