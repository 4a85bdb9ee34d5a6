"""What other rooms ask the catalogue: the policy in force, what is open to whom, the windows, fees and names of titles."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.catalogue.enums import REVIEWABLE, AuthorityState, LevelKey, Method, Mode
from portal.catalogue.feasibility import Publicity, last_safe_posting_day
from portal.catalogue.models import (
    AgencyAuthority,
    AnnualSchedule,
    CatalogueEntry,
    Committee,
    ConditionSet,
    Edition,
    Level,
    PolicyVersion,
    Series,
    Specialty,
    TitleName,
)
from portal.catalogue.models.edition import CatalogueEntryQuerySet
from portal.catalogue.parameters import REGISTRY, Parameter
from portal.shared import clock
from portal.shared.errors import Reason
from portal.shared.prepared import Asked, Prepared
from portal.workdays.queries import calendar_in_force


# --- Policy ---------------------------------------------------------------------------------
def policy_in_force(on: dt.date) -> PolicyVersion:
    """Return the policy version in force on the day ``on``, its values fetched; raises NoPolicyInForceError before the first."""
    return PolicyVersion.objects.in_force(on)


def policy_of(code: str) -> PolicyVersion:
    """Return the version that an application was submitted under; raises DoesNotExist for an unknown code."""
    found = _by_code().first(code=code)
    if found is None:
        raise PolicyVersion.DoesNotExist(code)
    return found


@cache
def _by_code() -> Prepared[PolicyVersion]:
    return Prepared(PolicyVersion.objects.filter(code=Asked("code")))


def fee_for(level: Level, policy: PolicyVersion) -> int:
    """Return what one person pays for one level, in whole yuan (R-100)."""
    return policy.fee(level.fee_band)


@dataclass(frozen=True)
class Difference:
    """One parameter in which two versions differ; None stands for a key that the older version did not have."""

    parameter: Parameter
    before: Any
    after: Any
    source_before: str
    source_after: str


def differences(older: PolicyVersion | None, newer: PolicyVersion) -> list[Difference]:
    """Return where ``newer`` differs from ``older`` in value or in its source, in the order of the registry."""
    found = []
    for key, parameter in REGISTRY.items():
        before, after = older.by_key.get(key) if older else None, newer.by_key.get(key)
        pair = [(row.value, row.source) if row else (None, "") for row in (before, after)]
        if pair[0] != pair[1]:
            found.append(Difference(parameter, pair[0][0], pair[1][0], pair[0][1], pair[1][1]))
    return found


# --- Windows --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Window:
    """One window of one schedule as it stands at an instant; ``closes_at`` is exclusive."""

    schedule: AnnualSchedule
    stage: str
    name: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    at: dt.datetime

    @property
    def is_open(self) -> bool:
        """Whether the instant lies in the window."""
        return self.opens_at <= self.at < self.closes_at

    @property
    def is_over(self) -> bool:
        """Whether the window has closed."""
        return self.at >= self.closes_at

    @property
    def status(self) -> str:
        """Where the window stands, in words."""
        return _("进行中") if self.is_open else _("已结束") if self.is_over else _("未开始")

    @property
    def tone(self) -> str:
        """The meaning of the status, for its colour."""
        return "good" if self.is_open else "ended" if self.is_over else "waiting"

    @property
    def dates(self) -> str:
        """The first and last days, in words."""
        first, last = self.opens_at, self.closes_at - dt.timedelta(microseconds=1)
        return f"{_day(first)}—{_day(last)}" if self.stage in {"individual", "employer"} else _("%s前") % _day(last)


def windows(at: dt.datetime) -> list[Window]:
    """Return the windows of every schedule in force whose year is not over, in the order in which they close; one query."""
    found = [window for schedule in _schedules().all(at=at) for window in windows_of(schedule, at)]
    return sorted(found, key=lambda window: (window.closes_at, window.schedule.pk))


@cache
def _schedules() -> Prepared[AnnualSchedule]:
    held = AnnualSchedule.objects.in_force().filter(committee_closes_at__gt=Asked("at"))
    return Prepared(held.select_related("edition").order_by("pk"))


def windows_of(schedule: AnnualSchedule, at: dt.datetime) -> list[Window]:
    """Return the four windows of one schedule as they stand at ``at``."""
    rows = [
        ("individual", _("个人网上申报"), schedule.individual_opens_at, schedule.individual_closes_at),
        ("employer", _("单位审核推荐"), schedule.employer_opens_at, schedule.employer_closes_at),
        ("agency", _("评审服务机构首次审核"), schedule.employer_opens_at, schedule.agency_closes_at),
        ("committee", _("答辩评审"), schedule.employer_opens_at, schedule.committee_closes_at),
    ]
    return [Window(schedule, stage, name, opens, closes, at) for stage, name, opens, closes in rows]


def schedule_for(entry: CatalogueEntry) -> AnnualSchedule | None:
    """Return the schedule whose windows hold for ``entry``, or None where no notice has set them yet (R-031)."""
    schedule = entry.schedule
    return schedule if schedule is not None and schedule.is_in_force else None


def last_safe_posting(schedule: AnnualSchedule) -> dt.date | None:
    """Return the last day on which an employer can post its notice and still recommend in time (A-05, A-34)."""
    policy = schedule.policy()
    publicity = Publicity(policy.days("publicity.min_workdays"), policy.flag("publicity.count_posting_day"))
    return last_safe_posting_day(schedule.windows, publicity, calendar_in_force())


def _day(instant: dt.datetime) -> str:
    return dateformat.format(clock.day_of(instant), _("n月j日"))


# --- Entries --------------------------------------------------------------------------------
def entries_open_to(
    *, at: dt.datetime, district: str, series: str = "", specialty: str = "", level: LevelKey | str = ""
) -> CatalogueEntryQuerySet:
    """Return the rows that a person insured in ``district`` may choose at ``at``: on the published list, evaluated by
    review, inside the individual window, by an agency in good standing, and of the own district where the row is
    limited to one (R-003, R-035, A-39). ``series``, ``specialty`` and ``level`` narrow by code and key.
    """
    wanted = {"specialty__series__code": series, "specialty__code": specialty, "level__key": level}
    narrowed = {field: value for field, value in wanted.items() if value}
    schedules = AnnualSchedule.objects.taking_applications(at)
    rows = CatalogueEntry.objects.public().filter(method__in=REVIEWABLE, schedule__in=schedules, **narrowed)
    in_reach = rows.filter(Q(committee__district="") | Q(committee__district=district))
    return in_reach.filter(_is_listed()).with_all().order_by("specialty__code", "-level__rank", "pk")


def _is_listed() -> Exists:
    """Return the condition that the agency of a row may evaluate now."""
    good = AgencyAuthority.objects.filter(
        edition=OuterRef("edition"), agency=OuterRef("committee__agency"), state=AuthorityState.LISTED
    )
    return Exists(good)


def reasons_against_choosing(entry: CatalogueEntry, *, district: str, at: dt.datetime) -> list[Reason]:
    """Return everything that keeps a person insured in ``district`` from choosing ``entry`` at ``at``; empty when nothing does."""
    if not entry.is_reviewable:
        return [_not_reviewed(entry)]
    found = [*_against_the_list(entry), *_against_the_window(entry, at)]
    if entry.district and entry.district != district:
        known = {"district": District(entry.district).label}
        text = _("该评审委员会只受理参保单位在%(district)s的申报人，请选择您参保单位所在区的评审委员会。") % known
        found.append(Reason(text, basis="R-035", code="committee_of_another_district", field="entry"))
    return found


def _not_reviewed(entry: CatalogueEntry) -> Reason:
    known = {"specialty": entry.specialty, "level": entry.level}
    if entry.method == Method.EXAM_ONLY:
        text = _("%(specialty)s%(level)s实行以考代评，通过国家统一考试取得，不受理评审申报。") % known
        return Reason(text, basis="A-39", code="exam_only", field="entry")
    text = _("本年度不开展%(specialty)s%(level)s评审。") % known
    return Reason(text, basis="R-030", code="not_offered", field="entry")


def _against_the_list(entry: CatalogueEntry) -> list[Reason]:
    if not CatalogueEntry.objects.public().filter(pk=entry.pk).exists():
        return [Reason(_("该条目不在现行目录中，请重新选择。"), "R-003", "not_on_the_list", "entry")]
    state = authority_state(entry.agency, entry.edition)
    if state != AuthorityState.LISTED:
        known = {"agency": entry.agency, "state": AuthorityState(state).label if state else _("未列入名录")}
        text = _("%(agency)s当前「%(state)s」，不能受理申报。") % known
        return [Reason(text, basis="R-152", code="agency_not_in_standing", field="entry")]
    return []


def _against_the_window(entry: CatalogueEntry, at: dt.datetime) -> list[Reason]:
    schedule = schedule_for(entry)
    if schedule is None:
        is_post = entry.specialty.series.mode == Mode.POST
        text = _("该系列以行业主管部门通知为准，通知尚未公布。") if is_post else _("申报时间尚未公布。")
        return [Reason(text, basis="R-031" if is_post else "R-024", code="window_not_announced", field="entry")]
    window = windows_of(schedule, at)[0]
    if window.is_open:
        return []
    text = _("个人申报时间为%(dates)s，%(status)s。") % {"dates": window.dates, "status": window.status}
    return [Reason(text, basis="R-024, A-33", code="window_not_open", field="entry")]


def search(rows: CatalogueEntryQuerySet, words: str) -> CatalogueEntryQuerySet:
    """Return the rows in which every word stands in the specialty, series, committee, agency or a title's name.

    Plain containment over the small tables that name things; the thousands of rows are then met by key. A year's
    catalogue needs no index of words (measured in docs/decisions/policy-and-catalogue.md).
    """
    for word in words.split():
        specialties = Specialty.objects.filter(Q(name__icontains=word) | Q(series__name__icontains=word))
        committees = Committee.objects.filter(Q(name__icontains=word) | Q(agency__name__icontains=word))
        found = Q(specialty__in=specialties.values("pk")) | Q(committee__in=committees.values("pk"))
        rows = rows.filter(found | _titled(word))
    return rows


def _titled(word: str) -> Q:
    """Return the condition that a title of the row's series and level contains ``word``."""
    series_of: dict[int, list[int]] = {}
    for series, level in TitleName.objects.filter(name__icontains=word).values_list("series", "level"):
        series_of.setdefault(level, []).append(series)
    return reduce(
        or_, (Q(level=level, specialty__series__in=series) for level, series in series_of.items()), Q(pk=None)
    )


