"""Starting the catalogue of a year, and publishing its revisions."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.domain import conditions, schedules, standing
from portal.catalogue.domain.committees import copy_of
from portal.catalogue.domain.rows import Changes, Row, apply
from portal.catalogue.enums import EditionState, ScheduleKind
from portal.catalogue.models import Committee, Edition
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from portal.workflow import carry_out


@transaction.atomic
def prepare(
    *,
    code: str,
    year: int,
    title: str,
    source: str = "",
    note: str = "",
    is_illustrative: bool = False,
    copy_from: Edition | None = None,
    by: Actor,
    at: dt.datetime,
) -> Edition:
    """Start the catalogue of a year, blank or with the committees, rows, conditions and schedules of another edition.

    Copied windows keep day and month and must be looked at. Raises Refusal for a code or a year that is taken.
    """
    _refuse_taken(code, year, is_illustrative=is_illustrative)
    edition = Edition.objects.create(
        code=code, year=year, title=title, source=source, note=note, is_illustrative=is_illustrative
    )
    copied = copy_from.code if copy_from else ""
    record(edition, "prepare", by=by, at=at, after=EditionState.PREPARING, basis="R-020", facts={"copy_of": copied})
    if copy_from is not None:
        _copy(copy_from, edition, by=by, at=at)
    return edition


def _refuse_taken(code: str, year: int, *, is_illustrative: bool) -> None:
    found = []
    if Edition.objects.filter(code=code).exists():
        found.append(Reason(_("目录编号%(code)s已被使用。") % {"code": code}, code="code_taken", field="code"))
    if not is_illustrative and Edition.objects.filter(year=year, is_illustrative=False).exists():
        text = _("%(year)s年度已有目录，请在其上编制修订版。") % {"year": year}
        found.append(Reason(text, basis="R-020", code="year_taken", field="year"))
    if found:
        raise Refusal(found)


def _copy(old: Edition, new: Edition, *, by: Actor, at: dt.datetime) -> None:
    years = new.year - old.year
    committees = {each.pk: copy_of(each, new) for each in old.committees.order_by("pk")}
    Committee.objects.bulk_create(committees.values())
    plans = {
        each.pk: schedules.prepare(
            new,
            title=each.title.replace(str(old.year), str(new.year)),
            kind=ScheduleKind(each.kind),
            windows=schedules.moved_by_years(each.windows, years),
            owner=each.owner,
            by=by,
            at=at,
        )
        for each in old.schedules.select_related("owner").order_by("pk")
    }
    entries = old.entries.at_revision(old.revision) if old.revision else old.entries.working()
    rows = [
        Row(
            entry.specialty,
            entry.level,
            entry.method,
            committees[entry.committee_id] if entry.committee_id else None,
            plans[entry.schedule_id] if entry.schedule_id else None,
            entry.telephone,
        )
        for entry in entries.select_related("specialty", "level").order_by("pk")
    ]
    apply(new, Changes(added=rows), by=by, at=at)
    conditions.copy(old, new, by=by, at=at)


@transaction.atomic
def publish(edition: Edition, *, by: Actor, at: dt.datetime, key: str | None = None) -> Edition:
    """Publish the approved revision and bring the list of agencies in line with it."""
    published = carry_out(edition, "publish", by=by, at=at, key=key)
    standing.keep_list(published, by=by, at=at)
    return published
