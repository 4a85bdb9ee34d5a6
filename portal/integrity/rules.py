"""Who may open, investigate, decide and answer; each predicate takes (actor, record)."""

from typing import Any

from rules.predicates import Predicate

from portal.accounts.actors import Actor
from portal.accounts.roles import (
    AGENCY_STAFF,
    ASSOCIATION_STAFF,
    DISTRICT_STAFF,
    EMPLOYER_STAFF,
    HEADS,
    Role,
)
from portal.accounts.rules import acts_personally, bureau, holds, is_system

# They see misconduct where they work, and may only propose that it be looked into (§8.16 #1).
PROPOSERS = (
    AGENCY_STAFF
    | EMPLOYER_STAFF
    | ASSOCIATION_STAFF
    | DISTRICT_STAFF
    | {Role.UNIT_ADMIN, Role.COMPETENT_OFFICER, Role.INDUSTRY_OFFICER}
)
SPEAKERS = HEADS | {Role.AGENCY_LEAD, Role.DISTRICT_LEAD, Role.UNIT_ADMIN}

proposes = holds(*PROPOSERS)
opens = bureau | proposes | is_system
speaks_for_an_organisation = holds(*SPEAKERS)
records_service = bureau | is_system


def _is_the_subject(actor: Actor, record: Any) -> bool:
    """Hold for the person whom the record is about, acting personally, and for whoever speaks for the organisation."""
    if record.person_id is not None:
        return actor.acts_personally and actor.person is not None and actor.person.pk == record.person_id
    is_theirs = actor.organisation is not None and actor.organisation.pk == record.organisation_id
    return is_theirs and bool(speaks_for_an_organisation.test(actor))


is_the_subject = Predicate(_is_the_subject, name="is_the_subject")
may_be_a_subject = acts_personally | speaks_for_an_organisation
