"""What may happen to a certificate after its issue: corrected, suspended, revoked, restored; always by two (A-45, R-141)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from certificates.domain import faces, following, numbering, readiness
from certificates.enums import BASES, CORRECTABLE, CertificateState, ChangeKind
from certificates.guards import FEWEST_SIGNS
from certificates.models import Certificate, CertificateChange
from certificates.models.certificate import FACE
from portal.accounts.actors import Actor
from portal.documents.models import StoredFile
from portal.integrity.models import IntegrityRecord
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.codes import new_code
from portal.shared.errors import Reason, Refusal
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked

# What a new certificate takes over from the one that it corrects, before it is corrected.
KEPT = ("case", "holder", "numbered_in", *FACE)
# From which state each change leads on.
POSSIBLE = {
    CertificateState.ISSUED: (ChangeKind.CORRECT, ChangeKind.SUSPEND, ChangeKind.REVOKE),
    CertificateState.SUSPENDED: (ChangeKind.RESUME, ChangeKind.REVOKE),
    CertificateState.REVOKED: (ChangeKind.RESTORE,),
}


def possible(certificate: Certificate) -> tuple[ChangeKind, ...]:
    """Return what may be proposed for the certificate as it stands."""
    return POSSIBLE.get(CertificateState(certificate.state), ())


@dataclass(frozen=True)
class Wanted:
    """What somebody proposes: ``corrections`` by the names of the fields, ``decision`` where a title was taken away."""

    kind: ChangeKind
    reason: str
    corrections: Mapping[str, str] = field(default_factory=dict)
    proof: StoredFile | None = None
    decision: IntegrityRecord | None = None


@transaction.atomic
def propose(
    certificate: Certificate, wanted: Wanted, *, by: Actor, at: dt.datetime, key: str | None = None
) -> CertificateChange:
    """Propose a change to the lead; raises Refusal with every reason why it cannot be proposed."""
    assert by.person is not None  # noqa: S101 - the desk is for staff only
    row = locked(certificate)
    wanted = replace(wanted, corrections=_changed(row, wanted.corrections))
    reasons = list(_against(row, wanted))
    if reasons:
        raise Refusal(reasons)
    kind = wanted.kind
    try:
        with transaction.atomic():
            change = CertificateChange.objects.create(
                certificate=row,
                kind=kind,
                reason=wanted.reason.strip(),
                corrections=wanted.corrections,
                proof=wanted.proof,
                record=wanted.decision,
                proposed_by=by.person,
                proposed_at=at,
            )
    except IntegrityError:
        raise Refusal([Reason(_("这份证书已有一项变更等待批准。"), BASES[kind], "change_waits")]) from None
    facts = {"certificate": row.code, "kind": kind.value, "fields": sorted(wanted.corrections)}
    record(change, "propose", by=by, at=at, after=change.state, basis=BASES[kind], facts=facts, key=key or "")
    return change


@transaction.atomic
def approve(change: CertificateChange, *, by: Actor, at: dt.datetime, key: str | None = None) -> CertificateChange:
    """Agree as another one: the certificate changes in the same instant; a correction is written as a new certificate."""
    locked(change.certificate.case.application)
    certificate = locked(change.certificate)
    row = locked(change)
    done = carry_out(row, "approve", by=by, at=at, key=key)
    if row.state == done.state:
        return done
    kind = ChangeKind(done.kind)
    if kind == ChangeKind.CORRECT:
        _refuse_unwritable(certificate, done)
        _write_anew(certificate, done, at)
    elif kind == ChangeKind.REVOKE:
        assert done.record is not None and done.record.decided_at is not None  # noqa: S101, PT018 - guarded
        decided_on = clock.day_of(done.record.decided_at)
        following.revoke(certificate, reason=done.reason, on=decided_on, by=by, at=at)
    else:
        following.STEPS[kind](certificate, reason=done.reason, by=by, at=at)
    return done


@transaction.atomic
def decline(
    change: CertificateChange, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CertificateChange:
    """Do not agree; the certificate stays as it is."""
    return carry_out(change, "decline", by=by, at=at, key=key, reason=reason)


def _changed(certificate: Certificate, corrections: Mapping[str, str]) -> dict[str, str]:
    """Return what of the corrections differs from the certificate; names the fields that a clerical error may touch."""
    now = {name: str(getattr(certificate, name)) for name in CORRECTABLE}
    given = {name: str(value).strip() for name, value in corrections.items() if name in now}
    return {name: value for name, value in given.items() if value and value != now[name]}


def _against(certificate: Certificate, wanted: Wanted) -> Iterator[Reason]:
    kind = wanted.kind
    if kind not in possible(certificate):
        text = _("证书当前状态为「%(state)s」，不能办理「%(step)s」。")
        words = {"state": certificate.get_state_display(), "step": kind.label}
        yield Reason(text % words, BASES[kind], "change_not_possible")
    if len(wanted.reason.strip()) < FEWEST_SIGNS:
        yield Reason(_("请写明理由，至少10个字。"), BASES[kind], "reason_given", field="reason")
    if kind == ChangeKind.CORRECT:
        yield from _against_correcting(certificate, wanted)
    if kind == ChangeKind.REVOKE and wanted.decision is None:
        text = _("撤销证书应当依据已生效的撤销职称决定，请选择该决定。")
        yield Reason(text, "R-141", "decision_missing", field="decision")


def _against_correcting(certificate: Certificate, wanted: Wanted) -> Iterator[Reason]:
    if certificate.corrected_by is not None:
        yield Reason(_("更正后的新证书已经编号，不能再次更正原证书。"), "R-123", "corrected_already")
    if not wanted.corrections:
        text = _("请填写至少一项需要更正的内容；级别、系列、职称名称由评审委员会决定，不能更正。")
        yield Reason(text, "R-123", "nothing_to_correct", field="corrections")
    if wanted.proof is None:
        yield Reason(_("请上传证明材料。"), "R-123", "proof_missing", field="proof")
    malformed = list(_malformed(wanted.corrections))
    yield from malformed or _against_paper(certificate, wanted.corrections)


def _malformed(corrections: Mapping[str, str]) -> Iterator[Reason]:
    for name, value in corrections.items():
        try:
            _columns()[name].clean(value, None)
        except ValidationError as wrong:
            yield Reason("".join(wrong.messages), "R-123", "correction_malformed", field=name)


@in_office_language
def _against_paper(certificate: Certificate, corrections: Mapping[str, str]) -> list[Reason]:
    """Return why no paper could be made of the corrected face: a number without a certificate is none."""
    made = _corrected(certificate, corrections)
    return [replace(one, field="corrections") for one in readiness.reasons_against_paper(made.face())]


def _refuse_unwritable(certificate: Certificate, change: CertificateChange) -> None:
    """Ask anew, before the number is given, what was asked when the correction was proposed."""
    wanted = Wanted(ChangeKind.CORRECT, change.reason, change.corrections, change.proof)
    reasons = list(_against(certificate, wanted))
    if reasons:
        raise Refusal(reasons)


def _columns() -> "dict[str, Field[Any, Any]]":
    return {column.name: column for column in Certificate._meta.concrete_fields}


@in_office_language
def _write_anew(certificate: Certificate, change: CertificateChange, at: dt.datetime) -> None:
    """Number a certificate without the error; the old one stays in force until the new one is out."""
    day = clock.day_of(at)
    made = _corrected(certificate, change.corrections)
    made.serial = numbering.take(certificate.numbered_in, day.year, 1)[0]
    made.number = numbering.written(certificate.numbered_in, day.year, made.serial)
    made.year, made.issued_on, made.state_since, made.not_before = day.year, day, at, at
    made.save()


def _corrected(certificate: Certificate, corrections: Mapping[str, str]) -> Certificate:
    """Return a certificate, not numbered and not saved, that differs from ``certificate`` in ``corrections``.

    The identity document is the one that is on file now, where there is one.
    """
    kept = {name: getattr(certificate, name) for name in KEPT}
    made = Certificate(
        code=new_code(Certificate.CODE_PREFIX), corrects=certificate, check_code=faces.new_check_code(), **kept
    )
    identity = faces.identities({certificate.holder})[certificate.holder_id]
    if identity.masked_document:
        made.document_type, made.masked_document = identity.document_type, identity.masked_document
    for name, value in corrections.items():
        setattr(made, name, dt.date.fromisoformat(value) if name in {"birth_date", "passed_on"} else value)
    return made
