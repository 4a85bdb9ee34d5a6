"""Who works for an organisation, over the API: invited, confirmed, taken back, ended; organisations claimed and admitted (R-013)."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rules.predicates import Predicate

from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.accounts.rules import acts_personally, bureau_lead, district, lead, logged_in
from portal.entrance.domain import admitting, inviting
from portal.entrance.domain.queries import members_of, organisations_led_by, requests_open_to
from portal.entrance.enums import RequestState
from portal.entrance.interfaces import serializers as shapes
from portal.entrance.models import MembershipRequest
from portal.http.bodies import EmptySerializer
from portal.http.desks import CODE, Desk, TimedDesk
from portal.http.drf import SaidOnce
from portal.http.schema import told
from portal.http.stepping import step_of
from portal.shared import clock

DETAIL = shapes.MembershipRequestDetailSerializer
A_ROLE = "|".join(Role.values)
AGAINST_ORGANISATIONS = (
    "organisation_registered",
    "organisation_not_matched",
    "organisation_gone",
    "kind_not_matched",
    *(f"credit_code_{what}" for what in ("length", "signs", "form", "unit_check", "check")),
)


class Requests(Desk):
    """What the rooms about requests share: how one is shown, and a link that is said once."""

    def told_of(self, row: MembershipRequest) -> dict[str, Any]:
        """Return the request with the steps in the actor's hand."""
        steps = [
            {**one, "address": reverse(f"api:membership-request-{one['step']}", args=[row.code])}
            for one in self.steps_of(row, self.request)
            if hasattr(MembershipRequests, one["step"])
        ]
        return dict(DETAIL(row, context={"steps": steps}).data)

    def let_out(self, row: MembershipRequest) -> Response:
        """Let the invitation out and tell its link this once; it is mailed where the invitation gives an address."""
        link = inviting.let_out(row, **self.taking())
        path = reverse("entrance:accept", args=[link.request.code, link.token])
        address = self.request.build_absolute_uri(path)
        inviting.send(link, address)
        kept = {"request": self.told_of(link.request), "address": "", "is_shown": False}
        return SaidOnce({**kept, "address": address, "is_shown": True}, remembered=kept, status=HTTPStatus.CREATED)


