"""Drafts: opening one, changing its choice, filling its sheets, choosing representative works."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.domain import archiving, lookups
from applications.domain.archiving import Saved
from applications.domain.settling import settled_first
from applications.enums import EDITABLE, WINDOW, Hold
from applications.models import Application, ArchiveItem, RepresentativeWork, Sheet
from applications.sections import ItemKind, SheetKind
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.catalogue import queries as catalogue
from portal.catalogue.models import CatalogueEntry, Criterion
from portal.deadlines import setting
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotOpen, StepNotPermitted
from portal.workflow.carry_out import locked

MOST_WORKS = 5

# Declarations of the day, which nobody makes by having made them last year.
DECLARED_ANEW = {
    "is_civil_servant",
    "is_retired",
    "is_sanctioned",
    "sanction",
    "sanctioned_on",
    "restricted_until",
    "gap_note",
}


@transaction.atomic
def open_draft(entry: CatalogueEntry, *, title: str = "", by: Actor, at: dt.datetime, key: str = "") -> Application:
    """Begin this year's application along ``entry`` and ask the registers; raises Refusal with every reason against it.

    ``title`` is one of the titles that the row leads to; empty takes the first.
    """
    person = _person(by)
    reasons = [*reasons_against_opening(person, entry, at)]
    names = catalogue.title_names(entry)
    if title and title not in names:
        reasons.append(Reason(_("请从列表中选择申报职称。"), basis="R-063", code="title_unknown", field="title"))
    if reasons:
        raise Refusal(reasons)
    try:
        with transaction.atomic():
            application = Application.objects.create(
                applicant=person,
                entry=entry,
                year=entry.edition.year,
                title=title or (names[0] if names else ""),
                state_since=at,
            )
    except IntegrityError:
        raise Refusal([_another_live(entry.edition.year)]) from None
    Sheet.objects.bulk_create(_sheets(application, person, at))
    record(
        application, "open", by=by, at=at, after=application.state, facts={"entry": entry.code}, basis="R-063", key=key
    )
    assert entry.schedule is not None  # noqa: S101 - a row without a schedule is refused above
    setting.set_instant(WINDOW, application, due_at=entry.schedule.individual_closes_at, at=at)
    lookups.ask(person, at=at)
    return application


def reasons_against_opening(person: Person, entry: CatalogueEntry, at: dt.datetime) -> list[Reason]:
    """Return what keeps ``person`` from beginning an application along ``entry`` at ``at`` (domain §8.1 #1)."""
    insured = lookups.insured_employer(person)
    district = insured.district if insured is not None else entry.district
    found = catalogue.reasons_against_choosing(entry, district=district, at=at)
    found += [bar.reason for bar in integrity.bars_on(person, at=at, kinds={BarKind.APPLY})]
    if Application.objects.counted().filter(applicant=person, year=entry.edition.year).exists():
        found.append(_another_live(entry.edition.year))
    return found


@settled_first
def choose_again(
    application: Application, entry: CatalogueEntry, *, title: str = "", by: Actor, at: dt.datetime
) -> Application:
    """Take another row of the same year's catalogue for the draft; everything filled in stays."""
    row = editable(application, by)
    insured = lookups.insured_employer(row.applicant)
    district = insured.district if insured is not None else entry.district
    reasons = catalogue.reasons_against_choosing(entry, district=district, at=at)
    if entry.edition.year != row.year:
        reasons.append(Reason(_("请选择本年度的目录条目。"), basis="R-003", code="another_year", field="entry"))
    if row.return_count:
        reasons.append(Reason(_("补正期间不能更换申报专业和评审委员会。"), basis="R-091", code="choice_is_fixed"))
    names = catalogue.title_names(entry)
    if reasons:
        raise Refusal(reasons)
    before, row.entry, row.title = row.entry, entry, title if title in names else (names[0] if names else "")
    row.save()
    row.works.update(criterion=None)
    facts = {"from": before.code, "to": entry.code}
    record(row, "choose_again", by=by, at=at, facts=facts, basis="R-063")
    assert entry.schedule is not None  # noqa: S101 - a row without a schedule is refused above
    setting.lift(WINDOW, row, at=at)
    setting.set_instant(WINDOW, row, due_at=entry.schedule.individual_closes_at, at=at)
    return row


@settled_first
def save_sheet(
    application: Application,
    kind: SheetKind,
    values: Mapping[str, Any],
    *,
    based_on: Mapping[str, int],
    by: Actor,
    at: dt.datetime,
) -> Saved:
    """Store fields of one sheet as they are typed; see ``archiving.fill`` for what happens to a field changed elsewhere."""
    row = editable(application, by)
    sheet = Sheet.objects.select_for_update(of=("self",), no_key=True).get(application=row, kind=kind)
    return archiving.fill(sheet, values, based_on=based_on, by=by, at=at)


@settled_first
def show_work(
    application: Application, item: ArchiveItem, *, criterion: Criterion | None = None, by: Actor, at: dt.datetime
) -> RepresentativeWork:
    """Show a result of the archive as a representative work, under one indicator of the committee's menu (R-044)."""
    row = editable(application, by)
    if item.person_id != row.applicant_id or item.kind != ItemKind.RESULT or item.removed_at is not None:
        raise Refusal([Reason(_("请从本人业绩成果中选择。"), basis="R-044", code="not_a_result", field="item")])
    if criterion is not None and criterion.guide.committee_id != row.entry.committee_id:
        raise Refusal(
            [Reason(_("请从所选评审委员会的指标中选择。"), basis="R-044", code="foreign_indicator", field="criterion")]
        )
    if not row.works.filter(item=item).exists() and row.works.count() >= MOST_WORKS:
        text = _("代表性成果最多%(most)s项，请先取消一项。") % {"most": MOST_WORKS}
        raise Refusal([Reason(text, basis="R-044", code="too_many_works", field="item")])
    work, _new = RepresentativeWork.objects.update_or_create(
        application=row,
        item=item,
        defaults={"criterion": criterion},
        create_defaults={"criterion": criterion, "order": row.works.count()},
    )
    record(row, "show_work", by=by, at=at, facts={"item": item.code}, basis="R-044")
    return work


@settled_first
def hide_work(application: Application, item: ArchiveItem, *, by: Actor, at: dt.datetime) -> None:
    """Take a result out of the representative works; it stays in the archive."""
    row = editable(application, by)
    if row.works.filter(item=item).delete()[0]:
        record(row, "hide_work", by=by, at=at, facts={"item": item.code}, basis="R-044")


def editable(application: Application, by: Actor) -> Application:
    """Return the locked row for its own applicant while it may be edited; raises StepNotPermitted, StepNotOpen.

    Must run inside a transaction, after what has fallen due was executed, so that nobody writes into an expired draft.
    """
    person = _person(by)
    row = locked(application, alone=True)  # asked at every pause in typing
    if row.applicant_id != person.pk:
        raise StepNotPermitted("edit", [Reason(_("申报由本人填写。"), basis="R-063", code="not_own")])
    if row.state not in EDITABLE:
        text = _("当前状态为「%(state)s」，不能修改。") % {"state": row.state_shown_to(by)}
        raise StepNotOpen("edit", [Reason(text, basis="R-063", code="not_editable")])
    if row.hold == Hold.INVESTIGATION:
        raise StepNotOpen("edit", [Reason(_("该申报正在诚信核查，暂不能修改。"), basis="R-140", code="on_hold")])
    return row


def _sheets(application: Application, person: Person, at: dt.datetime) -> list[Sheet]:
    """Return the empty sheets, with what last year's said and the insurance tells already filled in."""
    earlier = {
        sheet.kind: sheet.content
        for sheet in Sheet.objects.filter(application__applicant=person).order_by("application__year", "pk")
    }
    insured = lookups.insured_employer(person)
    sheets = []
    for kind in (SheetKind.POST, SheetKind.SUMMARY):
        content = {name: value for name, value in earlier.get(kind, {}).items() if name not in DECLARED_ANEW}
        if kind == SheetKind.POST and insured is not None:
            content.setdefault("work_unit", insured.work_unit or insured.name)
        versions = dict.fromkeys(content, 1)
        sheets.append(
            Sheet(
                application=application, kind=kind, content=content, versions=versions, saved_at=at if content else None
            )
        )
    return sheets


def _another_live(year: int) -> Reason:
    text = _("您在%(year)s年度已有一件在办申报，每人每年只能申报一件。") % {"year": year}
    return Reason(text, basis="A-25", code="another_live_application")


def _person(by: Actor) -> Person:
    if not by.acts_personally or by.person is None:
        raise StepNotPermitted("apply", [Reason(_("申报由本人办理。"), basis="R-063", code="not_own")])
    return by.person
