"""A sheet of experts: its template, and every line looked up with every fault named by row and column."""

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue.enums import Band, LevelKey
from portal.catalogue.interfaces import sheets
from portal.catalogue.models import Level, Series
from portal.shared.errors import Reason, Refusal
from review.domain import expert_importing
from review.domain.expert_importing import MOST_ROWS, Line
from review.domain.nominating import person_named
from review.interfaces.sheets import OPTIONS
from review.models import Expert

# The columns in their order: field, heading, width.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("full_name", "姓名", 12),
    ("number", "证件号码", 22),
    ("series", "职称系列", 16),
    ("band", "评委会级别", 12),
    ("level", "职称级别", 10),
    ("title", "职称名称", 16),
    ("certificate_number", "证书编号", 20),
    ("field", "研究领域", 30),
    ("employer_name", "工作单位", 30),
    ("employer_code", "统一社会信用代码", 22),
    ("is_non_public", "非公有制企业", 12),
    ("is_new_research", "新型研发机构", 12),
    ("grounds", "推荐理由", 40),
)
FIELDS = [name for name, _heading, _width in COLUMNS]
HEADINGS = [heading for _name, heading, _width in COLUMNS]
NEEDED = ("title", "field", "employer_name")
FLAGS = {"是": True, "否": False, "": False}
LONGEST_GROUNDS = 500


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row, and under which heading."""

    row: int
    heading: str
    text: str

    def __str__(self) -> str:
        """Name row and column, then what is wrong."""
        known = {"row": self.row, "heading": self.heading, "text": self.text}
        return _("第%(row)s行「%(heading)s」：%(text)s") % known


@dataclass
class Sheet:
    """What was understood, and every fault; only a sheet without faults is taken over."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def note(self, row: int, name: str, text: Any) -> None:
        """Add a fault under the heading of the field ``name``, the first column where the field has none."""
        heading = dict(zip(FIELDS, HEADINGS, strict=True)).get(name, HEADINGS[0])
        self.faults.append(Fault(row, heading, str(text)))


def template() -> bytes:
    """Return an empty sheet with the headings."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet("评审专家")
        bold = book.add_format({"bold": True})
        for place, (_name, heading, width) in enumerate(COLUMNS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, bold)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def read(file: BinaryIO) -> Sheet:
    """Return what the sheet says with its faults; raises Refusal for a file that is no such sheet or too long."""
    rows = sheets.lines_of(file, HEADINGS)
    if len(rows) > MOST_ROWS:
        raise Refusal([Reason(_("一次最多导入%(most)s人。") % {"most": MOST_ROWS}, code="sheet_unfit", field="file")])
    names: dict[str, dict[str, Any]] = {
        "series": {one.name: one for one in Series.objects.all()},
        "level": {str(LevelKey(one.key).label): one for one in Level.objects.all()},
        "band": {str(band.label): band.value for band in Band},
    }
    sheet = Sheet()
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in rows:
        _understand(sheet, number, dict(zip(FIELDS, cells, strict=False)), names, seen)
    return sheet


def judged(file: BinaryIO, agency: Organisation, *, by: Actor, at: dt.datetime) -> Sheet:
    """Return what the sheet says, with the faults of its cells and what would refuse each person, by row.

    Raises Refusal as ``read``, and for a sheet without anybody.
    """
    sheet = read(file)
    if not sheet.lines and not sheet.faults:
        raise Refusal([Reason(_("表中没有人员。"), "R-161", "sheet_unfit", "file")])
    for line, reasons in expert_importing.judge(sheet.lines, agency, by=by, at=at):
        for reason in reasons:
            sheet.note(line.number, reason.field, reason.text)
    sheet.faults.sort(key=lambda fault: fault.row)
    return sheet


def _understand(
    sheet: Sheet, number: int, told: dict[str, str], names: dict[str, dict[str, Any]], seen: dict[Any, int]
) -> None:
    before = len(sheet.faults)
    found = {name: _looked_up(sheet, number, name, told.get(name, ""), known) for name, known in names.items()}
    facts: dict[str, Any] = {name: _fitting(sheet, number, name, told.get(name, "")) for name in TEXTS}
    for name in ("is_non_public", "is_new_research"):
        facts[name] = _looked_up(sheet, number, name, told.get(name, ""), FLAGS)
    if len(told.get("grounds", "")) > LONGEST_GROUNDS:
        sheet.note(number, "grounds", _("最多%(most)s字。") % {"most": LONGEST_GROUNDS})
    try:
        person = person_named(told.get("full_name", ""), told.get("number", ""))
    except Refusal as refusal:
        sheet.note(number, "number", refusal.reasons[0].text)
        return
    if len(sheet.faults) > before:
        return
    earlier = seen.setdefault((person.code, found["series"].code, found["band"]), number)
    if earlier != number:
        sheet.note(number, "number", _("与第%(row)s行重复。") % {"row": earlier})
        return
    line = Line(number, person, found["series"], found["band"], found["level"], facts, told.get("grounds", ""))
    sheet.lines.append(line)


TEXTS = ("employer_name", "employer_code", "title", "certificate_number", "field")


def _looked_up(sheet: Sheet, row: int, name: str, written: str, known: dict[str, Any]) -> Any:
    if written in known:
        return known[written]
    text = _("「%(written)s」无法识别。") % {"written": written} if written else _("未填写。")
    sheet.note(row, name, text)
    return None


def _fitting(sheet: Sheet, row: int, name: str, written: str) -> str:
    most: int | None = getattr(Expert._meta.get_field(name), "max_length", None)
    if not written and name in NEEDED:
        sheet.note(row, name, _("未填写。"))
    elif most is not None and len(written) > most:
        sheet.note(row, name, _("最多%(most)s字。") % {"most": most})
    return written
