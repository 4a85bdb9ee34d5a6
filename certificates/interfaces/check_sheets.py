"""Sheets of certificates to be checked: the template, reading xlsx and csv, and the answers as a sheet.

Every line comes back, in its place: what cannot be asked about says why, and nothing is lost.
"""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO

import xlsxwriter
from django.core import signing
from django.utils.translation import gettext as _

from certificates.domain import checking
from certificates.domain.checking import Answer, Asked
from certificates.domain.comparing import number_in_full
from certificates.enums import CheckWay
from certificates.interfaces import answers, asking
from certificates.interfaces.checking_forms import LONGEST_CODE, LONGEST_NAME, LONGEST_NUMBER
from portal.accounts.actors import Actor
from portal.catalogue.interfaces import sheets
from portal.http import limits
from portal.shared.errors import Reason, Refusal
from portal.shared.phrases import joined

MOST_ROWS = 1000
HEADINGS = ["证书编号", "姓名", "查验码"]
RESULTS = ["行", "证书编号", "姓名", "结果", "职称", "级别", "备注"]
WIDTHS = (6, 24, 16, 34, 16, 10, 40)
ENCODINGS = ("utf-8-sig", "gb18030")
LIMITS = (LONGEST_NUMBER, LONGEST_NAME, LONGEST_CODE)
# Every value is text: nothing that somebody wrote is ever computed or followed.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SALT = "certificates.check_sheets"
KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Line:
    """One line with what was found; ``row`` counts as Excel does, ``tone`` is the meaning of the result."""

    row: int
    number: str
    name: str
    result: str
    tone: str
    title: str = ""
    level: str = ""
    note: str = ""
    state: str = ""


def template() -> bytes:
    """Return an empty sheet with the headings."""
    return _written("批量查验", HEADINGS, (24, 16, 16), [])


def lines_in(file: BinaryIO, name: str) -> list[tuple[int, Asked]]:
    """Return what the filled lines ask, each with its row; raises Refusal for a file that is no such sheet or too long."""
    is_text = name.lower().endswith(".csv")
    rows = _lines_of_text(file.read()) if is_text else sheets.lines_of(file, HEADINGS)
    if len(rows) > MOST_ROWS:
        text = _("一次最多查验%(most)s行，文件有%(count)s行，请分次上传。") % {"most": MOST_ROWS, "count": len(rows)}
        raise Refusal([Reason(text, code="sheet_unfit", field="file")])
    if not rows:
        raise Refusal([Reason(_("文件里没有要查验的证书。"), code="sheet_unfit", field="file")])
    return [(row, Asked(*[*cells, "", "", ""][:3])) for row, cells in rows]


def check_lines(asked: Sequence[tuple[int, Asked]], *, by: Actor, at: dt.datetime) -> list[Line]:
    """Check every line that can be asked about and return all of them in their order; the holders see who asked."""
    limits.count_for(by.organisation.code if by.organisation else "", asking.SHEETS, per_hour=asking.SHEETS_AN_HOUR)
    faults = _faults(asked)
    fit = [one for row, one in asked if row not in faults]
    found = dict(zip((row for row, _one in asked if row not in faults), _answered(fit, by, at), strict=True))
    return [
        _line(row, one, _("没有查验"), "held", note=faults[row]) if row in faults else _told(row, one, found[row])
        for row, one in asked
    ]


def sealed(lines: Sequence[Line], by: Actor) -> str:
    """Return the answers as a text that the page hands back for the download, so that nothing of them is stored here."""
    return signing.dumps([list(asdict(line).values()) for line in lines], salt=_salt(by), compress=True)


def unsealed(text: str, by: Actor) -> list[Line] | None:
    """Return the answers that ``sealed`` gave the same organisation within the hour, else None."""
    try:
        return [Line(*values) for values in signing.loads(text, salt=_salt(by), max_age=KEPT_SECONDS)]
    except signing.BadSignature:
        return None


def written(lines: Sequence[Line]) -> bytes:
    """Return the answers as an xlsx file."""
    rows = [[str(line.row), line.number, line.name, line.result, line.title, line.level, line.note] for line in lines]
    return _written("查验结果", RESULTS, WIDTHS, rows)


def _salt(by: Actor) -> str:
    return f"{SALT}.{by.organisation.code if by.organisation else ''}"


def _answered(asked: Sequence[Asked], by: Actor, at: dt.datetime) -> list[Answer | None]:
    """Answer, leaving out without their code the numbers at which somebody has been guessing."""
    held = asking.guessed(asked)
    answers_of: dict[bool, list[Answer | None]] = {}
    for is_held in (False, True):
        part = [one for one, each in zip(asked, held, strict=True) if each is is_held]
        answers_of[is_held] = (
            checking.check_all(part, way=CheckWay.BULK, only_with_code=is_held, by=by, at=at) if part else []
        )
    found = [answers_of[is_held].pop(0) for is_held in held]
    for one, answer in zip(asked, found, strict=True):
        if answer is None:
            limits.count(asking.MISSED, number_in_full(one.number))
    return found


def _faults(asked: Sequence[tuple[int, Asked]]) -> dict[int, str]:
    """Return by row why a line cannot be asked about; a number counts once, or a sheet could guess at its name."""
    faults: dict[int, str] = {}
    first: dict[str, int] = {}
    for row, one in asked:
        values = (one.number, one.name, one.code)
        missing = [heading for heading, value in zip(HEADINGS[:2], values, strict=False) if not value]
        long = [each for each, value, most in zip(HEADINGS, values, LIMITS, strict=True) if len(value) > most]
        earlier = first.setdefault(number_in_full(one.number), row) if one.number else row
        if missing:
            faults[row] = _("未填写%(fields)s。") % {"fields": joined(missing)}
        elif long:
            faults[row] = _("%(fields)s过长。") % {"fields": joined(long)}
        elif earlier != row:
            faults[row] = _("与第%(row)s行编号相同。") % {"row": earlier}
    return faults


def _told(row: int, asked: Asked, answer: Answer | None) -> Line:
    if answer is None:
        return _line(row, asked, _("没有查到编号和姓名一致的证书"), "bad")
    notes = [_("查验码不正确。")] if answer.is_code_wrong else []
    if answer.replaced_by:
        notes.append(_("新证书编号：%(number)s。") % {"number": answer.replaced_by})
    told = {"title": answer.title, "level": answer.level, "note": "".join(notes), "state": answer.state.value}
    return _line(row, asked, answers.verdict_of(answer), answers.tone_of(answer), **told)


def _line(row: int, asked: Asked, result: str, tone: str, **more: str) -> Line:
    return Line(row, asked.number, asked.name, result, tone, **more)


def _lines_of_text(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the filled lines of a csv file as Excel and others write it; raises Refusal."""
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refusal([Reason(_("csv文件的编码无法识别，请另存为UTF-8。"), code="sheet_unfit", field="file")])
    try:
        rows = [[cell.strip() for cell in row[: len(HEADINGS)]] for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error as error:
        raise Refusal([Reason(_("csv文件无法读取。"), code="sheet_unfit", field="file")]) from error
    if not rows or rows[0] != HEADINGS:
        wanted = _("首行须依次为：%(headings)s。") % {"headings": joined(HEADINGS)}
        raise Refusal([Reason(wanted, code="sheet_unfit", field="file")])
    return [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]


def _written(title: str, headings: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True})
        for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                sheet.write_string(number, place, value)
    return buffer.getvalue()
