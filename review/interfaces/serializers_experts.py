"""Pools and filings as the API shows them, and what it takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.catalogue.enums import Band, LevelKey
from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from review.domain.filing_roll import LARGEST
from review.enums.filing import Duty
from review.enums.pooling import Assessment
from review.models import CommitteeFiling, ExpertTerm, FiledMember

LONGEST_CODE, LONGEST_REASON, LONGEST_NAME, MOST_MEMBERS = 20, 500, 200, 300


class TermSerializer(serializers.ModelSerializer[ExpertTerm]):
    """An expert's term; the numbers of documents are not told."""

    name = serializers.CharField(source="expert.person.full_name")
    employer = serializers.CharField(source="expert.employer_name")
    is_non_public = serializers.BooleanField(source="expert.is_non_public")
    is_new_research = serializers.BooleanField(source="expert.is_new_research")
    title = serializers.CharField(source="expert.title")
    level = serializers.CharField(source="expert.level.key")
    field = serializers.CharField(source="expert.field")
    agency = serializers.CharField(source="agency.code")
    series = serializers.CharField(source="series.code")
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = ExpertTerm
        fields: tuple[str, ...] = (
            "code",
            "name",
            "employer",
            "is_non_public",
            "is_new_research",
            "title",
            "level",
            "field",
            "agency",
            "series",
            "band",
            "state",
            "state_label",
            "origin",
            "number",
            "starts_on",
            "ends_on",
            "consented_at",
            "forwarded_at",
            "promised_at",
            "assessment",
            "reason",
        )


class WithSteps(serializers.Serializer[Any]):
    """What can be done now beside the row itself."""

    steps = serializers.SerializerMethodField()

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, row: Any) -> Any:
        return self.context["steps"]


class TermDetailSerializer(TermSerializer, WithSteps):
    class Meta(TermSerializer.Meta):
        fields = (*TermSerializer.Meta.fields, "opinion", "allowed_number", "allowed_reason", "steps")


class NominatedSerializer(TermSerializer):
    """What whoever named somebody learns of it: the pool and how far it came."""

    class Meta(TermSerializer.Meta):
        fields = ("code", "name", "agency", "series", "band", "state", "state_label", "starts_on", "ends_on")


class FiledMemberSerializer(serializers.ModelSerializer[FiledMember]):
    term = serializers.CharField(source="term.code")
    name = serializers.CharField(source="term.expert.person.full_name")

    class Meta:
        model = FiledMember
        fields: tuple[str, ...] = ("term", "name", "duty", "is_listed", "change")


class FilingSerializer(serializers.ModelSerializer[CommitteeFiling]):
    agency = serializers.CharField(source="agency.code")
    series = serializers.CharField(source="series.code")
    specialty = serializers.CharField(source="specialty.code", allow_null=True)
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = CommitteeFiling
        fields: tuple[str, ...] = (
            "code",
            "agency",
            "name",
            "band",
            "series",
            "specialty",
            "size",
            "state",
            "state_label",
            "number",
            "valid_from",
            "valid_to",
            "submitted_at",
            "reason",
        )


class FilingDetailSerializer(FilingSerializer, WithSteps):
    members = FiledMemberSerializer(source="roll", many=True)

    class Meta(FilingSerializer.Meta):
        fields = (*FilingSerializer.Meta.fields, "small_reason", "approved_least", "members", "steps")


# --- Bodies -----------------------------------------------------------------------------------
class NominationSerializer(Body):
    full_name = Text(max_length=50)
    number = Text(max_length=30)
    series = Text(max_length=2)
    band = serializers.ChoiceField(Band.choices)
    level = serializers.ChoiceField(LevelKey.choices)
    title = Text(max_length=40)
    field = Text(max_length=LONGEST_NAME)
    employer_name = Text(max_length=LONGEST_NAME)
    employer_code = Text(max_length=18, required=False, default="", allow_blank=True)
    certificate_number = Text(max_length=60, required=False, default="", allow_blank=True)
    is_non_public = YesNo(required=False, default=False)
    is_new_research = YesNo(required=False, default=False)
    grounds = Text(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class OutsideNominationSerializer(NominationSerializer):
    """Who names themselves leaves out name and number."""

    full_name = Text(max_length=50, required=False, default="", allow_blank=True)
    number = Text(max_length=30, required=False, default="", allow_blank=True)
    agency = Text(max_length=20)


class AgencyOpinionSerializer(Body):
    opinion = Text(max_length=LONGEST_REASON)


class BecauseSerializer(Body):
    reason = Text(max_length=LONGEST_REASON)


class TermSpanSerializer(Body):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class AssessmentSerializer(Body):
    assessment = serializers.ChoiceField([one for one in Assessment.choices if one[0]])
    remark = Text(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class PromiseSerializer(Body):
    promised = YesNo()


class FilingScopeSerializer(Body):
    """``specialty`` is left out for a committee formed by series."""

    name = Text(max_length=80)
    band = serializers.ChoiceField(Band.choices)
    series = Text(max_length=2)
    specialty = Text(max_length=5, required=False, default="", allow_blank=True)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST)
    small_reason = Text(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class TermsSerializer(Body):
    terms = serializers.ListField(child=Text(max_length=LONGEST_CODE), min_length=1, max_length=MOST_MEMBERS)


class MemberPlaceSerializer(Body):
    """``out`` takes the member off the roll, ``keep`` undoes what an amendment would change."""

    term = Text(max_length=LONGEST_CODE)
    duty = serializers.ChoiceField([*Duty.values, "out", "keep"])


class FilingNumberSerializer(Body):
    number = Text(max_length=40)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()


class LeastSerializer(Body):
    least = serializers.IntegerField(min_value=1, max_value=LARGEST)
    reason = Text(max_length=LONGEST_REASON)
