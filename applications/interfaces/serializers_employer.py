"""The employer's part as the API shows it to the recommending organisation, and what it takes from it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.domain.publicising import MOST_ON_ONE_NOTICE
from applications.domain.receiving import LONGEST_REMARK
from applications.enums import RecommendationState, RefusalGround
from applications.interfaces.serializers import PartSerializer
from applications.models import Check, Recommendation
from portal.catalogue.enums import LevelKey
from portal.deadlines.models import Deadline
from portal.deadlines.serializers import DeadlineSerializer
from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from portal.http.schema import ReasonSerializer

OPEN = "open"


class QueueFilterSerializer(serializers.Serializer[Any]):
    """The filters of the queue, and the notice; whom is looked for stands in no address."""

    state = serializers.ChoiceField([OPEN, *RecommendationState.values], required=False, default="")
    level = serializers.ChoiceField(LevelKey.choices, required=False, default="")
    notice = serializers.CharField(max_length=20, required=False, default="")


class QueueSearchSerializer(Body):
    """Whom is looked for in the queue, with what else narrows it."""

    words = Text(max_length=40, help_text=_("姓名或者申报编号。"))
    state = serializers.ChoiceField([OPEN, *RecommendationState.values], required=False, default="")
    level = serializers.ChoiceField(LevelKey.choices, required=False, default="")
    notice = Text(max_length=20, required=False, default="", allow_blank=True)


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    application = serializers.CharField(source="application.code")
    name = serializers.CharField(source="application.applicant.full_name")
    year = serializers.IntegerField(source="application.year")
    specialty = serializers.CharField(source="application.entry.specialty.name")
    level = serializers.CharField(source="application.entry.level.key")
    title = serializers.CharField(source="application.title")
    submitted_at = serializers.DateTimeField(source="application.submitted_at", allow_null=True)
    hold = serializers.CharField(source="application.hold")
    state_label = serializers.CharField(source="get_state_display")
    notice = serializers.CharField(source="notice.code", allow_null=True)

    class Meta:
        model = Recommendation
        fields: tuple[str, ...] = (
            "code",
            "application",
            "name",
            "year",
            "specialty",
            "level",
            "title",
            "submitted_at",
            "hold",
            "kind",
            "state",
            "state_label",
            "state_since",
            "notice",
        )


class CheckSerializer(serializers.ModelSerializer[Check]):
    class Meta:
        model = Check
        fields: tuple[str, ...] = ("part", "is_right", "remark", "at")


class ChangedPartSerializer(serializers.Serializer[Any]):
    """A part that a correction changed, with the labels of the fields that differ."""

    key = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())


class RecommendationDetailSerializer(RecommendationSerializer):
    parts = PartSerializer(many=True)
    checks = CheckSerializer(many=True)
    changed = ChangedPartSerializer(many=True)
    deadlines = serializers.SerializerMethodField()
    steps = StepSerializer(many=True)

    class Meta(RecommendationSerializer.Meta):
        fields: tuple[str, ...] = (
            *RecommendationSerializer.Meta.fields,
            "remark",
            "ground",
            "publicised",
            "publicised_at",
            "opinion",
            "assessment",
            "signed_at",
            "signature",
            "parts",
            "checks",
            "changed",
            "deadlines",
            "steps",
        )

    @extend_schema_field(DeadlineSerializer(many=True))
    def get_deadlines(self, recommendation: Recommendation) -> Any:
        rows = Deadline.objects.waiting().of(recommendation.application).order_by("due_at")
        return DeadlineSerializer(rows, many=True).data


class FoundSerializer(Body):
    """What was found about one part; a part that is not right needs a remark."""

    part = Text(max_length=40)
    is_right = YesNo()
    remark = Text(max_length=LONGEST_REMARK, required=False, default="", allow_blank=True)


class ChecksSerializer(Body):
    found = serializers.ListField(child=FoundSerializer(), min_length=1, max_length=500)


class SendBackSerializer(Body):
    reason = Text(max_length=1000, allow_blank=True)


class RefuseSerializer(SendBackSerializer):
    ground = serializers.ChoiceField(RefusalGround.choices)


class OpinionSerializer(Body):
    opinion = Text(max_length=2000, allow_blank=True)
    assessment = Text(max_length=500, allow_blank=True)
    truth = YesNo()


class CodesSerializer(Body):
    codes = serializers.ListField(child=Text(max_length=20), min_length=1, max_length=MOST_ON_ONE_NOTICE)


class PubliciseSerializer(CodesSerializer):
    contact = Text(max_length=200)
    text = Text(max_length=4000, required=False, default="", allow_blank=True)


class OpinionForManySerializer(CodesSerializer, OpinionSerializer):
    """One opinion for many people."""


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of one person."""

    code = serializers.CharField()
    done = serializers.BooleanField()
    state = serializers.CharField()
    reasons = ReasonSerializer(many=True)


class OutcomesSerializer(serializers.Serializer[Any]):
    outcomes = OutcomeSerializer(many=True)


class PostedSerializer(serializers.Serializer[Any]):
    """The notice that was posted; ``due_at`` is exclusive."""

    notice = serializers.CharField()
    title = serializers.CharField()
    posted_at = serializers.DateTimeField()
    workdays = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    recommendations = RecommendationSerializer(many=True)
