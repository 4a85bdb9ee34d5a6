"""Posting the letters of the agency's check, each in the transaction of its step."""

import datetime as dt

from applications.domain.telling import rights
from applications.rules import STAFF
from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, OrganisationKind, Role
from portal.notifications.kinds import Letter
from portal.notifications.post import post
from portal.notifications.recipients import Recipient, holders_at
from portal.shared.office import in_office_language
from review.letters import checking as letters
from review.models import AgencyReview


@in_office_language
def tell_passed(review: AgencyReview, at: dt.datetime) -> None:
    """N-06: to the person and the employer."""
    application = review.application
    shared = {"title": application.title, "agency": review.agency.name}
    post(letters.ReviewPassed, to=application.applicant, about=application, at=at, facts=shared)
    told = {**shared, "name": application.applicant.full_name}
    post(letters.ReviewPassedToEmployer, to=_employer(review), about=application.recommendation, at=at, facts=told)


@in_office_language
def tell_rejected(review: AgencyReview, at: dt.datetime) -> None:
    """N-06: reason and rule to both, and the rights to the person."""
    application = review.application
    shared = {
        "title": application.title,
        "agency": review.agency.name,
        "reason": review.reason,
        "rule": review.get_basis_display(),
    }
    facts = {**shared, "rights": rights(at)}
    post(letters.ReviewRejected, to=application.applicant, about=application, at=at, facts=facts)
    told = {**shared, "name": application.applicant.full_name}
    post(letters.ReviewRejectedToEmployer, to=_employer(review), about=application.recommendation, at=at, facts=told)


@in_office_language
def tell_suspended(review: AgencyReview, at: dt.datetime) -> None:
    """The person learns that no time runs while the agency may not work."""
    _tell_applicant(letters.ReviewSuspended, review, at)


@in_office_language
def tell_resumed(review: AgencyReview, at: dt.datetime) -> None:
    """The person learns that time runs again."""
    _tell_applicant(letters.ReviewResumed, review, at)


@in_office_language
def tell_transferred(review: AgencyReview, before: Organisation, reason: str, at: dt.datetime) -> None:
    """The person and the employer learn who goes on, and that nothing is to be handed in or paid again; the agency, what came."""
    application = review.application
    facts = {"title": application.title, "before": before.name, "agency": review.agency.name}
    kind = letters.ReviewTransferred if review.is_open else letters.PassedFileTransferred
    post(kind, to=application.applicant, about=application, at=at, facts=facts)
    named = {**facts, "name": application.applicant.full_name}
    post(
        letters.ReviewTransferredToEmployer, to=_employer(review), about=application.recommendation, at=at, facts=named
    )
    to, told = holders_at(review.agency, AGENCY_STAFF), {**named, "reason": reason}
    if review.is_open:
        post(letters.ReviewHandedOver, to=to, about=review, at=at, facts=told)
    else:
        told["stage"] = application.get_state_display()
        post(letters.PassedFileHandedOver, to=to, about=review, at=at, facts=told)


@in_office_language
def tell_overdue(review: AgencyReview, at: dt.datetime) -> None:
    """N-13: to the agency's lead and the bureau, once for all files that fell due together; the desks count the rest."""
    bureaus = Organisation.objects.filter(kind=OrganisationKind.BUREAU)
    to: list[Recipient] = [
        holders_at(review.agency, {Role.AGENCY_LEAD}),
        *(holders_at(bureau, {Role.BUREAU_LEAD}) for bureau in bureaus),
    ]
    facts = {"agency": review.agency.name, "until": review.due_at}
    post(letters.FirstCheckOverdue, to=to, about=review, at=at, facts=facts)


@in_office_language
def tell_second_return(review: AgencyReview, reason: str, at: dt.datetime) -> None:
    """The agency learns that it may return once more, and why."""
    application = review.application
    facts = {"name": application.applicant.full_name, "title": application.title, "reason": reason}
    to = holders_at(review.agency, AGENCY_STAFF)
    post(letters.SecondReturnAuthorised, to=to, about=review, at=at, facts=facts)


def _tell_applicant(kind: type[Letter], review: AgencyReview, at: dt.datetime) -> None:
    application = review.application
    facts = {"title": application.title, "agency": review.agency.name}
    post(kind, to=application.applicant, about=application, at=at, facts=facts)


def _employer(review: AgencyReview) -> Recipient:
    return holders_at(review.application.recommendation.organisation, STAFF)
