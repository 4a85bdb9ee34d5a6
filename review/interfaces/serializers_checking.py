"""The agency's check as the API shows it to the agency, and what it takes from it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.domain.receiving import LONGEST_REMARK
from applications.interfaces.serializers import DefectSerializer, PartSerializer
from applications.interfaces.serializers_employer import ChangedPartSerializer
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer
from review.domain import transferring
from review.enums.checking import FOUND, LONGEST_REASON, LONGEST_TEXT, Ground, Proposal
from review.models import AgencyReview

MOST_FOUND = 500


class ReviewSerializer(serializers.ModelSerializer[AgencyReview]):
    application = serializers.CharField(source="application.code")
    name = serializers.CharField(source="application.applicant.full_name")
    year = serializers.IntegerField(source="application.year")
    specialty = serializers.CharField(source="application.entry.specialty.name")
    level = serializers.CharField(source="application.entry.level.key")
    title = serializers.CharField(source="application.title")
    committee = serializers.CharField(source="committee.name")
    assignee = serializers.CharField(source="assignee.code", allow_null=True)
    state_label = serializers.CharField(source="get_state_display")

    class Meta:
        model = AgencyReview
        fields: tuple[str, ...] = (
            "code",
            "application",
            "name",
            "year",
            "specialty",
            "level",
            "title",
            "committee",
            "state",
            "state_label",
            "state_since",
            "arrived_at",
            "due_at",
            "overdue",
            "suspended_since",
            "assignee",
            "proposal",
            "version",
        )


class FindingSerializer(serializers.Serializer[Any]):
    """What was found about one item; ``carried`` stands from the first check."""

    verdict = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    carried = serializers.BooleanField()
    at = serializers.DateTimeField()


class ChecklistItemSerializer(serializers.Serializer[Any]):
    """One item of the checklist; ``law`` is why it is looked at, ``basis`` the rule offered for a defect.

    ``choices`` are the fields, by name and label, of which a defect can name one.
    """

    key = serializers.CharField()
    group = serializers.CharField()
    title = serializers.CharField()
    law = serializers.CharField()
    basis = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    choices = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    hint = serializers.CharField(allow_blank=True)
    part = PartSerializer(allow_null=True)
    automatic = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())
    is_changed = serializers.BooleanField()
    finding = FindingSerializer(allow_null=True)


class TallySerializer(serializers.Serializer[Any]):
    """How far the check is."""

    total = serializers.IntegerField()
    decided = serializers.IntegerField()
    defective = serializers.IntegerField()
    undecided = serializers.IntegerField()


class ReviewDetailSerializer(ReviewSerializer):
    items = ChecklistItemSerializer(many=True)
    tally = TallySerializer()
    changed = ChangedPartSerializer(many=True)
    defects = DefectSerializer(source="application.defects", many=True)
    steps = StepSerializer(many=True)

    class Meta(ReviewSerializer.Meta):
        fields: tuple[str, ...] = (
            *ReviewSerializer.Meta.fields,
            "reason",
            "basis",
            "remark",
            "proposed_at",
            "decided_at",
            "tally",
            "items",
            "changed",
            "defects",
            "steps",
        )


class SupervisedReviewSerializer(ReviewSerializer):
    """The same for the bureau: with the agency that checks."""

    agency = serializers.CharField(source="agency.name")

    class Meta(ReviewSerializer.Meta):
        fields: tuple[str, ...] = (*ReviewSerializer.Meta.fields, "agency")


class EventOfReviewSerializer(serializers.Serializer[Any]):
    """One entry of a file's history; ``who`` names people of the agency only."""

    at = serializers.DateTimeField()
    words = serializers.CharField()
    who = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_blank=True)


class SupervisedDetailSerializer(SupervisedReviewSerializer):
    """A whole file: what was submitted, what was found, and who did what."""

    tally = TallySerializer()
    parts = PartSerializer(many=True)
    defects = DefectSerializer(source="application.defects", many=True)
    history = EventOfReviewSerializer(many=True)

    class Meta(ReviewSerializer.Meta):
        fields: tuple[str, ...] = (
            *SupervisedReviewSerializer.Meta.fields,
            "reason",
            "basis",
            "remark",
            "proposed_at",
            "decided_at",
            "tally",
            "parts",
            "defects",
            "history",
        )


class SecondCheckSerializer(SupervisedReviewSerializer):
    """A corrected file that an agency checks again; it may return no more often than ``returns_allowed``."""

    returns = serializers.IntegerField(source="application.return_count")
    returns_allowed = serializers.IntegerField(source="application.returns_allowed")

    class Meta(ReviewSerializer.Meta):
        fields: tuple[str, ...] = (*SupervisedReviewSerializer.Meta.fields, "returns", "returns_allowed")


class AuthoriseSerializer(Body):
    reason = Text(max_length=LONGEST_REASON)


class TargetSerializer(serializers.Serializer[Any]):
    """A row of the catalogue whose committee could take a file over."""

    code = serializers.CharField()
    committee = serializers.CharField()
    agency = serializers.CharField()


class MovableFileSerializer(SupervisedReviewSerializer):
    """A file that waits because its agency may not evaluate, with the rows of the catalogue that could take it."""

    targets = serializers.SerializerMethodField()

    class Meta(ReviewSerializer.Meta):
        fields: tuple[str, ...] = (*SupervisedReviewSerializer.Meta.fields, "targets")

    @extend_schema_field(TargetSerializer(many=True))
    def get_targets(self, review: AgencyReview) -> Any:
        """Return code, committee and agency of each."""
        return TargetSerializer(transferring.targets_of(review), many=True).data


class TransferSerializer(Body):
    to = Text(max_length=20)
    reason = Text(max_length=LONGEST_REASON)


class FoundItemSerializer(Body):
    """What is found about one item; ``version`` is the review's when it was read: a later change is not overwritten."""

    item = Text(max_length=60)
    verdict = serializers.ChoiceField([one.value for one in FOUND])
    text = Text(max_length=LONGEST_TEXT, required=False, default="", allow_blank=True)
    basis = serializers.ChoiceField(Ground.choices, required=False, default="", allow_blank=True)
    field = Text(max_length=40, required=False, default="", allow_blank=True)


class FindingsSerializer(Body):
    version = serializers.IntegerField(min_value=0)
    found = serializers.ListField(child=FoundItemSerializer(), min_length=1, max_length=MOST_FOUND)


class ProposalSerializer(Body):
    """Reason and rule are needed for a rejection."""

    proposal = serializers.ChoiceField(Proposal.choices)
    reason = Text(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)
    basis = serializers.ChoiceField(Ground.choices, required=False, default="", allow_blank=True)


class RemarkSerializer(Body):
    reason = Text(max_length=LONGEST_REASON, required=False, default="", allow_blank=True)


class AssignSerializer(Body):
    assignee = Text(max_length=20)
    note = Text(max_length=LONGEST_REMARK, required=False, default="", allow_blank=True)
