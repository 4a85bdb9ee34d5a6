"""Taking the queue out as a file: who took how many and by which filter stands in the ledger."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from portal.accounts.actors import Actor
from portal.ledger.record import record
from review.domain import queueing
from review.domain.queueing import Wanted
from review.models import AgencyReview

STEP = "export_reviews"
# Rows are fetched and written in portions; memory does not grow with their number.
PORTION = 1_000

Write = Callable[[Iterator[AgencyReview]], int]


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
