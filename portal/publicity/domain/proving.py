"""The proof that a notice was publicised: written once, kept as a file, the same ever after (R-077)."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM
from portal.documents import intake, pdf
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.publicity.domain.course import course_of
from portal.publicity.domain.papers import LINES_A_PAPER, Table, table_of
from portal.publicity.domain.posting import end_of
from portal.publicity.enums import NoticeState
from portal.publicity.models import Line, Notice, Objection, Proof
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

logger = logging.getLogger(__name__)

PURPOSE = "publicity_proof"
# Beyond these the paper says how many there were, and that the sealed record holds them all.
MOST_LINES = 500
# A writer that does not come back within this time is followed by another; after each failure twice as long.
LEASE = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(days=1)


def proof_of(notice: Notice, *, at: dt.datetime) -> StoredFile:
    """Return the proof of a whole notice, written now where that was not done before.

    Takes a second or two, with hundreds of long lines half a minute: order it in a transaction with
    ``Proof.objects.order`` instead. Raises Refusal before the end and while an objection is open.
    """
    return kept(notice) or _made(notice, None, at)


def proof_of_line(line: Line, *, at: dt.datetime) -> StoredFile:
    """Return the proof of one line, for the file of the one person it speaks of: no other line stands in it.

    Raises Refusal before the end of the notice and while an objection against this line is open.
    """
    return kept(line.notice, line) or _made(line.notice, line, at)


def kept(notice: Notice, line: Line | None = None) -> StoredFile | None:
    """Return the proof as it was written, or None where it was not yet."""
    proof = Proof.objects.filter(notice=notice, line=line).select_related("file").first()
    return proof.file if proof else None


def refuse_unless_provable(notice: Notice, line: Line | None = None) -> None:
    """Raise Refusal where the notice has not run its time, or an objection is open against what shall be proven."""
    reasons = [*_against_the_time(notice), *_against_what_is_open(notice, line)]
    if reasons:
        raise Refusal(reasons)


def is_quick(notice: Notice) -> bool:
    """Return whether somebody can wait for the proof of the whole notice to be written."""
    return notice.lines.count() <= LINES_A_PAPER


def write_waiting(*, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Write ordered proofs one by one for about ``seconds``, and return how many were written; any number may run at once."""
    written, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        at = now()
        proof = _claim(at)
        if proof is None:
            break
        try:
            _made(proof.notice, proof.line, at)
            written += 1
        except Exception:
            logger.exception("the proof of %s could not be written", proof)
    return written


def _claim(at: dt.datetime) -> Proof | None:
    with transaction.atomic():
        waiting = Proof.objects.to_write(at).select_related("notice", "line")
        proof = waiting.select_for_update(of=("self",), skip_locked=True).order_by("not_before", "pk").first()
        if proof is not None:
            proof.not_before = at + min(LEASE * 2**proof.attempts, LONGEST_PAUSE)
            proof.attempts += 1
            proof.save(update_fields=["attempts", "not_before"])
        return proof


def _made(notice: Notice, line: Line | None, at: dt.datetime) -> StoredFile:
    """Write and keep the proof; of two who write at once the second returns what the first kept.

    Reads the rows anew: what the caller holds may be older than the end.
    """
    notice = Notice.objects.select_related("publisher").get(pk=notice.pk)
    line = notice.lines.get(pk=line.pk) if line else None
    refuse_unless_provable(notice, line)
    content = _written(notice, line, at)
    with transaction.atomic():
        ordered = Proof.objects.order(notice, line, at=at)
        proof = Proof.objects.select_for_update(of=("self",)).select_related("file").get(pk=ordered.pk)
        if proof.file is not None:
            return proof.file
        proof.file, proof.made_at = _keep(content, notice, line, at), at
        proof.save(update_fields=["file", "made_at"])
        return proof.file


def _keep(content: bytes, notice: Notice, line: Line | None, at: dt.datetime) -> StoredFile:
    number = f"-{line.number}" if line else ""
    name = _("公示证明") + f"-{notice.code}{number}.pdf"
    file = intake.keep(content, name=name, purpose=PURPOSE, kind=Kind.PDF, owner=notice.publisher, at=at)
    facts = {"file": file.code, "sha256": file.sha256, "line": line.number if line else None}
    record(notice, "prove", by=SYSTEM, at=at, basis="R-077", facts=facts)
    return file


def _written(notice: Notice, line: Line | None, at: dt.datetime) -> bytes:
    context: dict[str, Any] = {
        "portal": settings.PORTAL_NAME,
        "notice": notice,
        "end": end_of(notice),
        "line": line,
        "lines": notice.lines.count(),
        "table": _table(notice, line),
        "course": course_of(notice, line),
    }
    return pdf.render("publicity/documents/proof.html", context, at=at)


def _table(notice: Notice, line: Line | None) -> Table | None:
    shown = [line] if line else list(notice.lines.order_by("number")[: MOST_LINES + 1])
    return table_of(shown, with_outcome=True) if len(shown) <= MOST_LINES else None


def _against_the_time(notice: Notice) -> list[Reason]:
    if notice.state in {NoticeState.ENDED, NoticeState.ARCHIVED}:
        return []
    if notice.state == NoticeState.WITHDRAWN:
        return [Reason(_("该公示已撤回，不能出具公示证明。"), basis="R-077", code="notice_withdrawn")]
    return [Reason(_("公示期满后才能出具公示证明。"), basis="R-077", code="notice_not_ended")]


def _against_what_is_open(notice: Notice, line: Line | None) -> list[Reason]:
    open_ones = Objection.objects.awaiting()
    number = (open_ones.filter(line=line) if line else open_ones.filter(line__notice=notice)).count()
    if not number:
        return []
    text = _("还有%(number)s件异议没有办结，办结后才能出具公示证明。") % {"number": number}
    return [Reason(text, basis="A-08", code="objection_open")]
