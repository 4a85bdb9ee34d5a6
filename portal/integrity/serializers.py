"""Records of misconduct as the API shows them to the bureau and to their subject, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from portal.integrity.enums import Act, Measure, RecordState, Source, SubjectRole
from portal.integrity.forms import LONGEST
from portal.integrity.models import IntegrityRecord, PlatformEntry

TOLD: tuple[str, ...] = (
    "code",
    "role",
    "state",
    "noticed_at",
    "act",
    "grounds",
    "intended",
    "intends_serious",
    "statement",
    "statement_file",
    "stated_at",
    "decided_at",
    "decision",
    "considered",
    "measures",
    "is_serious",
    "remedies",
    "record_until",
    "apply_bar_until",
    "promotion_bar_until",
    "amended_at",
    "amendment",
    "served_at",
    "in_force_at",
    "ended_at",
    "quashing_reason",
)


class RecordFilterSerializer(serializers.Serializer[Any]):
    """How the list is narrowed; people are looked for by name on the page alone."""

    state = serializers.ChoiceField(RecordState.choices, required=False)
    role = serializers.ChoiceField(SubjectRole.choices, required=False)


class RecordRowSerializer(serializers.ModelSerializer[IntegrityRecord]):
    subject = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = IntegrityRecord
        fields = ("code", "subject", "role", "state", "state_label", "opened_at")


class PlatformEntrySerializer(serializers.ModelSerializer[PlatformEntry]):
    """Where a record stands on one credit platform; ``code`` names it for calling the platform again."""

    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = PlatformEntry
        fields = ("code", "platform", "state", "state_label", "last_error", "shown_at", "removed_at")


class ToldRecordSerializer(serializers.ModelSerializer[IntegrityRecord]):
    """What the subject was told; while a registered letter waits for its receipt, nothing of it (``letter`` names it)."""

    statement_file = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    due_at = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta:
        model = IntegrityRecord
        fields: tuple[str, ...] = (*TOLD, "due_at", "steps")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, record: IntegrityRecord) -> Any:
        due = self.context["due"]
        return due.due_at.isoformat() if due else None

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, record: IntegrityRecord) -> Any:
        return self.context["steps"]


class RecordSerializer(ToldRecordSerializer):
    """The whole record for the bureau."""

    subject = serializers.CharField()
    entries = PlatformEntrySerializer(many=True)

    class Meta(ToldRecordSerializer.Meta):
        fields: tuple[str, ...] = (
            *TOLD,
            "subject",
            "source",
            "facts",
            "opened_at",
            "findings",
            "closed_at",
            "closing_reason",
            "deliberation",
            "service",
            "entries",
            "due_at",
            "steps",
        )


class OpenedSerializer(serializers.Serializer[Any]):
    """All that is said to whoever opens or proposes a record."""

    code = serializers.CharField()


class ClueSerializer(Body):
    """Whom a clue is about, by number; ``facts`` without whoever gave it."""

    role = serializers.ChoiceField(SubjectRole.choices)
    number = Text(max_length=40)
    source: Any = serializers.ChoiceField(Source.choices)
    facts = Text(max_length=LONGEST)


class InvestigatedSerializer(Body):
    findings = Text(max_length=LONGEST)


class RecordReasonSerializer(Body):
    reason = Text(max_length=LONGEST)


class ServiceSerializer(Body):
    """Way, time and proof of the service."""

    how = Text(max_length=LONGEST)


class _OfMeasures(Body):
    measures = serializers.ListField(
        child=serializers.ChoiceField(Measure.choices), required=False, default=list, max_length=len(Measure)
    )
    is_serious = YesNo(required=False, default=False)


class IntentSerializer(_OfMeasures):
    act = serializers.ChoiceField(Act.choices)
    grounds = Text(max_length=LONGEST)


class RulingSerializer(_OfMeasures):
    text = Text(max_length=LONGEST)
    considered = Text(max_length=LONGEST, required=False, default="", allow_blank=True)
    deliberation = Text(max_length=LONGEST)
    remedies = Text(max_length=LONGEST)


class AmendedRulingSerializer(RulingSerializer):
    reason = Text(max_length=LONGEST)


class StatedSerializer(Body):
    """What the subject says, once; ``file`` is the code of a file handed in as evidence."""

    statement = Text(max_length=LONGEST)
    file = Text(max_length=40, required=False, default="", allow_blank=True)
