"""The agency's queue as an xlsx file."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from review.interfaces.columns import Column
from review.models import AgencyReview

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
