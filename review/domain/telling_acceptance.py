"""Posting what agencies, the bureau, applicants and employers are told about results, each in the transaction of its step."""

import datetime as dt
from collections.abc import Iterable

from applications.domain.telling import last_day_words, rights
from applications.rules import STAFF
from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS, OrganisationKind, Role
from portal.catalogue.queries import policy_of
from portal.deadlines.terms import end_of_count
from portal.notifications.post import post
from portal.notifications.recipients import Recipient, holders_at
from portal.shared.office import in_office_language
from portal.workdays.queries import calendar_in_force
from review.enums.accepting import CaseState
from review.letters import accepting as letters
from review.models import AcceptedCase, ResultAcceptance


@in_office_language
def tell_reported(batch: ResultAcceptance, at: dt.datetime) -> None:
    """The bureau learns that a batch waits."""
    agency = batch.session.committee.agency.name
    facts = {"agency": agency, "session": batch.session.title, "number": batch.cases.count()}
    post(letters.ResultsReported, to=_bureau(BUREAU_DECIDERS), about=batch, at=at, facts=facts)


@in_office_language
def tell_sent_back(batch: ResultAcceptance, at: dt.datetime) -> None:
    """The agency learns what is missing."""
    facts = {"session": batch.session.title, "reason": batch.asked}
    post(letters.BatchSentBack, to=_agency(batch), about=batch, at=at, facts=facts)


@in_office_language
def tell_accepted(batch: ResultAcceptance, held: int, at: dt.datetime) -> None:
    """The agency learns how many were accepted and how many are held."""
    accepted = batch.cases.filter(state=CaseState.ACCEPTED).count()
    facts = {"session": batch.session.title, "accepted": accepted, "held": held}
    post(letters.BatchAccepted, to=_agency(batch), about=batch, at=at, facts=facts)


@in_office_language
def tell_refused(batch: ResultAcceptance, at: dt.datetime) -> None:
    """The agency learns why; the applicants are told by the void of the session that they are voted on again."""
    facts = {"session": batch.session.title, "reason": batch.reason}
    post(letters.BatchRefused, to=_agency(batch), about=batch, at=at, facts=facts)


@in_office_language
def tell_released(case: AcceptedCase, at: dt.datetime) -> None:
    """The agency learns that somebody held is accepted now."""
    post(letters.CaseReleased, to=_agency(case.acceptance), about=case.acceptance, at=at, facts=_of(case))


@in_office_language
def tell_revote(case: AcceptedCase, at: dt.datetime) -> None:
    """The agency learns that others vote again, and why; the applicant is told by the void of the case."""
    facts = {**_of(case), "reason": case.reason}
    post(letters.CaseRevoted, to=_agency(case.acceptance), about=case.acceptance, at=at, facts=facts)


@in_office_language
def tell_not_passed(case: AcceptedCase, at: dt.datetime) -> None:
    """N-09: the person learns the outcome with the right of review and its last day (A-24); nobody else is told."""
    days = policy_of(case.policy_code).number("appeal.file_workdays")
    until = end_of_count(calendar_in_force(), at, days, ()).due_at
    facts = {
        "title": case.title,
        "committee": case.committee,
        "until": last_day_words(until),
        "rights": rights(at),
    }
    post(letters.ResultNotPassed, to=case.application.applicant, about=case.application, at=at, facts=facts)


@in_office_language
def tell_on_notice(case: AcceptedCase, *, since: dt.datetime, until: dt.datetime | None) -> None:
    """N-10: the employer learns from when to when; the person is told by the notice itself."""
    facts = {**_named(case), "since": since, "until": until}
    about = case.application.recommendation
    post(letters.OnResultNoticeToEmployer, to=_employer(case), about=about, at=since, facts=facts)


@in_office_language
def tell_exemption_proposed(case: AcceptedCase, at: dt.datetime) -> None:
    """The bureau learns that a second approver is needed; the letter names neither the person nor the reason."""
    facts = {"session": case.acceptance.session.title, "proposer": str(case.exemption_by)}
    post(letters.ExemptionProposed, to=_bureau(BUREAU_DECIDERS), about=case, at=at, facts=facts)


@in_office_language
def tell_notice_withdrawn(case: AcceptedCase, reason: str, at: dt.datetime) -> None:
    """The employer learns why the notice was taken back; the person is told by the notice itself (domain §8.8 #4)."""
    facts = {**_named(case), "reason": reason}
    about = case.application.recommendation
    post(letters.ResultNoticeWithdrawn, to=_employer(case), about=about, at=at, facts=facts)


@in_office_language
def tell_restricted(case: AcceptedCase, at: dt.datetime) -> None:
    """The employer learns that the result stands and is not to be disclosed (A-12)."""
    about = case.application.recommendation
    post(letters.ResultRestricted, to=_employer(case), about=about, at=at, facts=_named(case))


@in_office_language
def tell_not_recognised(case: AcceptedCase, reason: str, at: dt.datetime) -> None:
    """Applicant, employer and agency learn that an objection took the result away (domain §8.1 #30)."""
    application = case.application
    facts = {"title": case.title, "reason": reason, "rights": rights(at)}
    post(letters.ResultNotRecognised, to=application.applicant, about=application, at=at, facts=facts)
    told, about = {**_named(case), "reason": reason}, application.recommendation
    post(letters.ResultNotRecognisedToEmployer, to=_employer(case), about=about, at=at, facts=told)
    agency = _agency(case.acceptance)
    post(letters.ResultNotRecognisedToAgency, to=agency, about=case.acceptance, at=at, facts=told)


@in_office_language
def tell_overdue(batch: ResultAcceptance, at: dt.datetime) -> None:
    """N-13: the bureau's lead learns that the promise was not kept."""
    facts = {"agency": batch.session.committee.agency.name, "session": batch.session.title}
    post(letters.AcceptanceOverdue, to=_bureau({Role.BUREAU_LEAD}), about=batch, at=at, facts=facts)


def _named(case: AcceptedCase) -> dict[str, str]:
    return {"name": case.application.applicant.full_name, "title": case.title}


def _of(case: AcceptedCase) -> dict[str, str]:
    return {"session": case.acceptance.session.title, **_named(case)}


def _agency(batch: ResultAcceptance) -> Recipient:
    return holders_at(batch.session.committee.agency, AGENCY_STAFF)


def _employer(case: AcceptedCase) -> Recipient:
    return holders_at(case.application.recommendation.organisation, STAFF)


def _bureau(roles: Iterable[Role]) -> list[Recipient]:
    found = Organisation.objects.filter(kind=OrganisationKind.BUREAU, is_active=True)
    return [holders_at(one, roles) for one in found.order_by("pk")]
