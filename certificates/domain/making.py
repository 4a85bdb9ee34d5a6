"""Writing the papers of numbered certificates, one by one, by any number of workers; killed in the middle it goes on.

The paper is drawn, signed and time-stamped outside any transaction, under a lease. Only then, in one transaction, does
the certificate come into force with everything that follows. Who dies before leaves a row that comes due again, with
its number.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from certificates.domain import drawing, following, ordering, pushing, readiness, telling
from certificates.domain.logging_events import Happening, LogEvent, log_event, log_events
from certificates.enums import CERTIFICATE_FILE, NOTICE_FILE, CertificateState
from certificates.models import Certificate, IssueOrder
from portal.accounts.actors import SYSTEM
from portal.connectors.errors import Unreachable
from portal.documents import intake
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.sealing import pdf as seals
from portal.sealing import records, tokens
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotOpen, StepRefused
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import accepting

log = structlog.get_logger("certificates")

# Longer than writing and stamping one certificate may take.
LEASE = dt.timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=30), dt.timedelta(hours=1)
MOST_ATTEMPTS = 20


@dataclass(frozen=True)
class Papers:
    """The two signed files of one certificate (R-124)."""

    certificate: bytes
    notice: bytes


def work_off(*, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Make what waits for about ``seconds`` and return how many certificates came into force.

    Where the time-stamp authority does not answer, the round is over: the others would ask in vain as well.
    """
    issued, ends = 0, time.monotonic() + seconds
    ordering.finish_emptied(now())
    while time.monotonic() < ends:
        if ordering.go_on(now()):
            continue
        certificate = claim(now())
        if certificate is None:
            break
        try:
            issued += make(certificate, now)
        except Unreachable:
            break
    return issued


def claim(at: dt.datetime) -> Certificate | None:
    """Lease the certificate that waits longest and return it, or None where none is due that nobody holds."""
    with transaction.atomic():
        due = Certificate.objects.filter(state=CertificateState.PREPARING, not_before__lte=at)
        row = due.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("not_before", "pk").first()
        if row is None:
            return None
        row.attempts += 1
        row.not_before = at + LEASE
        row.save(update_fields=["attempts", "not_before", "updated_at"])
        return row


def make(certificate: Certificate, now: Callable[[], dt.datetime] = clock.now) -> bool:
    """Write a claimed certificate and issue it; return whether it came into force. What hinders it is kept with it.

    Raises Unreachable where the time-stamp authority does not answer; the certificate is tried again later.
    """
    try:
        done = issue(certificate, papers_of(certificate, now()), at=now())
    except Unreachable as failure:
        _postpone(certificate, failure.why, now())
        raise
    except StepNotOpen:
        return False  # another worker was faster, or the number was voided meanwhile
    except (Refusal, StepRefused) as refused:
        _leave_to_staff(certificate, "；".join(str(reason.text) for reason in refused.reasons))
    except Exception as failure:
        log.exception("certificate_not_made", certificate=certificate.code)
        _later(certificate, type(failure).__name__, now())
    else:
        return bool(done.state == CertificateState.ISSUED)
    return False


@in_office_language
def papers_of(certificate: Certificate, at: dt.datetime) -> Papers:
    """Draw and sign the papers of ``certificate``: a quarter of a second of work, no database.

    Raises Refusal for a sign without a glyph, Unreachable where the time-stamp authority does not answer.
    """
    face = certificate.face()
    address, sealed = address_of(tokens.make(face.record())), records.sign(face.record()).signature_file()
    drawn = drawing.draw(face, address=address, sealed_record=sealed)
    notice = drawing.draw_notice(face, address=address, sealed_record=sealed)
    reason = _("核发电子职称证书")
    return Papers(seals.sign(drawn, reason=reason, at=at), seals.sign(notice, reason=reason, at=at))


def address_of(token: str) -> str:
    """Return what the QR code says: the check page, and behind the # the token, which no browser sends to a server."""
    return f"{settings.PORTAL_ADDRESS}{reverse('certificates:check')}#{token}"


