"""Who may: predicates over (actor, application) and (actor, recommendation)."""

from typing import TYPE_CHECKING

from rules import predicate

from portal.accounts.actors import Actor
from portal.accounts.roles import AGENCY_STAFF, ASSOCIATION_STAFF, EMPLOYER_STAFF, HEADS
from portal.accounts.rules import acts_personally, agency_lead, bureau_lead, holds, is_system, works_at

if TYPE_CHECKING:
    from applications.models import Application

STAFF = EMPLOYER_STAFF | ASSOCIATION_STAFF

recommends = holds(*STAFF)
reads_papers = acts_personally | recommends | holds(*AGENCY_STAFF)
heads_recommender = holds(*HEADS)


@predicate
def is_applicant(actor: Actor, application: "Application") -> bool:
    """Hold for the person whose application it is, acting personally."""
    return actor.acts_personally and actor.person is not None and actor.person.pk == application.applicant_id


@predicate
def is_the_agency(actor: Actor, application: "Application") -> bool:
    """Hold for staff of the agency behind the chosen committee."""
    committee = application.entry.committee
    return (
        actor.organisation is not None
        and committee is not None
        and actor.organisation.pk == committee.agency_id
        and bool(AGENCY_STAFF & actor.roles)
    )


leads_the_agency = is_the_agency & agency_lead
the_agency_or_system = is_the_agency | is_system
employs = works_at("employer") & recommends
employs_as_head = works_at("employer") & heads_recommender
follows_the_employer = employs | is_system
speaks_for_it = works_at("organisation") & recommends
heads_it = works_at("organisation") & heads_recommender
heads_it_or_system = heads_it | is_system
sends_back = speaks_for_it | is_system
disqualifies = bureau_lead | is_system
