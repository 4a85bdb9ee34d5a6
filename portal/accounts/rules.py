"""Predicates about the actor alone; rooms above compose them with predicates about their own rows.

A predicate takes (actor, subject) and answers True or False, never None: the `rules` package reads None as
"skip me", which in an ``&`` would open a door.
"""

from typing import Any

from rules import predicate
from rules.predicates import Predicate

from portal.accounts.actors import Actor, ActorKind
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS, DISTRICT_STAFF, EMPLOYER_STAFF, LEADS, Role


@predicate
def anyone(actor: Actor) -> bool:
    """Hold for everybody, logged in or not."""
    return True


@predicate
def logged_in(actor: Actor) -> bool:
    """Hold for every known person."""
    return actor.is_logged_in


@predicate
def acts_personally(actor: Actor) -> bool:
    """Hold for a person who acts for themselves."""
    return actor.acts_personally


@predicate
def is_system(actor: Actor) -> bool:
    """Hold for timers and data events."""
    return actor.kind is ActorKind.SYSTEM


def holds(*roles: Role) -> Predicate:
    """Return the predicate that the actor now acts in one of ``roles``."""
    wanted = frozenset(roles)

    def acts_in_role(actor: Actor) -> bool:
        return bool(wanted & actor.roles)

    return Predicate(acts_in_role, name="holds_" + "_or_".join(sorted(wanted)))


def works_at(attribute: str) -> Predicate:
    """Return the predicate that the actor acts for the organisation in ``subject.<attribute>``."""

    def acts_for_it(actor: Actor, subject: Any) -> bool:
        organisation_id = getattr(subject, f"{attribute}_id")
        return actor.organisation is not None and actor.organisation.pk == organisation_id

    return Predicate(acts_for_it, name=f"works_at_{attribute}")


bureau = holds(*BUREAU_DECIDERS)
bureau_clerk = holds(Role.BUREAU_CLERK)
bureau_lead = holds(Role.BUREAU_LEAD)
agency = holds(*AGENCY_STAFF)
agency_lead = holds(Role.AGENCY_LEAD)
district = holds(*DISTRICT_STAFF)
employer = holds(*EMPLOYER_STAFF)
employer_head = holds(Role.EMPLOYER_HEAD)
lead = holds(*LEADS)
