"""Who may change the catalogue, the policy and the schedules."""

from rules import predicate

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.accounts.rules import bureau, bureau_lead, holds, is_system, works_at

# Data that the portal ships with come from the system; whatever people enter is decided by people.
may_prepare = bureau | is_system
may_decide = bureau_lead | is_system


@predicate
def acts_for_an_owner(actor: Actor) -> bool:
    """Hold for staff of an authority that can own a schedule: an industry authority or a district (R-031, R-037)."""
    owners = {OrganisationKind.INDUSTRY, OrganisationKind.DISTRICT}
    return actor.organisation is not None and actor.organisation.kind in owners


owns_it = works_at("owner") & acts_for_an_owner & holds(Role.INDUSTRY_OFFICER, Role.DISTRICT_CLERK, Role.DISTRICT_LEAD)
may_prepare_schedule = may_prepare | owns_it
may_publish_schedule = may_decide | (works_at("owner") & holds(Role.INDUSTRY_OFFICER, Role.DISTRICT_LEAD))
keeps_guide = may_prepare | works_at("committee_agency")
