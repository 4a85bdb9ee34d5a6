"""Posting what became of a sheet that a worker wrote, to who asked for it."""

import datetime as dt

from portal.notifications.post import post
from portal.shared.office import in_office_language
from review.letters import queueing as letters
from review.models import QueueExport


@in_office_language
def tell_ready(export: QueueExport, kept_days: int, at: dt.datetime) -> None:
    """The sheet can be fetched; nobody else can."""
    facts = {"number": export.rows, "kept_days": kept_days}
    post(letters.SheetReady, to=export.person, about=export, at=at, facts=facts)


@in_office_language
def tell_failed(export: QueueExport, at: dt.datetime) -> None:
    """No sheet comes any more; another can be asked for."""
    post(letters.SheetFailed, to=export.person, about=export, at=at, facts={"asked_at": export.asked_at})
