"""Posting what experts, agencies and employers are told about terms, each in the transaction of its step."""

import datetime as dt
from collections.abc import Iterator

from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, EMPLOYER_STAFF
from portal.notifications.post import post
from portal.notifications.recipients import Recipient, holders_at
from portal.shared.office import in_office_language
from review.letters import pooling as letters
from review.models import DutyRecord, ExpertTerm


def scope_words(term: ExpertTerm) -> str:
    """Return the pool in words: 示例中心 工程技术系列（高级）."""
    known = {"agency": term.agency.name, "series": term.series.name, "band": term.get_band_display()}
    return _("%(agency)s %(series)s系列（%(band)s）") % known


def span_words(term: ExpertTerm) -> str:
    """Return the first and last day of the term in words."""
    if term.starts_on is None or term.ends_on is None:
        return ""
    first, last = (dateformat.format(day, _("Y年n月j日")) for day in (term.starts_on, term.ends_on))
    return _("%(first)s至%(last)s") % {"first": first, "last": last}


@in_office_language
def tell_nominated(term: ExpertTerm, at: dt.datetime) -> None:
    """The person learns that somebody named them, and that nothing happens without their consent."""
    facts = {"scope": scope_words(term), "nominator": term.nominator.name if term.nominator else ""}
    post(letters.ExpertNominated, to=term.expert.person, about=term, at=at, facts=facts)


@in_office_language
def tell_vetted(term: ExpertTerm, at: dt.datetime) -> None:
    """Whoever named the person, and the agency, learn that the appointment can follow."""
    facts = {"name": term.expert.person.full_name, "scope": scope_words(term)}
    post(letters.ExpertVetted, to=[*_nominators(term), _agency(term)], about=term, at=at, facts=facts)


@in_office_language
def tell_declined(term: ExpertTerm, at: dt.datetime) -> None:
    """Whoever named the person learns why not."""
    facts = {"name": term.expert.person.full_name, "scope": scope_words(term), "reason": term.reason}
    to = [*_nominators(term), _agency(term)]
    post(letters.ExpertDeclined, to=to, about=term, at=at, facts=facts)


@in_office_language
def tell_appointed(term: ExpertTerm, at: dt.datetime) -> None:
    """The expert learns the term and that the promise is to be signed; the employer learns of the service."""
    facts = {"scope": scope_words(term), "number": term.number, "span": span_words(term)}
    post(letters.ExpertAppointed, to=term.expert.person, about=term, at=at, facts=facts)
    told = {**facts, "name": term.expert.person.full_name}
    post(letters.ExpertAppointedToEmployer, to=list(_employers(term)), about=term, at=at, facts=told)


@in_office_language
def tell_duty(duty: DutyRecord, at: dt.datetime) -> None:
    """The expert learns what was written down of a session, and can read it."""
    facts = {"scope": scope_words(duty.term), "held_on": dateformat.format(duty.held_on, _("Y年n月j日"))}
    told = {**facts, "remark": duty.remark}
    post(letters.DutyObserved, to=duty.term.expert.person, about=duty.term, at=at, facts=told)


@in_office_language
def tell_paused(term: ExpertTerm, at: dt.datetime) -> None:
    """The expert learns of the pause and why."""
    facts = {"scope": scope_words(term), "reason": term.reason}
    post(letters.ExpertPaused, to=term.expert.person, about=term, at=at, facts=facts)


@in_office_language
def tell_resumed(term: ExpertTerm, at: dt.datetime) -> None:
    """The expert learns that the pause is over."""
    post(letters.ExpertResumed, to=term.expert.person, about=term, at=at, facts={"scope": scope_words(term)})


@in_office_language
def tell_ending(term: ExpertTerm, at: dt.datetime) -> None:
    """N-14: ninety days are left, to the expert and the agency."""
    facts = {"name": term.expert.person.full_name, "scope": scope_words(term), "span": span_words(term)}
    post(letters.ExpertTermEnding, to=[term.expert.person, _agency(term)], about=term, at=at, facts=facts)


@in_office_language
def tell_ended(term: ExpertTerm, at: dt.datetime) -> None:
    """Expert and agency learn that the term is over."""
    facts = {
        "name": term.expert.person.full_name,
        "scope": scope_words(term),
        "span": span_words(term),
        "reason": term.reason,
    }
    post(letters.ExpertTermEnded, to=[term.expert.person, _agency(term)], about=term, at=at, facts=facts)


@in_office_language
def tell_disqualified(term: ExpertTerm, at: dt.datetime) -> None:
    """Expert, agency and employer learn that the qualification is gone (E-14)."""
    facts = {"name": term.expert.person.full_name, "scope": scope_words(term)}
    to = [term.expert.person, _agency(term), *_employers(term)]
    post(letters.ExpertDisqualified, to=to, about=term, at=at, facts=facts)


def _agency(term: ExpertTerm) -> Recipient:
    return holders_at(term.agency, AGENCY_STAFF)


def _nominators(term: ExpertTerm) -> Iterator[Recipient]:
    """Yield who named the person: who did it themselves, or the office behind it."""
    yield term.nominated_by
    if term.nominator is not None and term.nominator_id != term.agency_id:
        yield holders_at(term.nominator, EMPLOYER_STAFF)


def _employers(term: ExpertTerm) -> Iterator[Recipient]:
    """Yield the expert's employer where it is known to the portal."""
    code = term.expert.employer_code
    employer = Organisation.objects.filter(credit_code=code).first() if code else None
    if employer is not None:
        yield holders_at(employer, EMPLOYER_STAFF)