def title_names(entry: CatalogueEntry) -> list[str]:
    """Return the titles that can be obtained through ``entry``: all of series and level, or those of its specialty's branch."""
    names = TitleName.objects.filter(series=entry.specialty.series_id, level=entry.level_id)
    if entry.specialty.branch:
        names = names.filter(branch=entry.specialty.branch)
    return list(names.order_by("order").values_list("name", flat=True))


@dataclass(frozen=True)
class RevisionChanges:
    """What the revision in hand does to the published one: how much, and the first rows of each kind."""

    counts: dict[str, int]
    added: list[CatalogueEntry]
    changed: list[tuple[CatalogueEntry, CatalogueEntry]]
    dropped: list[CatalogueEntry]


def changes_of(edition: Edition, most: int = 200) -> RevisionChanges:
    """Return what the working revision adds, changes and drops; ``most`` rows of each are fetched, all are counted."""
    rows = edition.entries.all()
    new = _by_place(rows.filter(since_revision=edition.working_revision, until_revision=None))
    gone = _by_place(rows.filter(until_revision=edition.working_revision))
    kinds = {
        "added": [new[place] for place in new if place not in gone],
        "changed": [new[place] for place in new if place in gone],
        "dropped": [gone[place] for place in gone if place not in new],
    }
    before = [gone[place] for place in new if place in gone][:most]
    shown = [*before, *(key for keys in kinds.values() for key in keys[:most])]
    found = {entry.pk: entry for entry in rows.filter(pk__in=shown).with_all()}
    return RevisionChanges(
        counts={kind: len(keys) for kind, keys in kinds.items()},
        added=[found[key] for key in kinds["added"][:most]],
        changed=[(found[old], found[key]) for old, key in zip(before, kinds["changed"][:most], strict=True)],
        dropped=[found[key] for key in kinds["dropped"][:most]],
    )


