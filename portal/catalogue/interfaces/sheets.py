"""The rows of an edition as an Excel sheet: written so that nothing in it is a formula, read with caps on its size."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import python_calamine
import xlsxwriter
from django.utils.translation import gettext as _

from portal.catalogue.enums import LevelKey, Method
from portal.catalogue.models import CatalogueEntry
from portal.shared.errors import Reason, Refusal
from portal.shared.phrases import joined

MOST_BYTES = 5 * 1024 * 1024
MOST_UNZIPPED = 50 * 1024 * 1024
MOST_ROWS = 20_000
MOST_FAULTS = 100

# The columns in their order: field of the sheet's row, heading, width.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("series", "系列", 18),
    ("specialty_code", "专业代码", 10),
    ("specialty", "专业", 24),
    ("level", "级别", 10),
    ("method", "取得方式", 12),
    ("committee", "评审委员会", 50),
    ("schedule", "年度安排", 36),
    ("telephone", "咨询电话", 20),
)
HEADINGS = [heading for _field, heading, _width in COLUMNS]
MOST_LETTERS = {"telephone": 40}  # the only text that is stored as it is; all others are looked up
FIELDS = [field for field, _heading, _width in COLUMNS]
LETTERS = dict(zip(FIELDS, "ABCDEFGH", strict=True))


@dataclass(frozen=True)
class SheetRow:
    """One line of a sheet as text; ``number`` is its row number as Excel shows it."""

    number: int
    series: str
    specialty_code: str
    specialty: str
    level: str
    method: str
    committee: str
    schedule: str
    telephone: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell."""

    row: int
    field: str
    text: str

    @property
    def heading(self) -> str:
        """The heading of the cell's column."""
        return dict(zip(FIELDS, HEADINGS, strict=True))[self.field]

    @property
    def cell(self) -> str:
        """The cell as Excel names it, such as D12."""
        return f"{LETTERS[self.field]}{self.row}"

    def __str__(self) -> str:
        """Name row and column, then what is wrong."""
        known = {"row": self.row, "heading": self.heading, "text": self.text}
        return _("第%(row)s行「%(heading)s」：%(text)s") % known


def write(entries: Iterable[CatalogueEntry]) -> bytes:
    """Return the rows as an xlsx file; every value is text, so that nothing in it is ever computed."""
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("目录")
        bold = book.add_format({"bold": True})
        for place, (_field, heading, width) in enumerate(COLUMNS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, bold)
        sheet.freeze_panes(1, 0)
        for number, entry in enumerate(entries, start=1):
            for place, value in enumerate(cells_of(entry)):
                sheet.write_string(number, place, value)
    return buffer.getvalue()


def cells_of(entry: CatalogueEntry) -> list[str]:
    """Return the texts of one row in the order of the columns."""
    return [
        entry.specialty.series.name,
        entry.specialty.code,
        entry.specialty.name,
        str(LevelKey(entry.level.key).label),
        str(Method(entry.method).label),
        entry.committee.name if entry.committee else "",
        entry.schedule.title if entry.schedule else "",
        entry.telephone,
    ]


def read(file: BinaryIO) -> list[SheetRow]:
    """Return the lines of the first sheet; raises Refusal for a file that is too large, no xlsx, or has other headings."""
    return [SheetRow(number, *cells) for number, cells in lines_of(file, HEADINGS)]


def lines_of(file: BinaryIO, headings: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Return the filled lines of the first sheet under ``headings``, each with its row number as Excel shows it.

    Raises Refusal for a file that is too large, no xlsx, or has other headings.
    """
    content = file.read(MOST_BYTES + 1)
    _refuse_unfit(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        too_long = sheet.total_height > MOST_ROWS  # counted from 0, as the heading is
        lines = [] if too_long else sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError) as error:
        raise _refused(_("文件无法读取，请用Excel另存为xlsx格式后重试。")) from error
    if too_long:
        raise _refused(_("条目超过%(most)s行，请分次导入。") % {"most": MOST_ROWS})
    return _under(headings, lines)


def _refuse_unfit(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise _refused(_("文件超过5MB。"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unzipped = sum(member.file_size for member in archive.infolist())
            is_sheet = "xl/workbook.xml" in archive.namelist()
            is_honest = unzipped > MOST_UNZIPPED or archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refused(_("文件不是xlsx格式。")) from error
    if not is_sheet or not is_honest:
        raise _refused(_("文件不是xlsx格式。"))
    if unzipped > MOST_UNZIPPED:
        raise _refused(_("文件解压后超过50MB。"))


def _under(headings: Sequence[str], lines: Sequence[Sequence[object]]) -> list[tuple[int, list[str]]]:
    texts = [[_text(value) for value in line[: len(headings)]] for line in lines]
    if not texts or texts[0] != list(headings):
        raise _refused(_("首行须依次为：%(headings)s。") % {"headings": joined(headings)})
    return [(number, cells) for number, cells in enumerate(texts[1:], start=2) if any(cells)]


def _text(value: object) -> str:
    """Return a cell as text: numbers that Excel made of codes lose their decimal point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _refused(text: str) -> Refusal:
    return Refusal([Reason(text, code="sheet_unfit", field="file")])


def refused_by(faults: list[Fault]) -> Refusal:
    """Return the refusal of a sheet that had become wrong between upload and confirmation."""
    return Refusal([Reason(str(fault), code="sheet_out_of_date") for fault in faults[:MOST_FAULTS]])
