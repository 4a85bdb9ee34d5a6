"""What leads and authorities see of organisations, members and requests."""

import datetime as dt

from django.db.models import Q, QuerySet

from portal.accounts.actors import Actor
from portal.accounts.models import Membership, Organisation
from portal.accounts.rules import bureau_lead, district, lead
from portal.entrance.enums import OPEN, RequestState
from portal.entrance.models import MembershipRequest


def organisations_led_by(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations whose members ``actor`` manages: their own as lead, all for the bureau's leads."""
    if bureau_lead.test(actor):
        return Organisation.objects.all()
    if actor.organisation is not None and lead.test(actor):
        return Organisation.objects.filter(pk=actor.organisation.pk)
    return Organisation.objects.none()


def organisations_overseen_by(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations that ``actor`` confirms: those of the district, all for the bureau's leads."""
    if bureau_lead.test(actor):
        return Organisation.objects.all()
    if actor.organisation is not None and district.test(actor):
        return Organisation.objects.filter(district=actor.organisation.district)
    return Organisation.objects.none()


def members_of(organisation: Organisation, *, on: dt.date) -> QuerySet[Membership]:
    """Return the memberships in force, by name."""
    members = Membership.objects.in_force(on).filter(organisation=organisation).select_related("person")
    return members.order_by("person__sort_key", "role")


def requests_at(organisation: Organisation) -> QuerySet[MembershipRequest]:
    """Return the requests that are still open, oldest first."""
    return MembershipRequest.objects.filter(organisation=organisation, state__in=OPEN).order_by("pk")


def requests_open_to(actor: Actor) -> QuerySet[MembershipRequest]:
    """Return the requests about which ``actor`` can do something."""
    led, overseen = organisations_led_by(actor), organisations_overseen_by(actor)
    mine = Q(organisation__in=led) | Q(organisation__in=overseen, person__isnull=False)
    return MembershipRequest.objects.filter(mine, state__in=OPEN).select_related("organisation", "proposed_by")


def claims_waiting_for(actor: Actor) -> QuerySet[MembershipRequest]:
    """Return the claims that ``actor`` can confirm."""
    overseen = organisations_overseen_by(actor)
    waiting = MembershipRequest.objects.filter(state=RequestState.PROPOSED, person__isnull=False)
    return waiting.filter(organisation__in=overseen).select_related("organisation", "person").order_by("pk")


def proposals_waiting_for(actor: Actor) -> QuerySet[MembershipRequest]:
    """Return the proposals of others that ``actor`` can approve."""
    if actor.organisation is None or actor.person is None:
        return MembershipRequest.objects.none()
    waiting = MembershipRequest.objects.filter(
        state=RequestState.PROPOSED, person=None, organisation=actor.organisation
    )
    return waiting.exclude(proposed_by=actor.person)
