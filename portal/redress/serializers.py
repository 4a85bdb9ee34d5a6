"""Review requests as the API shows them to whoever asked and whoever answers, and what it takes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.deadlines.serializers import DeadlineSerializer
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer
from portal.http.schema import ReasonSerializer
from portal.redress.domain import answering
from portal.redress.enums import NotAdmittedGround, RequestState
from portal.redress.forms import LONGEST, LONGEST_REASON
from portal.redress.models import ReviewRequest
from portal.redress.registry import matter_of

LONGEST_CODE = 40
ROW: tuple[str, ...] = (
    "code",
    "subject",
    "title",
    "result",
    "result_label",
    "state",
    "state_label",
    "first_handler",
    "handler",
    "filed_at",
)
COURSE: tuple[str, ...] = (
    "told_at",
    "reason",
    "facts",
    "evidence",
    "ground",
    "ground_label",
    "answer",
    "answered_at",
    "may_go_higher_until",
    "objection",
    "went_higher_at",
    "final_answer",
    "is_upheld",
    "closed_at",
    "deadline",
    "steps",
)


# --- What is shown --------------------------------------------------------------------------
class OwnReviewRequestSerializer(serializers.ModelSerializer[ReviewRequest]):
    """One request in its person's list; ``subject`` is the code of what it is about."""

    subject = serializers.CharField(source="subject.code")
    title = serializers.SerializerMethodField()
    result_label = serializers.SerializerMethodField()
    state_label = serializers.CharField(source="get_state_display")
    first_handler = serializers.CharField(source="first_handler.name")
    handler = serializers.CharField(source="handler.name")

    class Meta:
        model = ReviewRequest
        fields: tuple[str, ...] = ROW

    def get_title(self, request: ReviewRequest) -> str:
        return matter_of(request.subject).title(request.subject)

    def get_result_label(self, request: ReviewRequest) -> str:
        return matter_of(request.subject).words(request.result)


class OwnReviewRequestDetailSerializer(OwnReviewRequestSerializer):
    """What was asked and answered at both instances; ``deadline`` is the time to answer, null where nobody has to."""

    evidence = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    ground_label = serializers.CharField(source="get_ground_display", allow_blank=True)
    deadline = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    class Meta(OwnReviewRequestSerializer.Meta):
        fields: tuple[str, ...] = (*ROW, *COURSE)

    @extend_schema_field(DeadlineSerializer(allow_null=True))
    def get_deadline(self, request: ReviewRequest) -> Any:
        due = answering.answer_due(request)
        return DeadlineSerializer(due).data if due else None

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, request: ReviewRequest) -> Any:
        return self.context["steps"]


class ReviewStandingSerializer(serializers.Serializer[Any]):
    """Whether a review of one row can be asked for; ``result`` and ``until`` are null where there is nothing to review."""

    result = serializers.CharField(allow_null=True)
    told_at = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    may_ask = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    requests = serializers.ListField(child=serializers.CharField())


class ReviewRequestSerializer(OwnReviewRequestSerializer):
    """One request in the handler's list."""

    name = serializers.CharField(source="person.full_name")

    class Meta(OwnReviewRequestSerializer.Meta):
        fields: tuple[str, ...] = (*ROW, "name")


class ReviewRequestDetailSerializer(OwnReviewRequestDetailSerializer):
    """The request for whoever answers; ``handled_by`` took it up at the present instance and does not decide."""

    name = serializers.CharField(source="person.full_name")
    handled_by = serializers.CharField(source="handled_by.full_name", default=None, allow_null=True)

    class Meta(OwnReviewRequestDetailSerializer.Meta):
        fields: tuple[str, ...] = (*ROW, "name", "handled_by", *COURSE)


# --- What it takes --------------------------------------------------------------------------
class RequestFilterSerializer(serializers.Serializer[Any]):
    """How the list is narrowed; people are looked for by name on the page alone."""

    q = serializers.CharField(max_length=LONGEST_CODE, required=False, help_text=_("复查申请的编号。"))
    state = serializers.ChoiceField(RequestState.choices, required=False)


class AskForReviewSerializer(Body):
    """What a review is asked of, and why; ``file`` is the code of a file handed in as evidence."""

    subject = Text(max_length=LONGEST_CODE, help_text=_("所复查的申报的编号。"))
    facts = Text(max_length=LONGEST, help_text=_("请写明时间、环节和可以核查的事实。专家的学术评价不属于复查范围。"))
    file = Text(max_length=LONGEST_CODE, required=False, default="", allow_blank=True)


class GoHigherSerializer(Body):
    objection = Text(max_length=LONGEST, help_text=_("首次申请和答复会一并转交，不必重复。"))


class ReviewAnswerSerializer(Body):
    answer = Text(max_length=LONGEST, help_text=_("请写明查明的事实和依据，将送达申请人。"))


class ReviewNotAdmittedSerializer(ReviewAnswerSerializer):
    ground = serializers.ChoiceField(NotAdmittedGround.choices)


class ReviewExtensionSerializer(Body):
    reason = Text(max_length=LONGEST_REASON)
