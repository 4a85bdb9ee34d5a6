"""Who may admit people to an organisation."""

from typing import Any

from rules import predicate

from portal.accounts.actors import Actor
from portal.accounts.roles import DISTRICT_STAFF, OrganisationKind, Role
from portal.accounts.rules import acts_personally, bureau_lead, lead


@predicate
def leads_it(actor: Actor, request: Any) -> bool:
    """Hold for a lead of the organisation, acting for it."""
    own = actor.organisation is not None and actor.organisation.pk == request.organisation_id
    return own and lead.test(actor)


@predicate
def is_its_district(actor: Actor, request: Any) -> bool:
    """Hold for the human-resources office of the district in which the organisation sits."""
    if actor.organisation is None or actor.organisation.kind != OrganisationKind.DISTRICT:
        return False
    same = actor.organisation.district == request.organisation.district
    return same and bool(actor.roles & (DISTRICT_STAFF | {Role.DISTRICT_LEAD}))


@predicate
def is_the_person(actor: Actor, request: Any) -> bool:
    """Hold for the person whom the request names, or any person where it is an open invitation."""
    return actor.person is not None and request.person_id in {None, actor.person.pk}


@predicate
def is_claim(actor: Actor, request: Any) -> bool:
    """Hold for what a person has claimed for themselves, not for an invitation, which names nobody yet."""
    return request.person_id is not None


may_admit = leads_it | bureau_lead
may_invite = ~is_claim & may_admit
may_confirm = is_claim & (is_its_district | bureau_lead)
may_accept = acts_personally & is_the_person