@transaction.atomic
def issue(certificate: Certificate, papers: Papers, *, at: dt.datetime) -> Certificate:
    """Put a certificate into force with its papers: application certified, log, platform, letters, promise.

    A correction of a certificate that was revoked meanwhile is voided instead.

    Raises StepNotOpen where it is out already, StepRefused where something speaks against it since the order.
    """
    application = locked(certificate.case.application)
    replaced = _replaced(certificate)
    row = locked(certificate)
    if replaced is not None and replaced.state == CertificateState.REVOKED:
        return following.void_correction(row, at)
    reasons = following.reasons_against_correcting(replaced) if replaced else _reasons(row, at)
    if replaced is not None and not reasons:
        replaced = carry_out(replaced, "supersede", by=SYSTEM, at=at, reason=row.number)
    file, notice_file = _kept(row, papers, at)
    done = carry_out(row, "issue", by=SYSTEM, at=at, file=file, notice_file=notice_file, reasons=reasons)
    _follow(done, replaced, application, at)
    return done


def try_again(certificate: Certificate, *, at: dt.datetime) -> None:
    """Have a certificate that staff looked at made from now on."""
    Certificate.objects.filter(pk=certificate.pk, state=CertificateState.PREPARING).make_from(at)


def try_all_again(order: IssueOrder, *, at: dt.datetime) -> int:
    """Have all that is stuck of an order made from now on, and return how many certificates that are."""
    return Certificate.objects.stuck().filter(order=order).make_from(at)


def _replaced(certificate: Certificate) -> Certificate | None:
    return locked(certificate.corrects) if certificate.corrects is not None else None


def _reasons(certificate: Certificate, at: dt.datetime) -> list[Reason]:
    """Return what speaks against the issue now; that this very certificate is being made does not."""
    case = certificate.case
    found = readiness.reasons_against([case], at)[case.pk]
    return [reason for reason in found if reason.code != "already_certified"]


def _kept(certificate: Certificate, papers: Papers, at: dt.datetime) -> tuple[StoredFile, StoredFile]:
    owner, number = certificate.holder, certificate.number
    file = intake.keep(
        papers.certificate, name=f"{number}.pdf", purpose=CERTIFICATE_FILE, kind=Kind.PDF, owner=owner, at=at
    )
    name = f"{number}-{_('结果通知书')}.pdf"
    notice = intake.keep(papers.notice, name=name, purpose=NOTICE_FILE, kind=Kind.PDF, owner=owner, at=at)
    return file, notice


def _follow(certificate: Certificate, replaced: Certificate | None, application: Application, at: dt.datetime) -> None:
    """Do what follows the issue, in its transaction; the log comes last, as every writer of it waits for the commit."""
    pushing.tell_platform(certificate, at)
    if certificate.order is not None:
        ordering.finish(certificate.order, at)
    if replaced is None:
        carry_out(application, "certify", by=SYSTEM, at=at)
        accepting.follow(locked(certificate.case.acceptance), at)
        telling.tell_issued(certificate, at)
        log_event(LogEvent.ISSUED, certificate.number, certificate.face().record(), at)
    else:
        pushing.tell_platform(replaced, at)
        telling.tell_corrected(certificate, replaced, at)
        new, old = certificate.face().record(), replaced.face().record()
        told = [
            Happening(LogEvent.CORRECTED, certificate.number, new, {"replaces": replaced.number}),
            Happening(LogEvent.CORRECTED, replaced.number, old, {"replaced_by": certificate.number}),
        ]
        log_events(told, at=at)


def _postpone(certificate: Certificate, why: str, at: dt.datetime) -> None:
    """Try again soon, however long it takes: an outage of the authority is no attempt at this certificate."""
    _still(certificate).update(not_before=at + FIRST_PAUSE, attempts=certificate.attempts - 1, trouble=why[:300])


def _later(certificate: Certificate, why: str, at: dt.datetime) -> None:
    """Try again after a while; after many attempts staff must look."""
    if certificate.attempts >= MOST_ATTEMPTS:
        _leave_to_staff(certificate, why)
        return
    pause = min(FIRST_PAUSE * 2.0 ** min(certificate.attempts - 1, 10), LONGEST_PAUSE)
    _still(certificate).update(not_before=at + pause, trouble=why[:300])


def _leave_to_staff(certificate: Certificate, why: str) -> None:
    log.error("certificate_stuck", certificate=certificate.code)
    _still(certificate).update(not_before=None, trouble=why[:300])


def _still(certificate: Certificate) -> QuerySet[Certificate]:
    """Return the row as long as nobody took it over during the work."""
    return Certificate.objects.filter(
        pk=certificate.pk, state=CertificateState.PREPARING, not_before=certificate.not_before
    )
