"""The application on paper: the form of each submitted version, written once, kept as a file, the same ever after.

Writing takes a second or more, so it happens off the submit path, by a sweep over rows or when somebody asks for it first.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from applications.models import Snapshot
from portal.accounts.actors import SYSTEM
from portal.documents import intake
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.office import office_language

logger = logging.getLogger(__name__)

PURPOSE = "application_form"
# A writer that does not come back within this time is followed by another; after each failure twice as long.
LEASE = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(days=1)

Render = Callable[[Mapping[str, Any], dt.datetime], bytes]
_renderers: list[Render] = []


def rendered_by(render: Render) -> None:
    """Have forms written by ``render(content, at)``; the shape of papers stands one floor above."""
    _renderers[:] = [render]


def form_of(snapshot: Snapshot, *, at: dt.datetime) -> StoredFile:
    """Return the form of a snapshot, written now where that was not done before; raises Refusal for an undrawable sign."""
    return snapshot.form or _made(snapshot, at)


def write_waiting(*, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Write missing forms one by one for about ``seconds``, and return how many were written; any number may run at once."""
    written, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        at = now()
        snapshot = _claim(at)
        if snapshot is None:
            break
        try:
            _made(snapshot, at)
            written += 1
        except Exception:
            logger.exception("the form of snapshot %s could not be written", snapshot.code)
    return written


def _claim(at: dt.datetime) -> Snapshot | None:
    with transaction.atomic():
        is_due = Q(form_not_before=None) | Q(form_not_before__lte=at)
        waiting = Snapshot.objects.filter(is_due, form=None, discarded_at=None).order_by("pk")
        snapshot = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
        if snapshot is not None:
            snapshot.form_not_before = at + min(LEASE * 2**snapshot.form_attempts, LONGEST_PAUSE)
            snapshot.form_attempts += 1
            snapshot.save(update_fields=["form_attempts", "form_not_before"])
        return snapshot


def _made(snapshot: Snapshot, at: dt.datetime) -> StoredFile:
    """Write and keep the form; of two who write at once the second returns what the first kept."""
    with office_language():
        content = _renderers[0](snapshot.content, snapshot.made_at)
    with transaction.atomic():
        row = Snapshot.objects.select_for_update(of=("self",), no_key=True).get(pk=snapshot.pk)
        if row.form is not None:
            return row.form
        row.form = _keep(content, row, at)
        row.save(update_fields=["form"])
        return row.form


def _keep(content: bytes, snapshot: Snapshot, at: dt.datetime) -> StoredFile:
    application = snapshot.application
    with office_language():
        name = _("申报表") + f"-{application.code}-{snapshot.number}.pdf"
    file = intake.keep(content, name=name, purpose=PURPOSE, kind=Kind.PDF, owner=application.applicant, at=at)
    facts = {"file": file.code, "sha256": file.sha256, "number": snapshot.number}
    record(snapshot, "print", by=SYSTEM, at=at, basis="R-065", facts=facts)
    return file
