"""Who may: predicates over the actor and the rows of the agency's half."""

from typing import TYPE_CHECKING

from rules import predicate

from applications.rules import is_applicant, is_the_agency
from portal.accounts.actors import Actor
from portal.accounts.rules import agency, agency_lead, bureau, bureau_lead, is_system, works_at

if TYPE_CHECKING:
    from review.models.payment import Payment
    from review.models.refund import Refund

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


# --- The fee ----------------------------------------------------------------------------------
@predicate
def pays(actor: Actor, payment: "Payment") -> bool:
    """Hold for the person whose application it is, acting personally."""
    return bool(is_applicant.test(actor, payment.application))


@predicate
def at_the_payments_agency(actor: Actor, payment: "Payment") -> bool:
    """Hold for staff of the agency that reviews the application."""
    return bool(is_the_agency.test(actor, payment.application))


@predicate
def at_the_refunds_agency(actor: Actor, refund: "Refund") -> bool:
    """Hold for staff of the agency that reviews the application whose money goes back."""
    return bool(is_the_agency.test(actor, refund.order.payment.application))


leads_the_payments_agency = at_the_payments_agency & agency_lead
leads_the_refunds_agency = at_the_refunds_agency & agency_lead
reconciles = agency_lead | bureau | is_system
