"""From a sheet to rows: every cell looked up, every fault named by row and column, nothing taken over when one is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.catalogue.domain.rows import Changes, Row, changes_towards, reasons_against, row_of
from portal.catalogue.enums import Band, LevelKey, Method
from portal.catalogue.interfaces.sheets import MOST_LETTERS, Fault, SheetRow
from portal.catalogue.models import AnnualSchedule, Committee, Edition, Level, Specialty
from portal.shared.phrases import joined

EVERY_SPECIALTY, EVERY_DISTRICT = "各专业", "各区"


@dataclass
class Sheet:
    """What a sheet says of an edition: rows and faults. Only a sheet without faults may be taken over."""

    edition: Edition
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Directory:
    """Everything that a cell can name, fetched once."""

    specialties: dict[str, Specialty]
    levels: dict[str, Level]
    methods: dict[str, str]
    committees: dict[tuple[str, str], Committee]
    schedules: dict[str, AnnualSchedule]

    @classmethod
    def of(cls, edition: Edition) -> "_Directory":
        return cls(
            specialties={each.code: each for each in Specialty.objects.select_related("series").order_by("code")},
            levels={str(LevelKey(each.key).label): each for each in Level.objects.all()},
            methods={str(method.label): method.value for method in Method},
            committees={(each.name, each.band): each for each in edition.committees.select_related("agency")},
            schedules={each.title: each for each in edition.schedules.all()},
        )


def understand(edition: Edition, lines: Iterable[SheetRow]) -> Sheet:
    """Return the rows that ``lines`` stand for in ``edition``, and every fault with its row and column.

    「各专业」 stands for every specialty of the named series, 「各区」 for every district committee.
    """
    directory, sheet = _Directory.of(edition), Sheet(edition)
    seen: dict[Any, int] = {}
    for line in lines:
        rows = _understand_line(sheet, directory, line)
        for row in rows:
            earlier = seen.setdefault(row.place, line.number)
            if earlier != line.number:
                text = _("与第%(row)s行重复。") % {"row": earlier}
                sheet.faults.append(Fault(line.number, "specialty_code", text))
        sheet.rows += rows
    return sheet


def _understand_line(sheet: Sheet, directory: _Directory, line: SheetRow) -> list[Row]:
    before = len(sheet.faults)
    sheet.faults += [
        Fault(line.number, name, _("超过%(most)s个字。") % {"most": most})
        for name, most in MOST_LETTERS.items()
        if len(getattr(line, name)) > most
    ]
    specialties = _specialties(sheet, directory, line)
    level = _named(sheet, line, "level", directory.levels)
    method = _named(sheet, line, "method", directory.methods)
    schedule = _named(sheet, line, "schedule", directory.schedules) if line.schedule else None
    committees = _committees(sheet, directory, line, level)
    if len(sheet.faults) > before or level is None or method is None:
        return []
    rows = [
        Row(specialty, level, method, committee, schedule, line.telephone)
        for specialty in specialties
        for committee in committees
    ]
    for row in rows:
        sheet.faults += [
            Fault(line.number, COLUMN_OF[reason.field], str(reason.text))
            for reason in reasons_against(row, sheet.edition)
        ]
    return rows


# Under which column a refused row's field is shown.
COLUMN_OF = {"specialty": "specialty_code", "committee": "committee", "schedule": "schedule"}


def _specialties(sheet: Sheet, directory: _Directory, line: SheetRow) -> list[Specialty]:
    if line.specialty == EVERY_SPECIALTY:
        found = [each for each in directory.specialties.values() if each.series.name == line.series]
        if not found:
            sheet.faults.append(Fault(line.number, "series", _("没有名为「%(name)s」的系列。") % {"name": line.series}))
        return found
    specialty = directory.specialties.get(line.specialty_code)
    if specialty is None:
        text = _("没有代码为「%(code)s」的专业，请先设立专业。") % {"code": line.specialty_code}
        sheet.faults.append(Fault(line.number, "specialty_code", text))
        return []
    pairs = (("specialty", line.specialty, specialty.name), ("series", line.series, specialty.series.name))
    for name, written, meant in pairs:
        if written and written != meant:
            known = {"code": specialty.code, "meant": meant, "written": written}
            text = _("代码%(code)s是「%(meant)s」，不是「%(written)s」。") % known
            sheet.faults.append(Fault(line.number, name, text))
    return [specialty]


def _committees(
    sheet: Sheet, directory: _Directory, line: SheetRow, level: Level | None
) -> list[Committee] | list[None]:
    if not line.committee or level is None:
        return [None]
    if line.committee == EVERY_DISTRICT:
        found = [each for each in directory.committees.values() if each.district and each.band == level.committee_band]
        if not found:
            text = _("该年度还没有区级评审委员会，请先建立。")
            sheet.faults.append(Fault(line.number, "committee", text))
        return found
    committee = directory.committees.get((line.committee, level.committee_band))
    if committee is None:
        known = {"name": line.committee, "band": Band(level.committee_band).label}
        text = _("该年度没有名为「%(name)s」的%(band)s评审委员会，请先建立。") % known
        sheet.faults.append(Fault(line.number, "committee", text))
        return [None]
    return [committee]


def _named(sheet: Sheet, line: SheetRow, name: str, directory: dict[str, Any]) -> Any:
    written = getattr(line, name)
    if written in directory:
        return directory[written]
    offered = joined(directory) if len(directory) <= len(Method) + 1 else ""
    words = {
        (True, True): _("「%(written)s」无法识别，应为%(offered)s之一。"),
        (True, False): _("「%(written)s」无法识别。"),
        (False, True): _("未填写，应为%(offered)s之一。"),
        (False, False): _("未填写。"),
    }[bool(written), bool(offered)]
    sheet.faults.append(Fault(line.number, name, words % {"written": written, "offered": offered}))
    return None


def changes_of(sheet: Sheet, *, is_complete: bool) -> Changes:
    """Return what taking the sheet over changes; where it is no complete list, rows that it leaves out stay."""
    rows = list(sheet.rows)
    if not is_complete:
        named = {row.place for row in rows}
        standing = (row_of(entry) for entry in sheet.edition.entries.working().with_all())
        rows += [row for row in standing if row.place not in named]
    return changes_towards(sheet.edition, rows)


def as_plain(line: SheetRow) -> dict[str, Any]:
    """Return a line as it is kept between upload and confirmation."""
    return dict(vars(line))
