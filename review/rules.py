"""Who may: predicates over the actor and the rows of the agency's half."""

from typing import TYPE_CHECKING, Any

from rules import predicate

from applications.rules import is_applicant, is_the_agency
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.accounts.rules import (
    acts_personally,
    agency,
    agency_lead,
    bureau,
    bureau_clerk,
    bureau_lead,
    employer,
    holds,
    is_system,
    works_at,
)
from review.enums.sitting import SEATED

if TYPE_CHECKING:
    from review.models.expert_term import ExpertTerm
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
settles_strays = agency_lead | bureau_lead


# --- Defence ----------------------------------------------------------------------------------
expert = holds(Role.EXPERT)


@predicate
def prepares_defences(actor: Actor, defence: Any) -> bool:
    """Hold for staff of the agency behind the committee before which the person is heard."""
    return bool(is_the_agency.test(actor, defence.application))


@predicate
def is_heard(actor: Actor, defence: Any) -> bool:
    """Hold for the person who is heard, acting personally."""
    return bool(is_applicant.test(actor, defence.application))


@predicate
def sits_in_it(actor: Actor, defence: Any) -> bool:
    """Hold for an expert of the panel who does not keep out of this person's case."""
    if actor.person is None or defence.slot is None or Role.EXPERT not in actor.roles:
        return False
    is_kept_out = defence.application.recusals.filter(expert=actor.person).exists()
    return not is_kept_out and bool(defence.slot.sittings.filter(expert=actor.person).exists())


@predicate
def answers_requests(actor: Actor, request: Any) -> bool:
    """Hold for staff of the agency that the person asked."""
    return bool(is_the_agency.test(actor, request.defence.application))


@predicate
def wrote_it(actor: Actor, opinion: Any) -> bool:
    """Hold for the expert whose opinion it is, acting as an expert."""
    return actor.person is not None and Role.EXPERT in actor.roles and actor.person.pk == opinion.expert_id


prepares_defences_or_system = prepares_defences | is_system
closes_hearings = prepares_defences | sits_in_it | is_system


# --- Experts ----------------------------------------------------------------------------------
nominates_from_outside = employer | holds(Role.INDUSTRY_OFFICER)
nominates = agency | nominates_from_outside | acts_personally
sees_pool = agency | bureau


@predicate
def is_the_expert(actor: Actor, term: "ExpertTerm") -> bool:
    """Hold for the person whose term it is, acting personally or as an expert."""
    is_own_desk = actor.acts_personally or Role.EXPERT in actor.roles
    return actor.person is not None and is_own_desk and actor.person.pk == term.expert.person_id


vets = bureau
allows_more = bureau_lead
declines = bureau | is_the_expert
appoints = leads_it | bureau_lead
renews = bureau_lead
ends_term = checks_it | is_the_expert | is_system
disqualifies = leads_it | bureau_lead | is_system


# --- Filings ----------------------------------------------------------------------------------
files_committee = checks_it
looks_over_filings = bureau
decides_filings = bureau_lead
confirms_changes = bureau_clerk | bureau_lead
takes_changes_back = checks_it | bureau


# --- The committee's session ------------------------------------------------------------------
commissioner = holds(Role.COMMISSIONER)


@predicate
def prepares_session(actor: Actor, session: Any) -> bool:
    """Hold for staff of the agency whose committee meets."""
    return bool(works_at("agency").test(actor, session.committee) and agency.test(actor))


cancels_session = (prepares_session & agency_lead) | is_system
reports_session = prepares_session


@predicate
def chairs_session(actor: Actor, session: Any) -> bool:
    """Hold for the member who chairs, in the room, acting as an expert of the agency."""
    return _chairs(actor, session, in_the_room=True)


@predicate
def signs_session(actor: Actor, session: Any) -> bool:
    """Hold for the member who chaired, wherever the signature is given."""
    return _chairs(actor, session, in_the_room=False)


keeps_minutes = prepares_session | signs_session
changes_to_paper = prepares_session | chairs_session
chairs_session_or_system = chairs_session | is_system
answers_stop = bureau_lead


