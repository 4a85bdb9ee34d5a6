"""Pools and filings as the API shows them, and what it takes."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.catalogue.enums import Band, LevelKey
from portal.http.bodies import Body, Text, YesNo
from portal.http.desks import StepSerializer
from review.domain.expert_importing import lines_kept
from review.domain.filing_roll import LARGEST
from review.enums.filing import Duty
from review.enums.pooling import Assessment
from review.guards.pooling import title_known, title_state
from review.models import CommitteeFiling, DutyRecord, Expert, ExpertImport, ExpertTerm, FiledMember

LONGEST_CODE, LONGEST_REASON, LONGEST_REMARK, LONGEST_NAME = 20, 500, 300, 200
MOST_MEMBERS, MOST_TIMES = 300, 99


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


class TitleSerializer(serializers.ModelSerializer[Expert]):
    """What vouches for the title: a register, or somebody who saw the certificate at ``checked_at``; else ``missing`` says why nothing does."""

    verified = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    checked_at = serializers.DateTimeField(source="title_checked_at", allow_null=True)
    proof = serializers.CharField(source="title_proof.code", allow_null=True, default=None)
    address = serializers.SerializerMethodField()

    class Meta:
        model = Expert
        fields: tuple[str, ...] = ("verified", "missing", "checked_at", "proof", "address")

    def get_verified(self, expert: Expert) -> bool:
        """Return whether the title is known."""
        return title_known(expert)

    def get_missing(self, expert: Expert) -> str:
        """Return why no register vouches for it, or an empty text."""
        return "" if title_known(expert) else title_state(expert.person)

    def get_address(self, expert: Expert) -> str | None:
        """Return where the picture of the certificate is fetched, if one was kept."""
        return reverse("documents:download", args=[expert.title_proof.code]) if expert.title_proof else None


class TermDetailSerializer(TermSerializer, WithSteps):
    class Meta(TermSerializer.Meta):
        fields = (*TermSerializer.Meta.fields, "opinion", "allowed_number", "allowed_reason", "steps")


class OfficeTermSerializer(TermDetailSerializer):
    """A term as agency and bureau see it: with what vouches for the title."""

    title_check = TitleSerializer(source="expert")

    class Meta(TermDetailSerializer.Meta):
        fields = (*TermDetailSerializer.Meta.fields, "title_check")


class DutySerializer(serializers.ModelSerializer[DutyRecord]):
    """One session; ``deviation`` of the scores is for watching alone."""

    attendance_label = serializers.CharField(source="get_attendance_display")

    class Meta:
        model = DutyRecord
        fields: tuple[str, ...] = (
            "session",
            "held_on",
            "attendance",
            "attendance_label",
            "recusals",
            "missed_recusals",
            "deviation",
            "complaints",
            "secrecy_breach",
            "remark",
        )


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


class TitleSeenSerializer(Body):
    """``file`` is the number of a picture or scan that was handed in for the purpose ``review.title_proof``."""

    remark = Text(max_length=LONGEST_REASON)
    file = Text(max_length=LONGEST_CODE, required=False, default="", allow_blank=True)


class ObservedSerializer(Body):
    """What is known of the session now, in place of what stood there."""

    missed_recusals = serializers.IntegerField(min_value=0, max_value=MOST_TIMES)
    complaints = serializers.IntegerField(min_value=0, max_value=MOST_TIMES)
    secrecy_breach = YesNo()
    remark = Text(max_length=LONGEST_REMARK)


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


class SheetLineSerializer(serializers.Serializer[Any]):
    """Who would be named from one row of a sheet; ``row`` as Excel counts, from 2."""

    row = serializers.IntegerField(source="number")
    person = serializers.CharField(source="person.code")
    name = serializers.CharField(source="person.full_name")
    series = serializers.CharField(source="series.code")
    band = serializers.CharField()
    level = serializers.CharField(source="level.key")
    title = serializers.CharField(source="facts.title")
    field = serializers.CharField(source="facts.field")
    employer = serializers.CharField(source="facts.employer_name")
    grounds = serializers.CharField(allow_blank=True)


class ExpertImportSerializer(serializers.ModelSerializer[ExpertImport]):
    """A sheet without a fault that waits to be confirmed; until then nobody is named."""

    lines = serializers.SerializerMethodField()

    class Meta:
        model = ExpertImport
        fields = ("code", "file_name", "uploaded_at", "lines")

    @extend_schema_field(SheetLineSerializer(many=True))
    def get_lines(self, kept: ExpertImport) -> Any:
        """Return who stands on the sheet."""
        return SheetLineSerializer(lines_kept(kept), many=True).data


class NamedSerializer(serializers.Serializer[Any]):
    """The terms of those who are named now; each of them is asked to consent."""

    terms = serializers.ListField(child=serializers.CharField())
