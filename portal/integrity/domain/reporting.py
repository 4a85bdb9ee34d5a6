"""What the credit platforms are to show, brought to them by a sweep over rows: late or twice, but never lost (A-14).

A platform is called outside any transaction, under a lease; who dies between the call and the mark leaves a row that
comes due again, and the platform answers a repeated number with its first receipt. An outage is waited out for as long
as it lasts. What the platform refuses is not repeated by itself: staff must look.
"""

import datetime as dt
import time
from collections.abc import Callable, Collection

import structlog
from django.db import transaction
from django.db.models import QuerySet

from portal.accounts.actors import SYSTEM
from portal.connectors import credit
from portal.connectors.credit import CreditRecord, Platform, Receipt
from portal.connectors.errors import ConnectorError, Refused, Unreachable
from portal.integrity.domain.naming import NoDocument, record_for_platforms, subject_of
from portal.integrity.enums import AT_WORK, EntryState, RecordState
from portal.integrity.models import IntegrityRecord, PlatformEntry
from portal.shared import clock
from portal.shared.errors import StepNotOpen
from portal.workflow import carry_out

log = structlog.get_logger("portal.integrity")

# Longer than any call may take (``Way.patience``).
LEASE = dt.timedelta(seconds=60)
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=2)
UNKNOWN_THERE = "no_such_record"


def put_on(record: IntegrityRecord, at: dt.datetime) -> None:
    """Have both platforms show the record."""
    for platform in Platform:
        PlatformEntry.objects.create(record=record, platform=platform.value, not_before=at)


def take_off(record: IntegrityRecord, at: dt.datetime) -> None:
    """Have both platforms show the record no more."""
    for entry in record.entries.filter(state__in=[EntryState.TO_SHOW, EntryState.SHOWN]).order_by("pk"):
        carry_out(entry, "take_off", by=SYSTEM, at=at)


def stuck() -> QuerySet[PlatformEntry]:
    """Return the entries that nobody calls for until staff has looked."""
    return PlatformEntry.objects.filter(state__in=AT_WORK, not_before=None).order_by("pk")


def report_waiting(*, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Tell the platforms what waits, one by one, for about ``seconds`` at most; return how many entries were settled."""
    settled, down, ends = 0, set[str](), time.monotonic() + seconds
    while time.monotonic() < ends:
        at = now()
        entry = claim_next(at=at, without=down)
        if entry is None:
            break
        try:
            settled += _report(entry, at)
        except Unreachable as failure:
            _postpone(entry, failure.why, at)
            down.add(entry.platform)
    return settled


def claim_next(*, at: dt.datetime, without: Collection[str] = ()) -> PlatformEntry | None:
    """Lease the entry that is due longest and return it, or None where nothing is due that nobody holds."""
    with transaction.atomic():
        due = PlatformEntry.objects.filter(not_before__lte=at).exclude(platform__in=without)
        locked = due.select_for_update(of=("self",), no_key=True, skip_locked=True)
        entry = locked.order_by("not_before", "pk").first()
        if entry is None:
            return None
        entry.attempts += 1
        entry.not_before = at + LEASE
        entry.save(update_fields=["attempts", "not_before"])
        return entry


def _report(entry: PlatformEntry, at: dt.datetime) -> bool:
    """Take a claimed entry one step further; raises Unreachable where the platform did not answer."""
    try:
        if entry.state == EntryState.TO_SHOW:
            return _mark(entry, "mark_shown", _shown(entry, at).receipt_number, at)
        return _mark(entry, "mark_removed", _removed(entry, at), at)
    except Unreachable:
        raise
    except (ConnectorError, NoDocument) as failure:
        _leave_to_staff(entry, failure)
        return False


def _shown(entry: PlatformEntry, at: dt.datetime) -> Receipt:
    record = IntegrityRecord.objects.with_names().get(pk=entry.record_id)
    told: CreditRecord = record_for_platforms(record)
    return credit.push(Platform(entry.platform), subject_of(record.subject), told, at=at)


def _removed(entry: PlatformEntry, at: dt.datetime) -> str:
    """Have the record taken off and return the receipt; empty where the platform never had it."""
    record = IntegrityRecord.objects.get(pk=entry.record_id)
    reason = RecordState(record.state).label
    try:
        return credit.withdraw(Platform(entry.platform), record.code, str(reason), at=at).receipt_number
    except Refused as refused:
        if refused.code != UNKNOWN_THERE:
            raise
        return ""


def _mark(entry: PlatformEntry, step: str, receipt: str, at: dt.datetime) -> bool:
    """Keep the receipt; where the record was quashed during the call, the entry already waits to be taken off."""
    try:
        carry_out(entry, step, by=SYSTEM, at=at, receipt=receipt)
    except StepNotOpen:
        PlatformEntry.objects.filter(pk=entry.pk, receipt="").update(receipt=receipt, shown_at=at)
    return True


def _postpone(entry: PlatformEntry, why: str, at: dt.datetime) -> None:
    pause = min(FIRST_PAUSE * 2.0 ** min(entry.attempts - 1, 10), LONGEST_PAUSE)
    _still(entry).update(not_before=at + pause, last_error=why)


def _leave_to_staff(entry: PlatformEntry, failure: Exception) -> None:
    log.error("platform_entry_stuck", platform=entry.platform, why=str(failure))
    _still(entry).update(not_before=None, last_error=str(failure)[:120])


def _still(entry: PlatformEntry) -> QuerySet[PlatformEntry]:
    """Return the row as long as nobody moved it during the call."""
    return PlatformEntry.objects.filter(pk=entry.pk, state=entry.state, not_before=entry.not_before)
