"""Who may change the catalogue, the policy and the schedules."""

from portal.accounts.roles import Role
from portal.accounts.rules import agency, bureau, bureau_lead, district, holds, is_system, works_at

# Data that the portal ships with come from the system; whatever people enter is decided by people.
may_prepare = bureau | is_system
may_decide = bureau_lead | is_system

# Authorities whose own notice sets dates: an industry authority, or a district in its authorised scope.
keeps_a_schedule = holds(Role.INDUSTRY_OFFICER, Role.DISTRICT_CLERK, Role.DISTRICT_LEAD)
may_prepare_schedule = may_prepare | (keeps_a_schedule & works_at("owner"))
may_publish_schedule = may_decide | (holds(Role.INDUSTRY_OFFICER, Role.DISTRICT_LEAD) & works_at("owner"))

# A district office acts as agency for the rows that name it.
writes_guides = agency | district | holds(Role.INDUSTRY_OFFICER)
keeps_guide = may_prepare | (writes_guides & works_at("committee_agency"))
