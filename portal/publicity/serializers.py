"""Notices and objections as the API shows them, and what it takes; never who objects."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.deadlines.serializers import DeadlineSerializer
from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from portal.publicity.domain import objecting, posting
from portal.publicity.domain.trail import trail_of
from portal.publicity.enums import ON_THE_BOARD, Field, NotAdmittedGround, NoticeKind, NoticeState
from portal.publicity.forms import LONGEST, LONGEST_CONTACT, LONGEST_NAME, LONGEST_REASON, LONGEST_SEARCH
from portal.publicity.models import Evidence, Line, Notice, Objection


# --- Notices --------------------------------------------------------------------------------
class BoardQuerySerializer(serializers.Serializer[Any]):
    """How the board is narrowed."""

    q = serializers.CharField(max_length=LONGEST_SEARCH, required=False, default="")
    kind = serializers.ChoiceField(sorted(ON_THE_BOARD), required=False, default="")


class PartOfPaperSerializer(serializers.Serializer[Any]):
    """Which of the papers of a long notice; the first where nothing is said."""

    part = serializers.IntegerField(min_value=1, max_value=999, required=False)


class LineSearchSerializer(Body):
    """Whom is looked for on a notice."""

    words = Text(max_length=LONGEST_SEARCH, help_text=_("姓名的开头、序号或者工作单位的一部分。"))


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    kind_label = serializers.CharField(source="get_kind_display")
    state_label = serializers.CharField(source="get_state_display")
    publisher = serializers.CharField(source="publisher.name")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = (
            "code",
            "kind",
            "kind_label",
            "title",
            "publisher",
            "state",
            "state_label",
            "posted_at",
        )


class NoticeDetailSerializer(NoticeSerializer):
    """``period`` tells when it ends and why then, day by day; ``proof`` is the SHA-256 of its sealed record."""

    lines = serializers.IntegerField(source="lines.count", help_text=_("公示对象的数量，逐项内容见 lines 地址。"))
    period = serializers.SerializerMethodField()

    class Meta(NoticeSerializer.Meta):
        fields: tuple[str, ...] = (
            *NoticeSerializer.Meta.fields,
            "text",
            "contact",
            "ended_at",
            "proof",
            "lines",
            "period",
        )

    @extend_schema_field(DeadlineSerializer)
    def get_period(self, notice: Notice) -> Any:
        end = posting.end_of(notice)
        return DeadlineSerializer(end).data if end else None


class ShownSerializer(serializers.Serializer[Any]):
    """One field of a line."""

    field = serializers.ChoiceField(Field.choices)
    label: Any = serializers.CharField()
    value = serializers.CharField()


class NoticeLineSerializer(serializers.ModelSerializer[Line]):
    """One line and nothing of objections to it; ``objections`` is where to POST one, null once the notice has ended."""

    shown = serializers.SerializerMethodField()
    objections = serializers.SerializerMethodField()

    class Meta:
        model = Line
        fields: tuple[str, ...] = ("number", "shown", "objections")

    @extend_schema_field(ShownSerializer(many=True))
    def get_shown(self, line: Line) -> Any:
        return [
            {"field": field.value, "label": str(field.label), "value": str(line.content[field])}
            for field in Field
            if field in line.content
        ]

    def get_objections(self, line: Line) -> str | None:
        is_open = self.context["notice"].state == NoticeState.POSTED
        return f"{self.context['address']}{line.number}/objections/" if is_open else None


# --- Objections -----------------------------------------------------------------------------
class LodgeSerializer(Body):
    """What an objector says; without name and contact it is anonymous."""

    facts = Text(max_length=LONGEST, help_text=_("可以核查的时间、地点、材料或证明人。"))
    name = Text(max_length=LONGEST_NAME, required=False, default="", allow_blank=True)
    contact = Text(max_length=LONGEST_CONTACT, required=False, default="", allow_blank=True)
    may_be_named_to_employer = YesNo(required=False, default=False)


class ObjectionStatusSerializer(serializers.ModelSerializer[Objection]):
    """Where an objection stands, for whoever has its number; the answer is shown to named objectors only."""

    notice = serializers.CharField(source="line.notice.title")
    state_label = serializers.CharField(source="get_state_display")
    handler = serializers.CharField(source="handler.name")
    due_at = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()

    class Meta:
        model = Objection
        fields: tuple[str, ...] = (
            "code",
            "notice",
            "state",
            "state_label",
            "handler",
            "received_at",
            "due_at",
            "closed_at",
            "answer",
        )

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, objection: Objection) -> Any:
        due = objecting.answer_due(objection)
        return serializers.DateTimeField().to_representation(due.due_at) if due and due.due_at else None

    def get_answer(self, objection: Objection) -> str:
        return objection.answer if objection.is_named else ""


class ObjectionEvidenceSerializer(serializers.ModelSerializer[Evidence]):
    code = serializers.CharField(source="file.code")
    name = serializers.CharField(source="file.original_name")
    size = serializers.IntegerField(source="file.received_size")
    sha256 = serializers.CharField(source="file.received_sha256")
    address = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields: tuple[str, ...] = ("code", "name", "size", "sha256", "address")

    def get_address(self, evidence: Evidence) -> str:
        return reverse("documents:download", args=[evidence.file.code])


class EventSerializer(serializers.Serializer[Any]):
    """One line of the paper trail."""

    at = serializers.DateTimeField()
    what: Any = serializers.CharField()
    who = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_blank=True)


class SettlingSerializer(serializers.ModelSerializer[Objection]):
    """One objection in the handler's list."""

    notice = serializers.CharField(source="line.notice.code")
    title = serializers.CharField(source="line.notice.title")
    kind = serializers.ChoiceField(NoticeKind.choices, source="line.notice.kind")
    number = serializers.IntegerField(source="line.number")
    name = serializers.CharField(source="line.name")
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = Objection
        fields: tuple[str, ...] = (
            "code",
            "notice",
            "title",
            "kind",
            "number",
            "name",
            "state",
            "state_label",
            "received_at",
            "closed_at",
        )


