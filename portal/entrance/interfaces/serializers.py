"""Who works for an organisation, as the API shows it and takes it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.accounts.districts import District
from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.entrance.models import MembershipRequest
from portal.http.bodies import Body, Text
from portal.http.desks import StepSerializer

LONGEST_NOTE, LONGEST_TOKEN = 200, 64


class LedOrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation; an open claim waits for confirmation while ``is_active`` is false."""

    class Meta:
        model = Organisation
        fields = ("code", "name", "kind", "credit_code", "district", "is_active")


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """Who holds which role since when; ``person`` is the person's code."""

    person = serializers.CharField(source="person.code")
    name = serializers.CharField(source="person.full_name")
    role_label = serializers.CharField(source="get_role_display")

    class Meta:
        model = Membership
        fields = ("person", "name", "role", "role_label", "since", "until")


class MembershipRequestSerializer(serializers.ModelSerializer[MembershipRequest]):
    """An invitation, or a claim, which names its person; ``expires_at`` ends the link of an invitation."""

    organisation = serializers.CharField(source="organisation.code")
    organisation_name = serializers.CharField(source="organisation.name")
    role_label = serializers.CharField(source="get_role_display")
    is_claim = serializers.SerializerMethodField()

    class Meta:
        model = MembershipRequest
        fields: tuple[str, ...] = (
            "code",
            "organisation",
            "organisation_name",
            "role",
            "role_label",
            "full_name",
            "is_claim",
            "state",
            "expires_at",
        )

    def get_is_claim(self, request: MembershipRequest) -> bool:
        return request.person_id is not None


class MembershipRequestDetailSerializer(MembershipRequestSerializer):
    steps = serializers.SerializerMethodField()

    class Meta(MembershipRequestSerializer.Meta):
        fields: tuple[str, ...] = (*MembershipRequestSerializer.Meta.fields, "steps")

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, request: MembershipRequest) -> Any:
        return self.context["steps"]


class InvitationSerializer(serializers.Serializer[Any]):
    """An invitation let out, or waiting for another lead. The link is shown once: ``is_shown`` says whether here."""

    request = MembershipRequestDetailSerializer()
    address = serializers.CharField(allow_blank=True)
    is_shown = serializers.BooleanField()


class InviteSerializer(Body):
    role = serializers.ChoiceField(Role.choices)
    full_name = Text(max_length=50)
    email = serializers.EmailField(required=False, default="", allow_blank=True, max_length=254)


class WhyMemberSerializer(Body):
    note = Text(max_length=LONGEST_NOTE)


class TokenSerializer(Body):
    """The last part of the invitation's link."""

    token = Text(max_length=LONGEST_TOKEN)


class RegisteredOrganisationSerializer(Body):
    """Name and code as the register has them."""

    credit_code = Text(max_length=18, min_length=18)
    name = Text(max_length=100)
    kind = serializers.ChoiceField(OrganisationKind.choices)
    district = serializers.ChoiceField(District.choices)
