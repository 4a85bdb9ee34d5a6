"""Whether agencies may evaluate: keeping the year's list, suspending, restoring, withdrawing (R-152, R-153)."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue.enums import AuthorityState
from portal.catalogue.models import AgencyAuthority, Edition
from portal.workflow import carry_out

Listener = Callable[[AgencyAuthority, dt.datetime], None]

_listeners: list[Listener] = []


def on_change(listener: Listener) -> None:
    """Have ``listener(authority, at)`` called in the transaction in which an agency's standing changes.

    The rooms above stop and resume the timers of its applicants, and refuse new sessions.
    """
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def suspend(
    authority: AgencyAuthority,
    *,
    reason: str,
    remedy_due_on: dt.date,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> AgencyAuthority:
    """Suspend the agency's evaluation and order a remedy until a day."""
    row = carry_out(authority, "suspend", by=by, at=at, key=key, reason=reason, remedy_due_on=remedy_due_on)
    return _told(row, at)


@transaction.atomic
def restore(
    authority: AgencyAuthority, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> AgencyAuthority:
    """End a suspension because the remedy was accepted."""
    return _told(carry_out(authority, "restore", by=by, at=at, key=key, reason=reason), at)


@transaction.atomic
def withdraw(
    authority: AgencyAuthority, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> AgencyAuthority:
    """Take the right to evaluate away for the year; signed results stay as they are (domain §13.14)."""
    return _told(carry_out(authority, "withdraw", by=by, at=at, key=key, reason=reason), at)


def keep_list(edition: Edition, *, by: Actor, at: dt.datetime) -> None:
    """Bring the standings in line with the revision just published: list whom it names, delist whom it no longer names."""
    named = set(
        edition.entries.at_revision(edition.revision)
        .exclude(committee=None)
        .values_list("committee__agency", flat=True)
    )
    known = {authority.agency_id: authority for authority in AgencyAuthority.objects.filter(edition=edition)}
    for agency in Organisation.objects.filter(pk__in=named - known.keys()).order_by("pk"):
        AgencyAuthority.objects.create(edition=edition, agency=agency, changed_at=at)
    for agency_id, authority in known.items():
        if agency_id in named and authority.state == AuthorityState.DELISTED:
            _told(carry_out(authority, "relist", by=by, at=at), at)
        elif agency_id not in named and authority.state == AuthorityState.LISTED:
            _told(carry_out(authority, "delist", by=by, at=at), at)


def _told(authority: AgencyAuthority, at: dt.datetime) -> AgencyAuthority:
    for listener in _listeners:
        listener(authority, at)
    return authority
