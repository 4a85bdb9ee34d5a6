"""Taking the queue out as a file: who took how many and by which filter stands in the ledger.

A short sheet is written while its reader waits; a long one by a worker, from a row that says what was asked for.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.documents.sheets import AT_ONCE, PORTION, Sheets, Writer
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from review.domain import queueing, telling_exports
from review.domain.queueing import Wanted
from review.models import AgencyReview, QueueExport

STEP = "export_reviews"
PURPOSE = "queue_export"
SHEETS = Sheets(QueueExport, PURPOSE, "reviews", telling_exports.tell_ready, telling_exports.tell_failed)

Write = Callable[[Iterator[AgencyReview]], int]


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
    return _asked(wanted, columns, by, at)[0]


@transaction.atomic
def ask_and_write(wanted: Wanted, columns: Sequence[str], write: Writer, *, by: Actor, at: dt.datetime) -> QueueExport:
    """Ask for a sheet that is kept for its reader, and write a short one at once; raises Refusal as ``ask`` does."""
    asked, is_new = _asked(wanted, columns, by, at)
    if is_new and not is_long(by, wanted):
        content, number = write(asked, by, at)
        SHEETS.keep(asked, content, number, at)
    return asked


def _asked(wanted: Wanted, columns: Sequence[str], by: Actor, at: dt.datetime) -> tuple[QueueExport, bool]:
    if wanted.words:
        text = _("按姓名查找的结果过多，请先用其他条件缩小范围，再导出。")
        raise Refusal([Reason(text, "R-090", "too_many_by_name")])
    asked, is_new = SHEETS.ask(wanted.criteria, columns, by=by, at=at)
    return asked, is_new
