"""Who holds what: memberships in force, people behind a role, the actor of a choice."""

import datetime as dt
from functools import cache

from django.db.models import QuerySet

from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.models import Membership, Organisation, Person
from portal.accounts.roles import OrganisationKind, Role
from portal.shared import clock
from portal.shared.prepared import Asked, Prepared


def actor_of(person: Person, organisation_code: str, *, on: dt.date) -> Actor:
    """Return ``person`` acting for the organisation, or personally where no membership in force says so."""
    if not organisation_code:
        return acting_personally(person)
    held = _memberships().all(person=person.pk, organisation=organisation_code, on=on, at_its_end=clock.end_of(on))
    if not held:
        return acting_personally(person)
    return acting_for(person, held[0].organisation, frozenset(Role(membership.role) for membership in held))


@cache
def _memberships() -> Prepared[Membership]:
    held = Membership.objects.holding(Asked("on"), Asked("at_its_end"))
    chosen = held.filter(person=Asked("person"), organisation__code=Asked("organisation"))
    return Prepared(chosen.select_related("organisation"))


def organisations_of(person: Person, *, on: dt.date) -> QuerySet[Organisation]:
    """Return the organisations for which ``person`` may act on the day ``on``."""
    held = Membership.objects.in_force(on).filter(person=person)
    return Organisation.objects.filter(pk__in=held.values("organisation")).order_by("name")


def people_holding(roles: frozenset[Role], at_organisation: Organisation, *, on: dt.date) -> QuerySet[Person]:
    """Return the people who hold one of ``roles`` at the organisation on the day ``on``."""
    held = Membership.objects.in_force(on).filter(organisation=at_organisation, role__in=roles)
    return Person.objects.filter(pk__in=held.values("person")).order_by("pk")


def the_bureau() -> Organisation:
    """Return the bureau of the city; raises Organisation.DoesNotExist where the portal was not founded yet."""
    return Organisation.objects.filter(kind=OrganisationKind.BUREAU, is_active=True).order_by("pk")[:1].get()