@dataclass(frozen=True)
class ConditionChanges:
    """The conditions that a revision enters or changes, and those that it takes out without others in their place."""

    entered: list[ConditionSet]
    dropped: list[ConditionSet]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.entered or self.dropped)


def condition_changes(edition: Edition, revision: int) -> ConditionChanges:
    """Return what ``revision`` does to the conditions of the one before; two queries."""
    sets = edition.condition_sets.select_related("series", "level", "specialty").in_order()
    entered = list(sets.filter(since_revision=revision))
    places = {(each.series_id, each.level_id, each.specialty_id) for each in entered}
    ended = sets.filter(until_revision=revision)
    gone = [each for each in ended if (each.series_id, each.level_id, each.specialty_id) not in places]
    return ConditionChanges(entered, gone)


def levels_without_conditions(edition: Edition) -> list[tuple[Series, Level]]:
    """Return the series and levels that the working revision reviews without saying what they ask for; four queries."""
    reviewed = edition.entries.working().filter(method__in=REVIEWABLE)
    held = edition.condition_sets.working().filter(specialty=None)
    missing = set(reviewed.values_list("specialty__series", "level")) - set(held.values_list("series", "level"))
    series, levels = Series.objects.in_bulk(), Level.objects.in_bulk()
    pairs = [(series[one], levels[other]) for one, other in missing]
    return sorted(pairs, key=lambda pair: (pair[0].code, -pair[1].rank))


