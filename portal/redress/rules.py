"""Who asks, handles and decides; each predicate takes (actor, request)."""

from typing import Any

from rules.predicates import Predicate

from portal.accounts.actors import Actor
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS, DISTRICT_STAFF, Role
from portal.accounts.rules import holds, works_at

STAFF = AGENCY_STAFF | DISTRICT_STAFF | BUREAU_DECIDERS
LEADS = frozenset({Role.AGENCY_LEAD, Role.DISTRICT_LEAD, Role.BUREAU_LEAD})

staff = holds(*STAFF)
handles = works_at("handler") & staff
leads = holds(*LEADS)
leads_the_handler = works_at("handler") & leads


def _asked(actor: Actor, request: Any) -> bool:
    """Hold for the person whose request it is, acting personally."""
    return actor.acts_personally and actor.person is not None and actor.person.pk == request.person_id


asked = Predicate(_asked, name="asked")