def _chairs(actor: Actor, session: Any, *, in_the_room: bool) -> bool:
    seat = seat_of(actor, session)
    return seat is not None and seat.is_chair and (seat.is_present or not in_the_room)


def seat_of(actor: Actor, session: Any) -> Any:
    """Return the actor's seat in the session while acting as an expert of its agency, or None."""
    if actor.person is None or Role.EXPERT not in actor.roles or actor.organisation is None:
        return None
    if actor.organisation.pk != session.committee.agency_id:
        return None
    mine = (one for one in session.members.all() if one.person_id == actor.person.pk)
    return next((one for one in mine if one.state in SEATED), None)


@predicate
def watches_session(actor: Actor, session: Any) -> bool:
    """Hold for the commissioner who was named for it (R-115)."""
    return actor.person is not None and Role.COMMISSIONER in actor.roles and actor.person.pk == session.commissioner_id


@predicate
def prepares_draw(actor: Actor, draw: Any) -> bool:
    """Hold for staff of the agency whose session is drawn."""
    return bool(prepares_session.test(actor, draw.session))


@predicate
def shares_in_draw(actor: Actor, draw: Any) -> bool:
    """Hold for the commissioner of the session."""
    return bool(watches_session.test(actor, draw.session))


@predicate
def is_the_member(actor: Actor, member: Any) -> bool:
    """Hold for the expert whose seat it is, acting as an expert of the agency."""
    is_own = actor.person is not None and actor.person.pk == member.person_id and Role.EXPERT in actor.roles
    return is_own and actor.organisation is not None and actor.organisation.pk == member.session.committee.agency_id


@predicate
def seats_member(actor: Actor, member: Any) -> bool:
    """Hold for staff of the agency whose session the seat is in."""
    return bool(prepares_session.test(actor, member.session))


@predicate
def scores_by_it(actor: Actor, sheet: Any) -> bool:
    """Hold for the member whose score sheet it is."""
    return bool(is_the_member.test(actor, sheet.member))


is_the_member_or_seats = is_the_member | seats_member
gives_seat_back = is_the_member | seats_member | is_system
seats_member_or_system = seats_member | is_system


@predicate
def chairs_items_session(actor: Actor, item: Any) -> bool:
    """Hold for the member who chairs the session of the case."""
    return bool(chairs_session.test(actor, item.session))


@predicate
def chairs_item(actor: Actor, item: Any) -> bool:
    """Hold for whoever leads this case: the chair; where the chair keeps out of it or left, the first deputy present."""
    seat = seat_of(actor, item.session)
    leader = item.leader
    return seat is not None and leader is not None and seat.pk == leader.pk


@predicate
def lists_items(actor: Actor, item: Any) -> bool:
    """Hold for staff of the agency whose session the case is in."""
    return bool(prepares_session.test(actor, item.session))


chairs_item_or_system = chairs_item | is_system
chairs_items_session_or_system = chairs_items_session | is_system
lists_items_or_system = lists_items | is_system


# --- Secret ballots ---------------------------------------------------------------------------
meets = expert | commissioner | agency | bureau


@predicate
def counts_session(actor: Actor, session: Any) -> bool:
    """Hold for a scrutineer of the session, acting as an expert of the agency."""
    seat = seat_of(actor, session)
    return seat is not None and bool(session.scrutineers.filter(member=seat).exists())


@predicate
def ends_joint_key(actor: Actor, joint_key: Any) -> bool:
    """Hold for a scrutineer, whoever chairs, and the agency's staff."""
    session = joint_key.session
    is_of_it = any(may.test(actor, session) for may in (counts_session, chairs_session, prepares_session))
    return is_of_it or bool(is_system.test(actor))


# --- Acceptance -------------------------------------------------------------------------------
@predicate
def reports_batch(actor: Actor, batch: Any) -> bool:
    """Hold for staff of the agency whose session was reported."""
    return bool(prepares_session.test(actor, batch.session))


sees_acceptances = agency | bureau
takes_batches = bureau
decides_batches = bureau_lead
posts_results = bureau
keeps_quotas = bureau
decides_quotas = bureau_lead
