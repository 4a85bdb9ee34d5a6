"""The agency's queue as an xlsx file."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.shared.office import office_language
from review.domain import exporting, queueing
from review.domain.queueing import Wanted
from review.interfaces.columns import Column, columns_of, needs_of
from review.models import AgencyReview, QueueExport

# Every value is text: nothing that somebody called themselves or their employer is ever computed or followed.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(
    rows: Iterable[AgencyReview], columns: Sequence[Column], to: BinaryIO, *, at: dt.datetime, folder: str
) -> int:
    """Write the rows with the chosen columns and return how many; one row at a time is held, the rest lies in ``folder``."""
    number = 0
    with xlsxwriter.Workbook(to, {**OPTIONS, "tmpdir": folder}) as book:
        sheet = book.add_worksheet(_("申报材料审核"))
        bold = book.add_format({"bold": True})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, str(column.label), bold)
        sheet.freeze_panes(1, 1)
        for number, review in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                sheet.write_string(number, place, column.text(review, at))
    return number


def written(wanted: Wanted, columns: Sequence[Column], to: BinaryIO, *, by: Actor, at: dt.datetime) -> int:
    """Write the wanted files to ``to``, recorded as taken out by ``by``, and return how many."""
    with tempfile.TemporaryDirectory() as folder:
        return exporting.export(
            wanted,
            [column.key for column in columns],
            lambda rows: write(rows, columns, to, at=at, folder=folder),
            needs=needs_of(columns),
            has_personal=any(column.is_personal for column in columns),
            by=by,
            at=at,
        )


def sheet_of(asked: QueueExport, by: Actor, at: dt.datetime) -> tuple[bytes, int]:
    """Return the sheet that was asked for, and how many files it holds."""
    with tempfile.TemporaryFile() as file, office_language():
        number = written(queueing.wanted_by(asked.criteria), columns_of(asked.keys), file, by=by, at=at)
        file.seek(0)
        return file.read(), number
