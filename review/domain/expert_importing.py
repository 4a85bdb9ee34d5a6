"""Naming many experts by a sheet: judged row by row without a trace, kept, and taken over once (R-161)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.catalogue.models import Level, Series
from portal.shared.errors import Reason, Refusal
from review.domain import nominating
from review.models import ExpertImport, ExpertTerm

MOST_ROWS = 500
FACTS = ("employer_name", "employer_code", "title", "certificate_number", "field", "is_non_public", "is_new_research")


@dataclass(frozen=True)
class Line:
    """One line that was understood; ``number`` is its row as Excel shows it."""

    number: int
    person: Person
    series: Series
    band: str
    level: Level
    facts: Mapping[str, Any]
    grounds: str

    @property
    def plain(self) -> dict[str, Any]:
        """The line by public codes: the number of the person's document is not kept."""
        codes = {"person": self.person.code, "series": self.series.code, "level": self.level.key, "band": self.band}
        return {"number": self.number, **codes, **self.facts, "grounds": self.grounds}


def lines_kept(kept: ExpertImport) -> list[Line]:
    """Return what a kept sheet says, looked up again."""
    people = {one.code: one for one in Person.objects.filter(code__in=[row["person"] for row in kept.rows])}
    series, levels = {one.code: one for one in Series.objects.all()}, {one.key: one for one in Level.objects.all()}
    return [
        Line(
            row["number"],
            people[row["person"]],
            series[row["series"]],
            row["band"],
            levels[row["level"]],
            {name: row[name] for name in FACTS},
            row["grounds"],
        )
        for row in kept.rows
    ]


def judge(
    lines: Iterable[Line], agency: Organisation, *, by: Actor, at: dt.datetime
) -> list[tuple[Line, list[Reason]]]:
    """Return the lines that would be refused, each with its reasons: nominated for a try, and undone."""
    refused = []
    with transaction.atomic():
        for line in lines:
            try:
                with transaction.atomic():
                    _nominate(line, agency, by, at)
            except Refusal as refusal:
                refused.append((line, refusal.reasons))
        transaction.set_rollback(True)
    return refused


@transaction.atomic
def keep(agency: Organisation, lines: Iterable[Line], *, file_name: str, by: Actor, at: dt.datetime) -> ExpertImport:
    """Store a sheet that was judged without fault; nobody is named until it is confirmed."""
    if by.person is None:
        raise ValueError("A sheet is uploaded by a person.")
    rows = [line.plain for line in lines]
    return ExpertImport.objects.create(
        agency=agency, uploaded_by=by.person, uploaded_at=at, file_name=file_name[:200], rows=rows
    )


@transaction.atomic
def take_over(kept: ExpertImport, *, by: Actor, at: dt.datetime) -> list[ExpertTerm]:
    """Name everybody on a kept sheet, once and all or nobody; raises Refusal naming the rows that no longer hold."""
    row = ExpertImport.objects.select_for_update().get(pk=kept.pk)
    if row.applied_at is not None:
        raise Refusal([Reason(_("该文件已经导入过。"), code="sheet_taken_over")])
    lines = lines_kept(row)
    refused = judge(lines, row.agency, by=by, at=at)
    if refused:
        raise Refusal([_in_row(line, reason) for line, reasons in refused for reason in reasons])
    made = [_nominate(line, row.agency, by, at) for line in lines]
    row.applied_at = at
    row.save(update_fields=["applied_at", "updated_at"])
    return made


def _nominate(line: Line, agency: Organisation, by: Actor, at: dt.datetime) -> ExpertTerm:
    facts = nominating.Facts(series=line.series, level=line.level, **line.facts)
    scope = nominating.Scope(agency, line.series, line.band)
    return nominating.nominate(line.person, scope, facts, grounds=line.grounds, by=by, at=at)


def _in_row(line: Line, reason: Reason) -> Reason:
    text = _("第%(row)s行：%(text)s") % {"row": line.number, "text": reason.text}
    return Reason(text, reason.basis, reason.code)
