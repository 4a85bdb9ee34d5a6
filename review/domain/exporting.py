"""Taking the queue out as a file: who took how many and by which filter stands in the ledger.

A short sheet is written while its reader waits; a long one by a worker, from a row that says what was asked for.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.queries import actor_of
from portal.documents import intake, removing
from portal.documents.enums import Kind
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from review.domain import queueing
from review.domain.queueing import Wanted
from review.models import AgencyReview, QueueExport

logger = logging.getLogger(__name__)

STEP = "export_reviews"
PURPOSE = "queue_export"
# Rows are fetched and written in portions; memory does not grow with their number.
PORTION = 1_000
# What is written while somebody waits: a second or two, with every column.
AT_ONCE = 3_000
# A writer that does not come back within this time is followed by another; after each failure twice as long.
LEASE = dt.timedelta(minutes=10)
LONGEST_PAUSE = dt.timedelta(days=1)
KEPT_FOR = dt.timedelta(days=7)

Write = Callable[[Iterator[AgencyReview]], int]
# What writes the sheet of an export: (export, actor, instant) -> (content, number of rows).
Writer = Callable[[QueueExport, Actor, dt.datetime], tuple[bytes, int]]


def is_long(actor: Actor, wanted: Wanted) -> bool:
    """Return whether the sheet would keep its reader waiting."""
    return queueing.count_up_to(queueing.queue(actor, wanted), AT_ONCE) > AT_ONCE


def export(
    wanted: Wanted,
    columns: Sequence[str],
    write: Write,
    *,
    needs: Sequence[str],
    has_personal: bool,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Hand the wanted files to ``write`` in their order, and record that personal data left the portal.

    Returns how many. The words that were looked for are a name: that there were any is told, never which.
    """
    agency = by.organisation
    assert agency is not None  # noqa: S101 - the desk is for staff only
    with transaction.atomic():
        rows = queueing.ordered(queueing.queue(by, wanted), wanted.order)
        shown = queueing.shown_of(rows, needs, with_documents="identity" in columns)
        number = write(shown.iterator(chunk_size=PORTION))
        facts = {
            "rows": number,
            "filter": wanted.criteria,
            "by_words": bool(wanted.words),
            "columns": list(columns),
            "personal": has_personal,
        }
        record(agency, STEP, by=by, at=at, facts=facts)
    return number


def ask(wanted: Wanted, columns: Sequence[str], *, by: Actor, at: dt.datetime) -> QueueExport:
    """Note that a long sheet shall be written; who has one waiting gets that one.

    Raises Refusal where a name was looked for: it would have to be kept.
    """
    agency, person = by.organisation, by.person
    assert agency is not None and person is not None  # noqa: S101, PT018 - the desk is for staff only
    if wanted.words:
        text = _("按姓名查找的结果过多，请先用其他条件缩小范围，再导出。")
        raise Refusal([Reason(text, "R-090", "too_many_by_name")])
    asked = {"asked_at": at, "not_before": at, "criteria": wanted.criteria, "keys": list(columns)}
    made, _new = QueueExport.objects.get_or_create(person=person, agency=agency, finished_at=None, defaults=asked)
    return made


def work_off(write: Writer, *, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Write waiting sheets one by one for about ``seconds``, drop old ones, and return how many were written.

    Any number may run at once; what was begun and never finished is begun anew.
    """
    drop_old(at=now())
    written, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        at = now()
        asked = _claim(at)
        if asked is None:
            break
        try:
            _write(asked, write, at)
            written += 1
        except Exception:
            logger.exception("the sheet %s could not be written", asked.code)
    return written


def drop_old(*, at: dt.datetime) -> int:
    """Remove sheets that were kept long enough, as they hold personal data; return how many."""
    old = QueueExport.objects.filter(file__isnull=False, finished_at__lte=at - KEPT_FOR).select_related("file")
    kept = [one.file for one in old if one.file is not None]
    for file in kept:
        removing.discard(file, by=SYSTEM, at=at)
    return len(kept)


def _claim(at: dt.datetime) -> QueueExport | None:
    with transaction.atomic():
        due = QueueExport.objects.waiting().filter(not_before__lte=at).order_by("not_before", "pk")
        asked = due.select_for_update(of=("self",), skip_locked=True).first()
        if asked is not None:
            asked.not_before = at + min(LEASE * 2 ** min(asked.attempts, 10), LONGEST_PAUSE)
            asked.attempts += 1
            asked.save(update_fields=["attempts", "not_before", "updated_at"])
        return asked


def _write(asked: QueueExport, write: Writer, at: dt.datetime) -> None:
    """Write the sheet as who asked, in the roles held today, and keep it for that person; of two writers one keeps."""
    actor = actor_of(asked.person, asked.agency.code, on=clock.day_of(at))
    with transaction.atomic():
        content, number = write(asked, actor, at)
        row = QueueExport.objects.waiting().select_for_update(of=("self",)).filter(pk=asked.pk).first()
        if row is None:
            return
        name = f"reviews-{asked.asked_at.astimezone(clock.BEIJING):%Y%m%d-%H%M}.xlsx"
        row.file = intake.keep(content, name=name, purpose=PURPOSE, kind=Kind.XLSX, owner=asked.agency, at=at)
        row.rows, row.finished_at = number, at
        row.save(update_fields=["file", "rows", "finished_at", "updated_at"])
