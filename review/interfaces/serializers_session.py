"""Sessions over the API: what each reader's screen shows, and the bodies of the steps."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.http.bodies import Body
from portal.http.desks import StepSerializer
from review.enums.defending import COMPUTED, Relation
from review.enums.sitting import BallotMode, MemberState, SessionState, StopDecision
from review.guards.drawing import LONGEST_SHARE
from review.models.agenda_item import LONGEST_DISCUSSION

MOST_CASES = 500
RELATIONS = [one.value for one in Relation if one not in COMPUTED]


# --- Answers ----------------------------------------------------------------------------------
class SessionRowSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    committee = serializers.CharField(source="committee.name")
    mode = serializers.ChoiceField(BallotMode.choices)
    state = serializers.ChoiceField(SessionState.choices)
    state_label = serializers.CharField(source="get_state_display")
    starts_at = serializers.DateTimeField()
    place = serializers.CharField()
    size = serializers.IntegerField()
    revision = serializers.IntegerField(help_text=_("会议每有变化即加一，供轮询。"))


class SeatSerializer(serializers.Serializer[Any]):
    """One seat, for those who may know the members."""

    code = serializers.CharField()
    name = serializers.CharField(source="person.full_name")
    place = serializers.IntegerField()
    duty = serializers.CharField()
    is_chair = serializers.BooleanField()
    state = serializers.ChoiceField(MemberState.choices)


class TotalsSerializer(serializers.Serializer[Any]):
    present_for_item = serializers.IntegerField()
    agree = serializers.IntegerField()
    against = serializers.IntegerField()
    abstain = serializers.IntegerField()
    not_cast = serializers.IntegerField()


class KeptOutSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    relation = serializers.CharField()
    said_by = serializers.CharField()


class CaseSerializer(serializers.Serializer[Any]):
    """One case as the reader may see it; without name and state where the reader keeps out of it."""

    code = serializers.CharField(source="item.code")
    order = serializers.IntegerField(source="item.order")
    name = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    state = serializers.SerializerMethodField(help_text=_("签署前评审服务机构只知道已表决，回避的委员不知道。"))
    kept_out = serializers.IntegerField()
    keeping_out = KeptOutSerializer(many=True, help_text=_("回避的委员、原因和来源，评审服务机构和监督委员可见。"))
    totals = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()

    def get_state(self, row: Any) -> str:
        """The state, or what stands for it."""
        return "" if row.is_own_recusal else "voted" if row.is_hidden else str(row.item.state)

    def get_totals(self, row: Any) -> dict[str, int] | None:
        """The totals, where they are for this reader."""
        shows = row.shows_totals and not row.is_own_recusal
        return dict(TotalsSerializer(row.item).data) if shows else None

    def get_steps(self, row: Any) -> list[str]:
        """The names of the steps in the reader's hand."""
        return [step.name for step, address in row.steps if address]


class AnswersSerializer(serializers.Serializer[Any]):
    """Until when invitations can be answered."""

    answer_by = serializers.DateTimeField(allow_null=True, help_text=_("本人的邀请答复截止时间，不含该时刻。"))
    answers_end = serializers.DateTimeField(
        allow_null=True, help_text=_("评审服务机构可见：最早一批未答复邀请的截止时间。")
    )


class SessionSerializer(AnswersSerializer, SessionRowSerializer):
    members = SeatSerializer(many=True)
    cases = CaseSerializer(many=True)
    steps = StepSerializer(many=True)


class DrawSerializer(serializers.Serializer[Any]):
    """What is public of a draw before and after the commissioner took part."""

    code = serializers.CharField()
    state = serializers.CharField()
    eligible_number = serializers.IntegerField()
    eligible_hash = serializers.CharField()
    commitment = serializers.CharField()
    frozen_at = serializers.DateTimeField()
    drawn_at = serializers.DateTimeField(allow_null=True)


class DrawRecordSerializer(serializers.Serializer[Any]):
    """The record of a finished draw, as the stand-alone script reads it."""

    record = serializers.DictField()


# --- Bodies -----------------------------------------------------------------------------------
class PlanBody(Body):
    committee = serializers.CharField()
    title = serializers.CharField(max_length=80)
    starts_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=200)
    mode = serializers.ChoiceField(BallotMode.choices)


class PersonBody(Body):
    person = serializers.CharField(help_text=_("人员编号"))


class FreezeBody(Body):
    related_limit = serializers.IntegerField(min_value=0, max_value=50, default=0)


class ShareBody(Body):
    share = serializers.CharField(max_length=LONGEST_SHARE)


class SeatBody(Body):
    member = serializers.CharField()


class SeatsBody(Body):
    members = serializers.ListField(child=serializers.CharField(), min_length=3, max_length=3)


class CasesBody(Body):
    cases = serializers.ListField(child=serializers.CharField(), min_length=1, max_length=MOST_CASES)


class DiscussionBody(Body):
    text = serializers.CharField(max_length=LONGEST_DISCUSSION)


class ReasonBody(Body):
    reason = serializers.CharField(max_length=500)


class StopAnswerBody(ReasonBody):
    decision = serializers.ChoiceField(StopDecision.choices)


class TextBody(Body):
    text = serializers.CharField(max_length=20000)


class OpenBody(Body):
    commissioner_absence = serializers.CharField(max_length=300, allow_blank=True, default="")


class PromiseBody(Body):
    promise = serializers.BooleanField()


class RelationBody(Body):
    relation = serializers.ChoiceField(RELATIONS)
    remark = serializers.CharField(max_length=300, allow_blank=True, default="")


class OrderRelationBody(RelationBody):
    member = serializers.CharField()


class CountBody(Body):
    agree = serializers.IntegerField(min_value=0, max_value=999)
    against = serializers.IntegerField(min_value=0, max_value=999)
    abstain = serializers.IntegerField(min_value=0, max_value=999)
