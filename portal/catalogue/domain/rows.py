"""Changing rows of the revision in hand: what is published stays, what is dropped ends with the next revision."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.enums import REVIEWABLE, EditionState, Mode
from portal.catalogue.models import AnnualSchedule, CatalogueEntry, Committee, Edition, Level, Specialty
from portal.ledger.record import record
from portal.shared.codes import new_code
from portal.shared.errors import Reason, Refusal

EVALUATED_HERE = frozenset({Mode.QUALIFICATION, Mode.POST})
Place = tuple[int, int, int | None]


@dataclass(frozen=True)
class Row:
    """One row as it shall stand in the working revision."""

    specialty: Specialty
    level: Level
    method: str
    committee: Committee | None = None
    schedule: AnnualSchedule | None = None
    telephone: str = ""

    @property
    def place(self) -> Place:
        """What tells the row from all others of its edition: specialty, level and committee."""
        return self.specialty.pk, self.level.pk, self.committee.pk if self.committee else None

    @property
    def content(self) -> tuple[str, int | None, str]:
        """What may differ from one revision to the next."""
        return self.method, self.schedule.pk if self.schedule else None, self.telephone

    def __str__(self) -> str:
        """Name the row in words."""
        row = f"{self.specialty} {self.level}"
        return _("%(row)s（%(committee)s）") % {"row": row, "committee": self.committee} if self.committee else row


@dataclass(frozen=True)
class Changes:
    """What one act does to the working revision."""

    added: Sequence[Row] = ()
    changed: Sequence[tuple[CatalogueEntry, Row]] = ()
    dropped: Sequence[CatalogueEntry] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.added or self.changed or self.dropped)


def row_of(entry: CatalogueEntry) -> Row:
    """Return a stored row as a plain value."""
    return Row(entry.specialty, entry.level, entry.method, entry.committee, entry.schedule, entry.telephone)


def changes_towards(edition: Edition, wanted: Iterable[Row]) -> Changes:
    """Return what turns the working revision into exactly ``wanted``: rows missing there are dropped."""
    standing = {row_of(entry).place: entry for entry in edition.entries.working().with_all()}
    rows = {row.place: row for row in wanted}
    return Changes(
        added=[row for place, row in rows.items() if place not in standing],
        changed=[
            (standing[place], row)
            for place, row in rows.items()
            if place in standing and row_of(standing[place]).content != row.content
        ],
        dropped=[entry for place, entry in standing.items() if place not in rows],
    )


def reasons_against(row: Row, edition: Edition) -> list[Reason]:
    """Return everything that is wrong with one row by itself, each with the field that it concerns."""
    found = []
    if row.specialty.series.mode not in EVALUATED_HERE:
        text = _("「%(series)s」系列在本市不由评审服务机构评审。") % {"series": row.specialty.series}
        found.append(Reason(text, basis="R-032", code="series_not_evaluated_here", field="specialty"))
    if row.method in REVIEWABLE and row.committee is None:
        found.append(Reason(_("评审和考评结合须指定评审委员会。"), "R-030", "committee_missing", "committee"))
    if row.method not in REVIEWABLE and row.committee is not None:
        found.append(Reason(_("以考代评和不开展的级别不设评审委员会。"), "A-39", "committee_superfluous", "committee"))
    return found + _reasons_against_company(row, edition)


def _reasons_against_company(row: Row, edition: Edition) -> list[Reason]:
    """Return what is wrong with the committee and the schedule that a row names."""
    found = []
    if row.committee is not None and row.committee.edition_id != edition.pk:
        found.append(Reason(_("评审委员会不属于该年度目录。"), "R-020", "committee_of_another_year", "committee"))
    if row.committee is not None and row.committee.band != row.level.committee_band:
        known = {"committee": row.committee, "band": row.committee.get_band_display(), "level": row.level}
        text = _("「%(committee)s」是%(band)s评委会，不能评审%(level)s。") % known
        found.append(Reason(text, basis="R-030", code="committee_of_another_level", field="committee"))
    if row.schedule is not None and row.schedule.edition_id != edition.pk:
        found.append(Reason(_("年度安排不属于该年度目录。"), "R-024", "schedule_of_another_year", "schedule"))
    return found


@transaction.atomic
def apply(edition: Edition, changes: Changes, *, by: Actor, at: dt.datetime) -> None:
    """Write ``changes`` into the working revision, all or nothing.

    Raises Refusal unless the edition is being prepared, with every reason against every row.
    """
    row = locked_for_preparation(edition)
    _refuse_wrong_rows(row, changes)
    _drop(row, changes.dropped)
    _drop(row, [entry for entry, _new in changes.changed])
    _add(row, [*changes.added, *(new for _entry, new in changes.changed)])
    if changes:
        counts = {"added": len(changes.added), "changed": len(changes.changed), "dropped": len(changes.dropped)}
        facts = {**counts, "revision": row.working_revision, "rows": _named(changes)}
        record(row, "change_rows", by=by, at=at, basis="R-020", facts=facts)


def locked_for_preparation(edition: Edition) -> Edition:
    """Return the edition locked against other preparers; raises Refusal unless it is being prepared."""
    row = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if row.state != EditionState.PREPARING:
        text = _("目录当前状态为「%(state)s」，不能修改；已发布的目录请先编制修订版。") % {
            "state": row.get_state_display()
        }
        raise Refusal([Reason(text, basis="R-020", code="edition_is_not_in_preparation")])
    return row


def _refuse_wrong_rows(edition: Edition, changes: Changes) -> None:
    new = [*changes.added, *(row for _entry, row in changes.changed)]
    found = [reason for row in new for reason in reasons_against(row, edition)]
    gone = {entry.pk for entry in changes.dropped} | {entry.pk for entry, _row in changes.changed}
    kept = edition.entries.working().exclude(pk__in=gone).values_list("specialty", "level", "committee")
    seen = Counter([*kept, *(row.place for row in new)])
    for row in {row.place: row for row in new}.values():
        if seen[row.place] > 1:
            text = _("目录中已有相同的条目：%(row)s。") % {"row": row}
            found.append(Reason(text, basis="R-020", code="row_stands_already"))
    if found:
        raise Refusal(found)


def _drop(edition: Edition, entries: Sequence[CatalogueEntry]) -> None:
    keys = [entry.pk for entry in entries]
    rows = CatalogueEntry.objects.filter(pk__in=keys, edition=edition)
    rows.filter(since_revision=edition.working_revision).delete()
    rows.filter(since_revision__lt=edition.working_revision).update(until_revision=edition.working_revision)


def _add(edition: Edition, rows: Sequence[Row]) -> None:
    CatalogueEntry.objects.bulk_create(
        (
            CatalogueEntry(
                edition=edition,
                code=new_code(CatalogueEntry.CODE_PREFIX),
                since_revision=edition.working_revision,
                **{name: getattr(row, name) for name in Row.__dataclass_fields__},
            )
            for row in rows
        ),
        batch_size=500,
    )


def _named(changes: Changes) -> dict[str, Any]:
    """Return the rows in words, as many as a ledger entry may reasonably hold."""
    most = 50
    return {
        "added": [str(row) for row in changes.added[:most]],
        "changed": [str(row) for _entry, row in changes.changed[:most]],
        "dropped": [str(row_of(entry)) for entry in changes.dropped[:most]],
    }
