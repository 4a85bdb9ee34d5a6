"""The way of a filing: handed in, sent back, filed, amended, running out, revoked (domain §8.12)."""

import datetime as dt
from collections.abc import Callable

from applications.domain.settling import settled_first
from portal.accounts.actors import SYSTEM, Actor
from portal.deadlines import setting
from portal.shared import clock
from portal.workflow import carry_out
from review.domain import filing_roll, telling_filings
from review.enums.filing import FILING_EXPIRED, FILING_EXPIRING, IN_FORCE, FilingState
from review.guards.filing import FIRST_WARNING
from review.models import CommitteeFiling

Listener = Callable[[CommitteeFiling, dt.datetime], None]

_listeners: list[Listener] = []


def on_end(listener: Listener) -> None:
    """Have ``listener(filing, at)`` called in the transaction in which a filing expires or is revoked.

    The sessions cancel what is not open yet; signed results stay as they are (domain §13.14).
    """
    if listener not in _listeners:
        _listeners.append(listener)


@settled_first
def submit(filing: CommitteeFiling, *, by: Actor, at: dt.datetime, key: str | None = None) -> CommitteeFiling:
    """Hand the filing in to the bureau; raises StepRefused with everything that is missing."""
    done = carry_out(filing, "submit", by=by, at=at, key=key)
    telling_filings.tell_submitted(done, at)
    return done


@settled_first
def approve_size(
    filing: CommitteeFiling, *, least: int, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeFiling:
    """Let the bureau approve another least number for this committee (A-36)."""
    return carry_out(filing, "approve_size", by=by, at=at, key=key, least=least, reason=reason.strip())


@settled_first
def send_back(
    filing: CommitteeFiling, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeFiling:
    """Give the filing back to be mended."""
    done = carry_out(filing, "send_back", by=by, at=at, key=key, reason=reason.strip())
    telling_filings.tell_sent_back(done, at)
    return done


@settled_first
def refuse(
    filing: CommitteeFiling, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeFiling:
    """Refuse the filing for good."""
    done = carry_out(filing, "refuse", by=by, at=at, key=key, reason=reason.strip())
    telling_filings.tell_refused(done, at)
    return done


@settled_first
def record(
    filing: CommitteeFiling,
    *,
    number: str,
    valid_from: dt.date,
    valid_to: dt.date,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> CommitteeFiling:
    """Enter the committee under a number, from one day to another, both included; sets its timers (E-04, A-55)."""
    done = carry_out(filing, "record", by=by, at=at, key=key, number=number, valid_from=valid_from, valid_to=valid_to)
    over = clock.end_of(valid_to)
    for kind, due_at in ((FILING_EXPIRED, over), (FILING_EXPIRING, over - FIRST_WARNING)):
        setting.lift(kind, done, at=at)
        setting.set_instant(kind, done, due_at=due_at, at=at)
    telling_filings.tell_recorded(done, at)
    return done


@settled_first
def amend(
    filing: CommitteeFiling, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeFiling:
    """Begin to change members; the roll that was filed goes on holding."""
    return carry_out(filing, "amend", by=by, at=at, key=key, reason=reason.strip())


@settled_first
def hand_in_change(filing: CommitteeFiling, *, by: Actor, at: dt.datetime, key: str | None = None) -> CommitteeFiling:
    """Hand the changed roll in to the bureau."""
    done = carry_out(filing, "hand_in_change", by=by, at=at, key=key)
    telling_filings.tell_change_handed_in(done, at)
    return done


@settled_first
def confirm_change(filing: CommitteeFiling, *, by: Actor, at: dt.datetime, key: str | None = None) -> CommitteeFiling:
    """Let the changed roll hold from now on."""
    done = carry_out(filing, "confirm_change", by=by, at=at, key=key)
    filing_roll.apply_changes(done)
    telling_filings.tell_change_confirmed(done, at)
    return _nearly_over_again(done, at)


@settled_first
def drop_change(
    filing: CommitteeFiling, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeFiling:
    """Give the change up; the roll stays as it was."""
    done = carry_out(filing, "drop_change", by=by, at=at, key=key, reason=reason.strip())
    filing_roll.drop_changes(done)
    telling_filings.tell_change_dropped(done, at)
    return _nearly_over_again(done, at)


@settled_first
def revoke(
    filing: CommitteeFiling, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeFiling:
    """Take the filing back; sessions that are not over are cancelled by their room."""
    done = carry_out(filing, "revoke", by=by, at=at, key=key, reason=reason.strip())
    for kind in (FILING_EXPIRED, FILING_EXPIRING):
        setting.lift(kind, done, at=at)
    telling_filings.tell_revoked(done, at)
    return _over(done, at)


# --- Timers -----------------------------------------------------------------------------------
def nearly_over(filing: CommitteeFiling, at: dt.datetime) -> None:
    """Ninety days are left (N-14); where a change is under way, the state follows once that is done."""
    row = CommitteeFiling.objects.with_all().get(pk=filing.pk)
    if row.state not in IN_FORCE:
        return
    if row.state == FilingState.FILED:
        row = carry_out(row, "near_end", by=SYSTEM, at=at)
    telling_filings.tell_expiring(row, at)


def is_over(filing: CommitteeFiling, at: dt.datetime) -> None:
    """The last day ended: no session opens any more (E-15)."""
    row = CommitteeFiling.objects.with_all().get(pk=filing.pk)
    if row.state in IN_FORCE:
        done = carry_out(row, "expire", by=SYSTEM, at=at)
        telling_filings.tell_expired(done, at)
        _over(done, at)


def _nearly_over_again(filing: CommitteeFiling, at: dt.datetime) -> CommitteeFiling:
    """Return the filing in its last ninety days where it lies in them: the bell of that day has rung before."""
    assert filing.valid_to is not None  # noqa: S101 - what was filed has its days
    is_near = at >= clock.end_of(filing.valid_to) - FIRST_WARNING
    return carry_out(filing, "near_end", by=SYSTEM, at=at) if is_near else filing


def _over(filing: CommitteeFiling, at: dt.datetime) -> CommitteeFiling:
    filing_roll.drop_changes(filing)
    for listener in _listeners:
        listener(filing, at)
    return filing
