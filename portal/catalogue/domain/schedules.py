"""Entering the windows of a year, and moving them."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue.enums import ScheduleKind, ScheduleState
from portal.catalogue.feasibility import Severity, Windows
from portal.catalogue.models import AnnualSchedule, Edition
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from portal.workflow import carry_out


@dataclass(frozen=True)
class Days:
    """The windows as a notice states them: first and last days, all included."""

    individual_from: dt.date
    individual_to: dt.date
    employer_from: dt.date
    employer_to: dt.date
    agency_to: dt.date
    committee_to: dt.date

    def windows(self) -> Windows:
        """Return the exact instants: a last day counts to its 24:00 (A-33)."""
        return Windows(
            individual_opens_at=clock.start_of(self.individual_from),
            individual_closes_at=clock.end_of(self.individual_to),
            employer_opens_at=clock.start_of(self.employer_from),
            employer_closes_at=clock.end_of(self.employer_to),
            agency_closes_at=clock.end_of(self.agency_to),
            committee_closes_at=clock.end_of(self.committee_to),
        )


def days_of(windows: Windows) -> Days:
    """Return the first and last days of ``windows``."""
    return Days(
        individual_from=clock.day_of(windows.individual_opens_at),
        individual_to=windows.last_day("individual"),
        employer_from=clock.day_of(windows.employer_opens_at),
        employer_to=windows.last_day("employer"),
        agency_to=windows.last_day("agency"),
        committee_to=windows.last_day("committee"),
    )


@transaction.atomic
def prepare(
    edition: Edition,
    *,
    title: str,
    kind: ScheduleKind,
    windows: Windows,
    notice: str = "",
    owner: Organisation | None = None,
    by: Actor,
    at: dt.datetime,
) -> AnnualSchedule:
    """Store a draft schedule; raises Refusal for windows that end before they begin and for a title that is taken."""
    _refuse_disorder(windows)
    _refuse_taken(AnnualSchedule.objects.filter(edition=edition, title=title))
    schedule = AnnualSchedule(edition=edition, title=title, kind=kind, notice=notice, owner=owner)
    schedule.take(windows)
    schedule.save()
    record(schedule, "prepare", by=by, at=at, after=ScheduleState.DRAFT, basis="R-020", facts={"title": title})
    return schedule


@transaction.atomic
def change(
    schedule: AnnualSchedule, *, windows: Windows, notice: str, title: str, by: Actor, at: dt.datetime
) -> AnnualSchedule:
    """Change a draft's windows and words; raises Refusal once it was checked, and as ``prepare`` does."""
    row = AnnualSchedule.objects.select_for_update().get(pk=schedule.pk)
    if row.state != ScheduleState.DRAFT:
        raise Refusal([Reason(_("年度安排已核对，请先退回再修改。"), basis="A-05", code="schedule_is_not_a_draft")])
    _refuse_disorder(windows)
    _refuse_taken(AnnualSchedule.objects.filter(edition=row.edition_id, title=title).exclude(pk=row.pk))
    before = days_of(row.windows)
    row.take(windows)
    row.notice, row.title = notice, title
    row.save()
    record(row, "change", by=by, at=at, basis="R-020", facts=_moved(before, days_of(windows)))
    return row


@transaction.atomic
def amend(
    schedule: AnnualSchedule, *, windows: Windows, note: str, by: Actor, at: dt.datetime, key: str | None = None
) -> AnnualSchedule:
    """Move the windows of a published schedule, running ones only outwards; raises StepRefused with what speaks against it."""
    facts = _moved(days_of(schedule.windows), days_of(windows))
    return carry_out(schedule, "amend", by=by, at=at, key=key, note=note, windows=windows, moved=[*facts.values()])


def _moved(before: Days, after: Days) -> dict[str, list[str]]:
    return {
        name: [str(getattr(before, name)), str(getattr(after, name))]
        for name in Days.__dataclass_fields__
        if getattr(before, name) != getattr(after, name)
    }


def _refuse_taken(namesakes: QuerySet[AnnualSchedule]) -> None:
    if namesakes.exists():
        raise Refusal([Reason(_("该年度已有同名的安排。"), basis="R-020", code="title_taken", field="title")])


def _refuse_disorder(windows: Windows) -> None:
    """Refuse what the table could not even hold; all other findings wait for the check."""
    pairs = (("individual", "individual_to"), ("employer", "employer_to"))
    wrong = [
        Reason(_("截止日期不能早于开始日期。"), basis="A-33", code="ends_before_it_starts", field=field)
        for name, field in pairs
        if getattr(windows, f"{name}_opens_at") >= getattr(windows, f"{name}_closes_at")
    ]
    if wrong:
        raise Refusal(wrong)


def moved_by_years(windows: Windows, years: int) -> Windows:
    """Return ``windows`` in another year, 29 February becoming the 28th: the start for a copied year's plan."""
    moved = {name: _same_day(getattr(windows, name), years) for name in Windows.__dataclass_fields__}
    return replace(windows, **moved)


def _same_day(instant: dt.datetime, years: int) -> dt.datetime:
    local = instant.astimezone(clock.BEIJING)
    try:
        return local.replace(year=local.year + years)
    except ValueError:
        return local.replace(year=local.year + years, day=28)


def has_refusals(schedule: AnnualSchedule) -> bool:
    """Return whether the windows cannot be published whatever the reason."""
    return bool(schedule.feasibility().of(Severity.REFUSE))
