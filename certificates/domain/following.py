"""What changes a certificate and what must follow it at once: log, platform, letters; and what other rooms' steps mean for it."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.domain import neighbours
from applications.models import Application
from applications.rules import STAFF
from certificates.domain import ordering, pushing, telling
from certificates.domain.logging_events import REASON_CODES, LogEvent, log_event
from certificates.enums import CertificateState, ChangeKind, ChangeState
from certificates.models import Certificate, CertificateChange
from portal.accounts.actors import SYSTEM, Actor
from portal.integrity.enums import Measure, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.integrity.registry import Handler
from portal.notifications.recipients import Recipient, holders_at
from portal.shared import clock
from portal.shared.errors import Reason
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked


def suspend(certificate: Certificate, *, reason: str, by: Actor, at: dt.datetime) -> Certificate:
    """Whoever checks the certificate is told from now on that it is under review."""
    return _changed(certificate, "suspend", LogEvent.SUSPENDED, telling.tell_suspended, by=by, at=at, reason=reason)


def resume(certificate: Certificate, *, reason: str, by: Actor, at: dt.datetime) -> Certificate:
    """The review came to nothing; a correction that waited for it is made."""
    _go_on_correcting(certificate, at)
    return _changed(certificate, "resume", LogEvent.RESUMED, telling.tell_resumed, by=by, at=at, reason=reason)


def revoke(certificate: Certificate, *, reason: str, on: dt.date, by: Actor, at: dt.datetime) -> Certificate:
    """The title was taken away by a decision of the day ``on``; holder, employer and platform learn of it (R-141).

    A correction that is being made is not issued any more: its number is voided.
    """
    for correction in certificate.corrections.filter(state=CertificateState.PREPARING):
        void_correction(locked(correction), at)
    return _changed(certificate, "revoke", LogEvent.REVOKED, telling.tell_revoked, by=by, at=at, reason=reason, on=on)


def restore(certificate: Certificate, *, reason: str, by: Actor, at: dt.datetime) -> Certificate:
    """The decision was quashed: everything is as if it had never been, but for a correction, which is proposed anew (A-45)."""
    return _changed(certificate, "restore", LogEvent.RESTORED, telling.tell_restored, by=by, at=at, reason=reason)


STEPS: dict[ChangeKind, Callable[..., Certificate]] = {
    ChangeKind.SUSPEND: suspend,
    ChangeKind.RESUME: resume,
    ChangeKind.RESTORE: restore,
}


@in_office_language
def void_correction(correction: Certificate, at: dt.datetime) -> Certificate:
    """Use the number of a correction for nobody, as the certificate that it was to replace was revoked; the register says so."""
    assert correction.corrects is not None  # noqa: S101 - only corrections are voided here
    reason = _("被更正的证书%(number)s已撤销，不再换发。") % {"number": correction.corrects.number}
    return carry_out(correction, "void", by=SYSTEM, at=at, reason=reason)


def _go_on_correcting(certificate: Certificate, at: dt.datetime) -> None:
    Certificate.objects.stuck().filter(corrects=certificate).make_from(at)


def _changed(
    certificate: Certificate,
    step: str,
    event: LogEvent,
    tell: Callable[[Certificate, dt.datetime], None],
    *,
    by: Actor,
    at: dt.datetime,
    **facts: Any,
) -> Certificate:
    done = carry_out(certificate, step, by=by, at=at, **facts)
    pushing.tell_platform(done, at)
    tell(done, at)
    log_event(event, done.number, done.face().record(), at, reason_code=REASON_CODES[event])
    return done


@in_office_language
def reasons_against_correcting(certificate: Certificate) -> list[Reason]:
    """Return why a certificate can no longer be replaced: only a valid one can."""
    if certificate.state == CertificateState.ISSUED:
        return []
    text = _("被更正的证书当前状态为「%(state)s」，恢复后才能换发。") % {"state": certificate.get_state_display()}
    return [Reason(text, "R-123", "replaced_not_valid")]


class OfApplications(neighbours.Neighbour):
    """What becomes of a certificate that is being made when its application stops or goes on."""

    def released(self, application: Application, at: dt.datetime) -> None:
        """Nothing holds the application any more: the certificate that waited is made."""
        Certificate.objects.stuck().filter(case__application=application).make_from(at)

    def ended(self, application: Application, at: dt.datetime) -> None:
        """Disqualified before the paper was out: its number is used for nobody, and an order that waited for it ends."""
        for certificate in Certificate.objects.filter(case__application=application, state=CertificateState.PREPARING):
            done = carry_out(certificate, "void", by=SYSTEM, at=at, reason=application.end_reason or application.state)
            if done.order is not None:
                ordering.finish(done.order, at)


class OfRecords(Handler):
    """What a decision to revoke a title means for the certificates that it is about (R-141, A-45)."""

    def decided(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """Until the decision is served, whoever checks learns that the certificate is under review."""
        if Measure.REVOKE_TITLE not in record.measures:  # a corrected decision leaves the title after all
            _give_back(record, at)
            return
        for certificate in _concerned(record, CertificateState.ISSUED):
            suspend(certificate, reason=_ground(record), by=SYSTEM, at=at)

    def in_force(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """The decision was served: the title is gone, as of the day of the decision."""
        if Measure.REVOKE_TITLE not in record.measures:
            return
        on = clock.day_of(record.decided_at or at)
        for certificate in _concerned(record, CertificateState.ISSUED, CertificateState.SUSPENDED):
            revoke(certificate, reason=_ground(record), on=on, by=SYSTEM, at=at)

    def quashed(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """The certificates that this decision took come back."""
        _give_back(record, at)

    def also_told(self, record: IntegrityRecord) -> Iterable[Recipient]:
        """The employer that recommended the holder learns of notice and decision (N-12)."""
        found = [one.case.application.employer for one in _of(record).select_related("case__application__employer")]
        return [holders_at(employer, STAFF) for employer in dict.fromkeys(found) if employer is not None]


def _of(record: IntegrityRecord) -> Any:
    """Return the certificates that a record is about: of its case, where it names a certificate or an application."""
    if record.role != SubjectRole.APPLICANT or record.person_id is None:
        return Certificate.objects.none()
    held = Certificate.objects.filter(holder=record.person_id)
    if isinstance(record.case, Certificate):
        return held.filter(case=record.case.case)
    if isinstance(record.case, Application):
        return held.filter(case__application=record.case)
    changes = CertificateChange.objects.filter(record=record, state=ChangeState.APPROVED)
    return held.filter(pk__in=changes.values("certificate"))


def _concerned(record: IntegrityRecord, *states: CertificateState) -> list[Certificate]:
    return [locked(one) for one in _of(record).filter(state__in=states).order_by("pk")]


def _give_back(record: IntegrityRecord, at: dt.datetime) -> None:
    """Undo what this decision did, and nothing that another cause did."""
    ground = _ground(record)
    ours = Q(reason=ground) | Q(changes__record=record, changes__state=ChangeState.APPROVED)
    for certificate in _of(record).filter(ours, state=CertificateState.REVOKED).distinct().order_by("pk"):
        restore(locked(certificate), reason=ground, by=SYSTEM, at=at)
    for certificate in _of(record).filter(reason=ground, state=CertificateState.SUSPENDED).order_by("pk"):
        resume(locked(certificate), reason=ground, by=SYSTEM, at=at)


@in_office_language
def _ground(record: IntegrityRecord) -> str:
    return _("失信处理决定（诚信档案记录%(code)s）") % {"code": record.code}