def _by_place(rows: CatalogueEntryQuerySet) -> dict[tuple[int, int, int | None], int]:
    """Return the keys of ``rows`` by what tells them from each other, in the order of a printed catalogue."""
    ordered = rows.order_by("specialty__code", "-level__rank", "pk")
    listed = ordered.values_list("specialty_id", "level_id", "committee_id", "pk")
    return {(specialty, level, committee): key for specialty, level, committee, key in listed}


# --- Agencies and editions ------------------------------------------------------------------
def authority_state(agency: Organisation | None, edition: Edition) -> str:
    """Return the standing of an agency in a year, an empty text where the list never named it."""
    state = AgencyAuthority.objects.filter(edition=edition, agency=agency).values_list("state", flat=True).first()
    return state or ""


def may_evaluate(agency: Organisation, edition: Edition) -> bool:
    """Return whether ``agency`` may run evaluation work of the year now (R-003)."""
    return authority_state(agency, edition) == AuthorityState.LISTED


def suspensions_of(agency: Organisation, edition: Edition) -> Sequence[tuple[dt.datetime, dt.datetime | None]]:
    """Return the spans in which the agency was suspended, for the timers that stop in them; an open one ends in None."""
    authority = AgencyAuthority.objects.filter(edition=edition, agency=agency).first()
    return list(authority.suspensions.order_by("from_at").values_list("from_at", "until_at")) if authority else []


def edition_in_force(year: int) -> Edition | None:
    """Return the published edition of an evaluation year, a real one before an illustrative one; None where there is none."""
    return Edition.objects.public().filter(year=year).order_by("is_illustrative", "pk").first()
