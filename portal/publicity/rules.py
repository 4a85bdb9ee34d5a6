"""Who may post, withdraw, handle and decide; each predicate takes (actor, notice or objection)."""

from portal.accounts.roles import (
    AGENCY_STAFF,
    ASSOCIATION_STAFF,
    BUREAU_DECIDERS,
    DISTRICT_STAFF,
    EMPLOYER_STAFF,
    HEADS,
    Role,
)
from portal.accounts.rules import holds, is_system, works_at

STAFF = EMPLOYER_STAFF | ASSOCIATION_STAFF | AGENCY_STAFF | DISTRICT_STAFF | BUREAU_DECIDERS | {Role.UNIT_ADMIN}
LEADS = HEADS | {Role.AGENCY_LEAD, Role.DISTRICT_LEAD, Role.BUREAU_LEAD, Role.UNIT_ADMIN}

staff = holds(*STAFF)
publishes = (works_at("publisher") & staff) | is_system
leads_the_publisher = works_at("publisher") & holds(*LEADS)
handles = works_at("handler") & staff
leads_the_handler = works_at("handler") & holds(*LEADS)