class Organisations(mixins.ListModelMixin, Requests):
    """The organisations whose members the actor manages."""

    access: ClassVar[Predicate] = lead
    serializer_class = shapes.LedOrganisationSerializer
    filter_backends = ()
    queryset = Organisation.objects.none()

    def get_queryset(self) -> QuerySet[Organisation]:
        return organisations_led_by(self.actor).order_by("kind", "name", "pk")

    @told(_("本人负责的单位"), _("本单位；市人力资源社会保障局负责人为全部单位。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("单位人员"), _("现任人员和角色。"), filters=False, responses=shapes.MemberSerializer(many=True))
    @action(detail=True, methods=["get"])
    def members(self, request: Request, code: str) -> Response:
        page = self.paginate_queryset(members_of(self.get_object(), on=clock.day_of(self.at)))
        return self.get_paginated_response(shapes.MemberSerializer(page, many=True).data)

    @told(
        _("邀请单位人员"),
        _(
            "一名负责人即可决定的角色，立即发出邀请，链接只在第一次答复中给出，七天内有效；"
            "须由另一名负责人批准的，先提出，链接为空。"
        ),
        refusals=["step_not_permitted", "role_unknown", "role_belongs_to_the_kind"],
        request=shapes.InviteSerializer,
        responses={HTTPStatus.CREATED: shapes.InvitationSerializer},
    )
    @action(detail=True, methods=["post"])
    def invitations(self, request: Request, code: str) -> Response:
        organisation, given = self.get_object(), self.body(shapes.InviteSerializer)
        told_so = {**given, "role": Role(given["role"])}
        proposed = inviting.propose(organisation, **told_so, by=self.actor, at=self.at)
        if not inviting.needs_another_lead(told_so["role"]):
            return self.let_out(proposed)
        waiting = {"request": self.told_of(proposed), "address": "", "is_shown": False}
        return Response(waiting, status=HTTPStatus.CREATED)

    @told(
        _("终止任职"),
        _("写明事由，即时生效；单位最后一名负责人不能终止。"),
        refusals=["step_not_permitted", "membership_ended", "last_lead"],
        request=shapes.WhyMemberSerializer,
        responses=shapes.MemberSerializer,
    )
    @action(detail=True, methods=["post"], url_path=rf"members/(?P<person>{CODE})/(?P<role>{A_ROLE})/end")
    def end(self, request: Request, code: str, person: str, role: str) -> Response:
        held = Membership.objects.in_force(clock.day_of(self.at)).select_related("person")
        membership = get_object_or_404(held, organisation=self.get_object(), person__code=person, role=role)
        ended = inviting.end(membership, **self.body(shapes.WhyMemberSerializer), by=self.actor, at=self.at)
        return Response(shapes.MemberSerializer(ended).data)

    @told(
        _("登记单位"),
        _("市人力资源社会保障局登记各类单位，登记后可以邀请其负责人。"),
        refusals=["step_not_permitted", *AGAINST_ORGANISATIONS],
        request=shapes.RegisteredOrganisationSerializer,
        responses={HTTPStatus.CREATED: shapes.LedOrganisationSerializer},
    )
    def create(self, request: Request) -> Response:
        made = admitting.admit(**_as_registered(self), by=self.actor, at=self.at)
        return Response(shapes.LedOrganisationSerializer(made).data, status=HTTPStatus.CREATED)


class MembershipRequests(mixins.ListModelMixin, TimedDesk, Requests):
    """Invitations of one's own organisation, and claims that wait for the district's office or the bureau."""

    access: ClassVar[Predicate] = lead | bureau_lead | district
    serializer_class = shapes.MembershipRequestSerializer
    filter_backends = ()
    queryset = MembershipRequest.objects.none()

    def get_queryset(self) -> QuerySet[MembershipRequest]:
        return requests_open_to(self.actor).order_by("pk")

    @told(_("未办结的人员申请"), _("本单位的邀请，以及等待本人核准的单位登记，先提出的在前。"))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @told(_("一件人员申请"), _("状态和现在能办的步骤。"), responses=DETAIL)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.shown(self.get_object())

    @told(
        _("批准并发出邀请"),
        _("由提出人以外的负责人批准；链接只在第一次答复中给出，七天内有效。"),
        steps=[(MembershipRequest, "invite")],
        request=EmptySerializer,
        responses={HTTPStatus.CREATED: shapes.InvitationSerializer},
    )
    @action(detail=True, methods=["post"], url_path="steps/invite")
    def invite(self, request: Request, code: str) -> Response:
        row = self.get_object()
        self.body(EmptySerializer)
        return self.let_out(row)

    @told(
        _("核准单位登记"),
        _("由所在区或者市人力资源社会保障局核准，任职即时生效，单位首次登记的同时开通。"),
        steps=[(MembershipRequest, "confirm")],
        request=EmptySerializer,
        responses=DETAIL,
    )
    @action(detail=True, methods=["post"], url_path="steps/confirm")
    def confirm(self, request: Request, code: str) -> Response:
        row = self.get_object()
        self.body(EmptySerializer)
        inviting.confirm(row, **self.taking())
        return self.shown(MembershipRequest.objects.select_related("organisation").get(pk=row.pk))

    refuse = step_of(
        MembershipRequest, "refuse", None, _("写明事由，不予批准。"), shows=DETAIL, body=shapes.WhyMemberSerializer
    )
    withdraw = step_of(
        MembershipRequest, "withdraw", None, _("写明事由，链接作废。"), shows=DETAIL, body=shapes.WhyMemberSerializer
    )

    def shown(self, row: MembershipRequest) -> Response:
        """Return the request as it stands."""
        return Response(self.told_of(row))


class OwnInvitations(Requests):
    """What was handed to a person as a link: who has it accepts it, acting personally."""

    access: ClassVar[Predicate] = logged_in
    serializer_class = DETAIL
    filter_backends = ()
    queryset = MembershipRequest.objects.filter(state=RequestState.INVITED).select_related("organisation")

    @told(
        _("接受邀请"),
        _("token 是邀请链接的最后一段；须本人以个人身份办理，姓名与邀请一致，身份已核验。"),
        steps=[(MembershipRequest, "accept")],
        request=shapes.TokenSerializer,
        responses=shapes.MemberSerializer,
    )
    @action(detail=True, methods=["post"], url_path="steps/accept")
    def accept(self, request: Request, code: str) -> Response:
        token = self.body(shapes.TokenSerializer)["token"]
        row = get_object_or_404(self.get_queryset(), code=code, digest=inviting.digest_of(token))
        return Response(shapes.MemberSerializer(inviting.accept(row, token, **self.taking())).data)


class OwnClaims(Requests):
    """A person registers the organisation that they lead."""

    access: ClassVar[Predicate] = acts_personally
    serializer_class = DETAIL
    filter_backends = ()
    queryset = MembershipRequest.objects.none()

    @told(
        _("登记本人负责的单位"),
        _("按登记信息核对名称和代码；经所在区或者市人力资源社会保障局核准后，可以代表单位办理。"),
        refusals=["kind_not_claimed", *AGAINST_ORGANISATIONS],
        request=shapes.RegisteredOrganisationSerializer,
        responses={HTTPStatus.CREATED: DETAIL},
    )
    def create(self, request: Request) -> Response:
        claim = admitting.claim(**_as_registered(self), by=self.actor, at=self.at)
        return Response(self.told_of(claim), status=HTTPStatus.CREATED)


def _as_registered(desk: Desk) -> dict[str, Any]:
    given = desk.body(shapes.RegisteredOrganisationSerializer)
    return {
        "typed_code": given["credit_code"],
        "name": given["name"],
        "kind": OrganisationKind(given["kind"]),
        "district": given["district"],
    }
