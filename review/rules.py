"""Who may: predicates over the actor and the rows of the agency's half."""

from portal.accounts.rules import agency, agency_lead, bureau, bureau_lead, is_system, works_at

# Desks: staff of an agency, its lead, and the bureau that supervises.
checks = agency
leads = agency_lead
sees_reviews = agency | bureau
oversees = bureau
authorises = bureau_lead

# One row: the agency that it was sent to.
checks_it = works_at("agency") & agency
leads_it = works_at("agency") & agency_lead
system = is_system
