"""Before a draft: whether one can be begun now, what the year offers to a person, and what it does not offer and why."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from applications.models import Application
from portal.accounts.models import Person
from portal.catalogue import queries as catalogue
from portal.catalogue.enums import REVIEWABLE, GuideState
from portal.catalogue.models import AnnualSchedule, CatalogueEntry, Criterion, Guide, TitleName
from portal.catalogue.models.edition import CatalogueEntryQuerySet
from portal.catalogue.queries import Window
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.shared.errors import Reason
from portal.shared.prepared import Asked, Statement


@dataclass(frozen=True)
class Beginning:
    """Whether a person can begin an application now: the windows for persons, and what keeps from it."""

    windows: tuple[Window, ...]
    reasons: tuple[Reason, ...]

    @property
    def is_possible(self) -> bool:
        """Whether nothing keeps the person from beginning."""
        return not self.reasons


@dataclass(frozen=True)
class Wanted:
    """What a person looks for in the year's catalogue; empty texts look for everything."""

    series: str = ""
    specialty: str = ""
    level: str = ""
    words: str = ""


@dataclass(frozen=True)
class Withheld:
    """How many fitting rows a person cannot choose: of other districts, by examination only, outside their window."""

    elsewhere: int
    exam_only: int
    not_open: int


def beginning_of(person: Person, at: dt.datetime) -> Beginning:
    """Return whether ``person`` may begin an application at ``at`` (domain §8.1 #1)."""
    windows = tuple(window for window in catalogue.windows(at) if window.stage == "individual")
    open_years = {window.schedule.edition.year for window in windows if window.is_open}
    reasons = [bar.reason for bar in integrity.bars_on(person, at=at, kinds={BarKind.APPLY})]
    if not open_years:
        text = _("现在不在个人申报时间内。")
        reasons.append(Reason(text, basis="R-024, A-33", code="window_not_open"))
    live = open_years & {year for (year,) in _counted_years().values(person=person.pk)}
    if open_years and open_years <= live:
        text = _("您在%(year)s年度已有一件在办申报，每人每年只能申报一件。") % {"year": max(live)}
        reasons.append(Reason(text, basis="A-25", code="another_live_application"))
    return Beginning(windows, tuple(reasons))


@cache
def _counted_years() -> Statement:
    return Statement(Application.objects.counted().filter(applicant=Asked("person")).values_list("year"))


def offered(wanted: Wanted, *, district: str, at: dt.datetime) -> CatalogueEntryQuerySet:
    """Return the rows that a person insured in ``district`` may choose at ``at``, narrowed to what is wanted (R-035)."""
    rows = catalogue.entries_open_to(
        at=at, district=district, series=wanted.series, specialty=wanted.specialty, level=wanted.level
    )
    return catalogue.search(rows, wanted.words)


def withheld(wanted: Wanted, *, district: str, at: dt.datetime) -> Withheld:
    """Return what the same search would find if nothing were withheld; one query."""
    taking = AnnualSchedule.objects.taking_applications(at)
    narrowing = {
        "specialty__series__code": wanted.series,
        "specialty__code": wanted.specialty,
        "level__key": wanted.level,
    }
    fitting = {name: value for name, value in narrowing.items() if value}
    rows = CatalogueEntry.objects.public().filter(edition__in=taking.values("edition"), **fitting)
    reviewed = Q(method__in=REVIEWABLE)
    near = Q(committee__district="") | Q(committee__district=district)
    counts = catalogue.search(rows, wanted.words).aggregate(
        elsewhere=Count("pk", filter=reviewed & Q(schedule__in=taking) & ~near),
        exam_only=Count("pk", filter=~reviewed),
        not_open=Count("pk", filter=reviewed & ~Q(schedule__in=taking)),
    )
    return Withheld(**counts)


def titles_of(entries: Iterable[CatalogueEntry]) -> dict[int, list[str]]:
    """Return the titles that can be obtained through each row, by its key; one query for all of them."""
    rows = list(entries)
    named = TitleName.objects.filter(
        series__in={row.specialty.series_id for row in rows}, level__in={row.level_id for row in rows}
    )
    names = list(named.order_by("order").values_list("series", "level", "branch", "name"))
    return {
        row.pk: [
            name
            for series, level, branch, name in names
            if (series, level) == (row.specialty.series_id, row.level_id)
            and (not row.specialty.branch or branch == row.specialty.branch)
        ]
        for row in rows
    }


def guide_of(entry: CatalogueEntry) -> Guide | None:
    """Return what the row's committee published, None where it has published nothing yet (R-039)."""
    if entry.committee_id is None:
        return None
    return Guide.objects.filter(committee=entry.committee_id, state=GuideState.PUBLISHED).first()


def criteria_of(entry: CatalogueEntry) -> list[Criterion]:
    """Return the published menu of the row's committee, under which results are shown, in its order (R-044)."""
    menu = Criterion.objects.of_results()
    published = menu.filter(guide__committee=entry.committee_id, guide__state=GuideState.PUBLISHED)
    return list(published.order_by("order"))
