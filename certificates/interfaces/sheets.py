"""The register of certificates as an xlsx file."""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.domain import register
from certificates.domain.register import Wanted
from certificates.models import Certificate, RegisterExport
from portal.accounts.actors import Actor
from portal.shared.office import office_language

# Every value is text: nothing that somebody called themselves or their employer is ever computed or followed.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in signs, and what it says of a certificate."""

    label: str | Promise
    width: int
    text: Callable[[Certificate], str]


COLUMNS = (
    Column(gettext_lazy("证书编号"), 22, lambda one: one.number),
    Column(gettext_lazy("姓名"), 14, lambda one: one.holder_name),
    Column(gettext_lazy("性别"), 6, lambda one: str(one.get_sex_display())),
    Column(gettext_lazy("出生日期"), 12, lambda one: one.birth_date.isoformat()),
    Column(gettext_lazy("证件种类"), 16, lambda one: one.document_type),
    Column(gettext_lazy("证件号码"), 24, lambda one: one.masked_document),
    Column(gettext_lazy("工作单位"), 32, lambda one: str(one.case.application.employer or "")),
    Column(gettext_lazy("系列"), 18, lambda one: one.series),
    Column(gettext_lazy("专业"), 18, lambda one: one.specialty),
    Column(gettext_lazy("职称"), 14, lambda one: one.title),
    Column(gettext_lazy("级别"), 12, lambda one: str(one.get_level_display())),
    Column(gettext_lazy("评价方式"), 12, lambda one: one.mode),
    Column(gettext_lazy("评审委员会"), 40, lambda one: one.committee),
    Column(gettext_lazy("评审通过日期"), 14, lambda one: one.passed_on.isoformat()),
    Column(gettext_lazy("发证日期"), 14, lambda one: one.issued_on.isoformat()),
    Column(gettext_lazy("限定使用的区"), 14, lambda one: one.district_limited),
    Column(gettext_lazy("状态"), 22, lambda one: str(one.get_state_display())),
    Column(gettext_lazy("替代的证书"), 22, lambda one: one.corrects.number if one.corrects else ""),
)


def written(wanted: Wanted, to: BinaryIO, *, by: Actor, at: dt.datetime) -> int:
    """Write the wanted certificates to ``to``, recorded as taken out by ``by``, and return how many."""
    with tempfile.TemporaryDirectory() as folder:
        return register.export(wanted, lambda rows: _write(rows, to, folder), by=by, at=at)


def sheet_of(asked: RegisterExport, by: Actor, at: dt.datetime) -> tuple[bytes, int]:
    """Return the sheet that was ordered, and how many certificates it holds."""
    with tempfile.TemporaryFile() as file, office_language():
        number = written(register.wanted_by(asked.criteria), file, by=by, at=at)
        file.seek(0)
        return file.read(), number


def _write(rows: Iterator[Certificate], to: BinaryIO, folder: str) -> int:
    number = 0
    with xlsxwriter.Workbook(to, {**OPTIONS, "tmpdir": folder}) as book:
        sheet = book.add_worksheet(_("职称证书"))
        bold = book.add_format({"bold": True})
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, str(column.label), bold)
        sheet.freeze_panes(1, 1)
        for number, one in enumerate(rows, start=1):
            for place, column in enumerate(COLUMNS):
                sheet.write_string(number, place, column.text(one))
    return number