class SettlingDetailSerializer(SettlingSerializer):
    evidence = serializers.SerializerMethodField()
    investigator = serializers.CharField(source="investigator.full_name", default=None, allow_null=True)
    deadline = serializers.SerializerMethodField()
    trail = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(SettlingSerializer.Meta):
        fields: tuple[str, ...] = (
            *SettlingSerializer.Meta.fields,
            "facts",
            "is_named",
            "evidence",
            "investigator",
            "answer",
            "suspects_fraud",
            "deadline",
            "trail",
            "steps",
        )

    @extend_schema_field(ObjectionEvidenceSerializer(many=True))
    def get_evidence(self, objection: Objection) -> Any:
        return ObjectionEvidenceSerializer(objection.evidence.select_related("file").order_by("pk"), many=True).data

    @extend_schema_field(DeadlineSerializer(allow_null=True))
    def get_deadline(self, objection: Objection) -> Any:
        due = objecting.answer_due(objection)
        return DeadlineSerializer(due).data if due else None

    @extend_schema_field(EventSerializer(many=True))
    def get_trail(self, objection: Objection) -> Any:
        return EventSerializer(trail_of(objection), many=True).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, objection: Objection) -> Any:
        return self.context["steps"]


class ExtensionSerializer(Body):
    reason = Text(max_length=LONGEST_REASON)


class AnswerSerializer(Body):
    answer = Text(max_length=LONGEST, help_text=_("查明的事实和依据，将答复异议人和当事人；不要写入异议人的身份。"))


class FatalSerializer(AnswerSerializer):
    suspects_fraud = YesNo(required=False, default=False, help_text=_("涉嫌弄虚作假，报告市人力资源社会保障局。"))


class NotAdmittedSerializer(AnswerSerializer):
    ground = serializers.ChoiceField(NotAdmittedGround.choices, help_text=_("匿名且没有可核查的事实，或者重复提出。"))
