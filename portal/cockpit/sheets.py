"""A table as an xlsx file: numbers as numbers, shares as percentages, words as text."""

import datetime as dt
import io

import xlsxwriter
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from portal.cockpit.tables import Kind, Table
from portal.shared import clock

# No word is ever computed or followed.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD_WIDTH, COLUMN_WIDTH = 30, 16


def written(table: Table, scope: str, at: dt.datetime) -> bytes:
    """Return the table with its title, what it is narrowed to, and when it was counted."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(str(table.title)[:31])
        bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
        sheet.set_column(0, 0, HEAD_WIDTH)
        sheet.set_column(1, len(table.columns), COLUMN_WIDTH)
        sheet.write_string(0, 0, str(table.title), bold)
        sheet.write_string(1, 0, scope)
        when = formatted(at.astimezone(clock.BEIJING), _("Y年n月j日 H:i"))
        sheet.write_string(2, 0, _("统计时间：%(when)s") % {"when": when})
        for place, label in enumerate([table.head, *(column.label for column in table.columns)]):
            sheet.write_string(4, place, str(label), bold)
        for number, (row, cells) in enumerate(table.lines, start=5):
            sheet.write_string(number, 0, str(row.label))
            for place, (column, cell) in enumerate(cells, start=1):
                if cell.value is None:
                    continue
                if column.kind is Kind.WORDS:
                    sheet.write_string(number, place, str(cell.value))
                else:
                    sheet.write_number(number, place, cell.value, percent if column.kind is Kind.SHARE else None)
        sheet.freeze_panes(5, 1)
    return file.getvalue()
