"""Certificates on their way to the national query platform, by a sweep over rows: late or twice, but never lost (E-36).

The platform is called outside any transaction, under a lease. The same version again is answered with its first
receipt, an older one than the platform has is refused as outdated and counts as taken.
"""

import datetime as dt
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from certificates.enums import CertificateState, PushState
from certificates.models import Certificate, NationalPush
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import IdentityDocument
from portal.catalogue.enums import LevelKey
from portal.connectors import national_query
from portal.connectors.errors import ConnectorError, Refused, Unreachable
from portal.connectors.national_query import IssuedCertificate
from portal.connectors.people import DocumentKind as WireKind
from portal.connectors.people import Who
from portal.connectors.titles import Level, Standing
from portal.shared import clock
from portal.shared.office import in_office_language
from portal.workflow import carry_out

log = structlog.get_logger("certificates")

# Longer than any call may take.
LEASE = dt.timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=2)
OUTDATED = "outdated"
STANDINGS = {
    CertificateState.ISSUED: Standing.VALID,
    CertificateState.SUSPENDED: Standing.SUSPENDED,
    CertificateState.REVOKED: Standing.REVOKED,
    CertificateState.SUPERSEDED: Standing.SUPERSEDED,
}
LEVELS = {
    LevelKey.FULL: Level.SENIOR_FULL,
    LevelKey.ASSOCIATE: Level.SENIOR_ASSOCIATE,
    LevelKey.INTERMEDIATE: Level.INTERMEDIATE,
    LevelKey.ASSISTANT: Level.ASSISTANT,
    LevelKey.ENTRY: Level.ENTRY,
}


class NoDocument(Exception):  # noqa: N818 - says what is missing
    """A holder whose identity document is not on file cannot be named to the platform."""


def tell_platform(certificate: Certificate, at: dt.datetime) -> None:
    """Have the platform told how the certificate stands now; in the transaction of the step.

    One that may not be shown to the public is not pushed to a public platform (A-12).
    """
    if not certificate.is_restricted:
        standing = STANDINGS[CertificateState(certificate.state)]
        NationalPush.objects.create(
            certificate=certificate, version=certificate.version, standing=standing.value, not_before=at
        )


def stuck() -> QuerySet[NationalPush]:
    """Return what nobody calls for until staff has looked."""
    return NationalPush.objects.filter(state=PushState.WAITING, not_before=None).order_by("pk")


def push_again(row: NationalPush, *, by: Actor, at: dt.datetime, key: str | None = None) -> NationalPush:
    """Have the platform called again for what staff looked at; raises StepRefused while it is waited for anyway."""
    return carry_out(row, "push_again", by=by, at=at, key=key)


def push_waiting(*, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Tell the platform what waits, one by one, for about ``seconds``; return how many rows it took."""
    taken, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        at = now()
        row = claim(at)
        if row is None:
            break
        try:
            taken += _push(row, at)
        except Unreachable as failure:
            _postpone(row, failure.why, at)
            break
    return taken


def claim(at: dt.datetime) -> NationalPush | None:
    """Lease the row that is due longest and return it, or None where nothing is due that nobody holds."""
    with transaction.atomic():
        due = NationalPush.objects.filter(not_before__lte=at).select_for_update(skip_locked=True, no_key=True)
        row = due.order_by("not_before", "pk").first()
        if row is None:
            return None
        row.attempts += 1
        row.not_before = at + LEASE
        row.save(update_fields=["attempts", "not_before"])
        return row


def _push(row: NationalPush, at: dt.datetime) -> bool:
    try:
        receipt = national_query.push(_told(row), at=at).receipt_number
    except Unreachable:
        raise
    except Refused as refused:
        if refused.code != OUTDATED:
            return _leave_to_staff(row, refused)
        receipt = OUTDATED  # a later version was faster; the platform shows what holds
    except (ConnectorError, NoDocument) as failure:
        return _leave_to_staff(row, failure)
    carry_out(row, "mark_taken", by=SYSTEM, at=at, receipt=receipt)
    return True


@in_office_language
def _told(row: NationalPush) -> IssuedCertificate:
    certificate = Certificate.objects.select_related("holder").get(pk=row.certificate_id)
    return IssuedCertificate(
        certificate_number=certificate.number,
        version=row.version,
        holder=_who(certificate),
        series=certificate.series,
        specialty=certificate.specialty,
        title=certificate.title,
        level=LEVELS[LevelKey(certificate.level)],
        passed_on=certificate.passed_on,
        issued_on=certificate.issued_on,
        authority=str(settings.PORTAL_OWNER),
        district_limited=bool(certificate.district_limited),
        standing=Standing(row.standing),
    )


def _who(certificate: Certificate) -> Who:
    documents = IdentityDocument.objects.filter(person=certificate.holder_id, verified_at__isnull=False).order_by("pk")
    held = sorted(documents, key=lambda one: (one.ended_at is not None, one.kind != DocumentKind.RESIDENT_ID))
    if not held:
        raise NoDocument("no_identity_document")
    return Who(certificate.holder_name, WireKind(held[0].kind), held[0].number)


def _postpone(row: NationalPush, why: str, at: dt.datetime) -> None:
    pause = min(FIRST_PAUSE * 2.0 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
    _still(row).update(not_before=at + pause, last_error=why)


def _leave_to_staff(row: NationalPush, failure: Exception) -> bool:
    log.error("push_stuck", code=row.code, why=str(failure))
    _still(row).update(not_before=None, last_error=str(failure)[:120])
    return False


def _still(row: NationalPush) -> QuerySet[NationalPush]:
    """Return the row as long as nobody moved it during the call."""
    return NationalPush.objects.filter(pk=row.pk, state=PushState.WAITING, not_before=row.not_before)
