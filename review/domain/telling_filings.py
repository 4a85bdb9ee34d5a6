"""Posting what agencies, the bureau and other authorities are told about filings, each in the transaction of its step."""

import datetime as dt
from collections.abc import Iterator

from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.models import Application
from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS, DISTRICT_STAFF, OrganisationKind, Role
from portal.notifications.post import post
from portal.notifications.recipients import Recipient, holders_at
from portal.shared.office import in_office_language
from review.letters import filing as letters
from review.models import CommitteeFiling


def span_words(filing: CommitteeFiling) -> str:
    """Return the first and last day of a filing in words."""
    if filing.valid_from is None or filing.valid_to is None:
        return ""
    first, last = (dateformat.format(day, _("Y年n月j日")) for day in (filing.valid_from, filing.valid_to))
    return _("%(first)s至%(last)s") % {"first": first, "last": last}


@in_office_language
def tell_submitted(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The bureau learns that a filing waits."""
    facts = {"agency": filing.agency.name, "name": filing.name, "scope": filing.scope_words}
    post(letters.FilingSubmitted, to=list(_bureau()), about=filing, at=at, facts=facts)


@in_office_language
def tell_sent_back(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The filer learns what to mend."""
    post(letters.FilingSentBack, to=_filer(filing), about=filing, at=at, facts=_with_reason(filing))


@in_office_language
def tell_refused(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The filer learns why not."""
    post(letters.FilingRefused, to=_filer(filing), about=filing, at=at, facts=_with_reason(filing))


@in_office_language
def tell_recorded(filing: CommitteeFiling, at: dt.datetime) -> None:
    """Filer, district and industry authority learn the number and how long it holds (domain §8.12 #5)."""
    facts = {
        "agency": filing.agency.name,
        "name": filing.name,
        "scope": filing.scope_words,
        "number": filing.number,
        "span": span_words(filing),
    }
    to = [_filer(filing), *_district(filing), *_industry(filing)]
    post(letters.FilingRecorded, to=to, about=filing, at=at, facts=facts)


@in_office_language
def tell_change_handed_in(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The bureau learns that a change of members waits."""
    facts = {
        "agency": filing.agency.name,
        "name": filing.name,
        "number": filing.number,
        "reason": filing.reason,
    }
    post(letters.FilingChangeHandedIn, to=list(_bureau()), about=filing, at=at, facts=facts)


@in_office_language
def tell_change_confirmed(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The filer learns that the changed roll holds."""
    facts = {"name": filing.name, "number": filing.number}
    post(letters.FilingChangeConfirmed, to=_filer(filing), about=filing, at=at, facts=facts)


@in_office_language
def tell_change_dropped(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The filer learns that the roll stays as it was."""
    facts = {**_with_reason(filing), "number": filing.number}
    post(letters.FilingChangeDropped, to=_filer(filing), about=filing, at=at, facts=facts)


@in_office_language
def tell_expiring(filing: CommitteeFiling, at: dt.datetime) -> None:
    """N-14: ninety days are left."""
    facts = {"name": filing.name, "number": filing.number, "span": span_words(filing)}
    post(letters.FilingExpiring, to=_filer(filing), about=filing, at=at, facts=facts)


@in_office_language
def tell_expired(filing: CommitteeFiling, at: dt.datetime) -> None:
    """Filer and bureau learn that no session may open."""
    facts = {
        "agency": filing.agency.name,
        "name": filing.name,
        "number": filing.number,
        "span": span_words(filing),
    }
    post(letters.FilingExpired, to=[_filer(filing), *_bureau()], about=filing, at=at, facts=facts)


@in_office_language
def tell_revoked(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The filer learns of the revocation and why."""
    facts = {**_with_reason(filing), "number": filing.number}
    post(letters.FilingRevoked, to=_filer(filing), about=filing, at=at, facts=facts)


@in_office_language
def tell_waiting(application: Application, at: dt.datetime) -> None:
    """A person learns that no committee may sit over the case now, and that it waits without anything to be done."""
    committee = application.entry.committee
    facts = {"title": application.title, "committee": committee.name if committee else ""}
    post(letters.CommitteeWaits, to=application.applicant, about=application, at=at, facts=facts)


def _with_reason(filing: CommitteeFiling) -> dict[str, str]:
    return {"name": filing.name, "reason": filing.reason}


def _filer(filing: CommitteeFiling) -> Recipient:
    return holders_at(filing.agency, AGENCY_STAFF)


def _bureau() -> Iterator[Recipient]:
    for bureau in Organisation.objects.filter(kind=OrganisationKind.BUREAU, is_active=True):
        yield holders_at(bureau, BUREAU_DECIDERS)


def _district(filing: CommitteeFiling) -> Iterator[Recipient]:
    """Yield the district's authority, where the agency is one of a district."""
    if filing.agency.district:
        same = Organisation.objects.filter(kind=OrganisationKind.DISTRICT, district=filing.agency.district)
        for authority in same.exclude(pk=filing.agency_id):
            yield holders_at(authority, DISTRICT_STAFF)


def _industry(filing: CommitteeFiling) -> Iterator[Recipient]:
    """Yield the industry authority of the series, where it is known to the portal."""
    name = filing.series.industry_authority
    if name:
        for authority in Organisation.objects.filter(kind=OrganisationKind.INDUSTRY, name=name):
            yield holders_at(authority, frozenset({Role.INDUSTRY_OFFICER}))
