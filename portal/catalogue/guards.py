"""Facts that must hold before the catalogue moves, each with the words of its refusal."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.actors import ActorKind
from portal.catalogue import unfinished
from portal.catalogue.enums import (
    COUNTED_PAPERS,
    IN_FORCE,
    JUNIOR,
    NEVER_DEMANDED,
    REVIEWABLE,
    Heading,
    Indicator,
    LevelKey,
    Method,
    Mode,
)
from portal.catalogue.feasibility import Report, Severity, Windows, words_for
from portal.catalogue.parameters import reasons_against
from portal.shared import clock
from portal.shared.phrases import joined
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from portal.catalogue.models import AgencyAuthority, AnnualSchedule, Edition, Guide, PolicyVersion, Recognition

ENGINEERING = "05"
NAMED = 5
LEAST_SHARE = "scoring.employer_least_share"


def _some(rows: Any) -> str:
    """Return the first few rows in words, and how many more there are."""
    found = [str(row) for row in rows]
    first = joined(found[:NAMED])
    return _("%(first)s等共%(count)s项") % {"first": first, "count": len(found)} if len(found) > NAMED else first


# --- Whatever the subject -------------------------------------------------------------------
@guard(gettext_lazy("请填写理由。"), basis="R-001", needs=("note",), field="note")
def reason_given(subject: Any, attempt: Attempt) -> bool:
    """A step that undoes or changes what people rely on says why."""
    return bool(attempt.note.strip()) or attempt.by.kind is ActorKind.SYSTEM


@guard(gettext_lazy("请填写理由。"), basis="R-152", needs=("reason",), field="reason")
def cause_given(authority: "AgencyAuthority", attempt: Attempt) -> bool:
    """The agency is told why."""
    return bool(str(attempt.facts.get("reason", "")).strip())


# --- Policy versions ------------------------------------------------------------------------
@guard(gettext_lazy("参数不全或者超出允许范围。"), basis="R-019")
def values_are_lawful(version: "PolicyVersion", attempt: Attempt) -> bool | str:
    """Every key of the registry has a value inside its allowed range."""
    found = reasons_against(version.as_entered)
    return not found or "".join(str(reason.text) for reason in found)


@guard(gettext_lazy("施行日期须晚于现有各版本。"), basis="R-019")
def begins_after_every_other(version: "PolicyVersion", attempt: Attempt) -> bool | str:
    """Versions form one chain, so that each day has exactly one."""
    others = type(version).objects.once_published().exclude(pk=version.pk).filter(valid_from__gte=version.valid_from)
    latest = others.order_by("valid_from").last()
    if latest is None:
        return True
    return _("施行日期须晚于「%(other)s」的施行日期%(day)s。") % {"other": latest.code, "day": latest.valid_from}


@guard(gettext_lazy("施行日期已过，政策不溯及既往；请改为今日或者以后的日期。"), basis="R-019")
def begins_today_or_later(version: "PolicyVersion", attempt: Attempt) -> bool:
    """Nobody's application is judged by numbers that were made after it."""
    return version.valid_from >= clock.day_of(attempt.at)


@guard(gettext_lazy("后续版本须已发布，且施行日期在后。"), basis="R-019", needs=("successor",))
def successor_begins_later(version: "PolicyVersion", attempt: Attempt) -> bool:
    """Only a published later version can follow."""
    successor = attempt.facts.get("successor")
    return successor is not None and successor.published_at is not None and successor.valid_from > version.valid_from


# --- Editions -------------------------------------------------------------------------------
@guard(gettext_lazy("目录中还没有任何条目。"), basis="R-020")
def has_entries(edition: "Edition", attempt: Attempt) -> bool:
    """An empty catalogue would forbid every evaluation in the city."""
    return edition.entries.working().exists()


@guard(gettext_lazy("有的条目没有对应的年度安排。"), basis="R-024")
def every_entry_knows_its_calendar(edition: "Edition", attempt: Attempt) -> bool | str:
    """Levels evaluated on the city calendar name their schedule; post evaluation waits for the industry's notice (R-031)."""
    rows = edition.entries.working().filter(
        schedule=None, method__in=REVIEWABLE, specialty__series__mode=Mode.QUALIFICATION
    )
    lost = rows.select_related("specialty", "level").order_by("specialty__code", "-level__rank")
    return not lost or _("以下条目没有对应的年度安排：%(rows)s。") % {"rows": _some(lost)}


@guard(gettext_lazy("考评结合系列的副高级须先考试后评审。"), basis="R-260")
def exams_come_first_where_required(edition: "Edition", attempt: Attempt) -> bool | str:
    """In the series of the policy's list the senior-associate level is examined first."""
    listed = _exam_series(edition)
    rows = edition.entries.working().filter(
        specialty__series__code__in=listed, level__key=LevelKey.ASSOCIATE, method=Method.REVIEW
    )
    wrong = rows.select_related("specialty", "level").order_by("specialty__code")
    return not wrong or _("以下条目属于考评结合系列，取得方式须为「考评结合」：%(rows)s。") % {"rows": _some(wrong)}


def _exam_series(edition: "Edition") -> frozenset[str]:
    schedule = edition.schedules.order_by("individual_opens_at").first()
    if schedule is None:
        return frozenset()
    return schedule.policy().series("examreview.series")


@guard(gettext_lazy("工程技术系列初级由各区组织，须由区级评委会评审。"), basis="R-034")
def junior_engineering_is_by_district(edition: "Edition", attempt: Attempt) -> bool | str:
    """Junior engineering levels are evaluated by district committees only."""
    rows = edition.entries.working().filter(
        specialty__series__code=ENGINEERING, level__key__in=JUNIOR, method__in=REVIEWABLE, committee__district=""
    )
    wrong = rows.select_related("specialty", "level").order_by("specialty__code")
    return not wrong or _("以下条目须由区级初级评委会评审：%(rows)s。") % {"rows": _some(wrong)}


@guard(gettext_lazy("还有尚未结束的年度安排。"), basis="R-029")
def no_schedule_is_running(edition: "Edition", attempt: Attempt) -> bool | str:
    """A year ends when its schedules have."""
    running = edition.schedules.filter(state__in=IN_FORCE).order_by("pk")
    return not running or _("以下年度安排尚未结束：%(rows)s。") % {"rows": _some(running)}


# --- Schedules ------------------------------------------------------------------------------
@guard(gettext_lazy("日期安排不可行。"), basis="A-05")
def nothing_refuses_the_windows(schedule: "AnnualSchedule", attempt: Attempt) -> bool | str:
    """Findings that refuse cannot be acknowledged away."""
    return _sound(schedule.checked())


def _sound(report: Report | None) -> bool | str:
    if report is None:
        return _("所填日期没有施行的政策参数版本，不能核对。")
    found = report.of(Severity.REFUSE)
    return not found or "".join(finding.text for finding in found)


@guard(
    gettext_lazy("核对发现需要确认的问题，请填写仍按此安排的理由。"),
    basis="A-05",
    needs=("acknowledgement",),
    field="acknowledgement",
)
def warnings_are_acknowledged(schedule: "AnnualSchedule", attempt: Attempt) -> bool:
    """The bureau may keep dates that a warning speaks against, but says why."""
    report = schedule.checked()
    if report is None or not report.of(Severity.WARN):
        return True
    return bool(str(attempt.facts.get("acknowledgement", "")).strip())


@guard(gettext_lazy("核对之后情况有变，请退回后重新核对。"), basis="A-05")
def no_new_warnings(schedule: "AnnualSchedule", attempt: Attempt) -> bool:
    """Since the check neither the calendar nor the policy has brought a warning that nobody acknowledged."""
    report = schedule.checked()
    return report is None or report.codes <= set(schedule.acknowledged)


@guard(gettext_lazy("年度目录尚未发布，请先发布目录。"), basis="R-003")
def edition_is_published(schedule: "AnnualSchedule", attempt: Attempt) -> bool:
    """Windows without a list of who may evaluate would open on nothing."""
    return bool(schedule.edition.revision)


@guard(gettext_lazy("已经开始的时段只能延后截止日期。"), basis="A-35", needs=("windows",))
def running_windows_only_grow(schedule: "AnnualSchedule", attempt: Attempt) -> bool | str:
    """A window that has opened keeps its beginning, and its end moves only outwards."""
    new: Windows | None = attempt.facts.get("windows")
    if new is None:
        return False
    shrunk = [
        name for name in ("individual", "employer", "agency", "committee") if _shrinks(schedule, new, name, attempt.at)
    ]
    names = joined(_("「%s」") % words_for(name) for name in shrunk)
    return not shrunk or _("%(names)s已经开始，只能延后截止日期。") % {"names": names}


def _shrinks(schedule: "AnnualSchedule", new: Windows, name: str, at: dt.datetime) -> bool:
    old = schedule.windows
    opens = f"{name}_opens_at" if hasattr(old, f"{name}_opens_at") else "employer_opens_at"
    if getattr(old, opens) > at:
        return False
    starts_elsewhere = getattr(new, opens) != getattr(old, opens)
    return bool(starts_elsewhere or getattr(new, f"{name}_closes_at") < getattr(old, f"{name}_closes_at"))


@guard(gettext_lazy("调整后的日期安排不可行。"), basis="A-05", needs=("windows",))
def amended_windows_are_sound(schedule: "AnnualSchedule", attempt: Attempt) -> bool | str:
    """Amended dates are held to what refuses a new schedule."""
    windows = attempt.facts.get("windows")
    if windows is None:
        return False
    return _sound(schedule.checked(windows))


@guard(gettext_lazy("评审尚未全部结束。"), basis="R-028")
def every_window_is_over(schedule: "AnnualSchedule", attempt: Attempt) -> bool:
    """The committees' last day has passed."""
    return bool(attempt.at >= schedule.committee_closes_at)


@guard(gettext_lazy("还有申报尚未表决。"), basis="R-028")
def nobody_waits_in_it(schedule: "AnnualSchedule", attempt: Attempt) -> bool | str:
    """Who could not be heard in time is heard in a longer period, and a closed schedule has none."""
    left = unfinished.number_in(schedule)
    text = _(
        "还有%(left)s份申报已通过审核尚未表决，或者复查尚未办结。请先延长答辩评审的截止日期并督促办理，或者待这些申报终结后再结束。"
    )
    return not left or text % {"left": left}


# --- Agencies -------------------------------------------------------------------------------
@guard(gettext_lazy("整改期限须在今日之后。"), basis="R-152", needs=("remedy_due_on",), field="remedy_due_on")
def remedy_day_lies_ahead(authority: "AgencyAuthority", attempt: Attempt) -> bool:
    """The agency is given time to remedy."""
    day = attempt.facts.get("remedy_due_on")
    return day is not None and day > clock.day_of(attempt.at)


@guard(gettext_lazy("已公布的目录仍列有该机构的评委会，不能移出名录。"), basis="R-020")
def no_listed_row_names_it(authority: "AgencyAuthority", attempt: Attempt) -> bool:
    """The published revision is what lists an agency."""
    listed = authority.edition.entries.at_revision(authority.edition.revision)
    return not listed.filter(committee__agency=authority.agency_id).exists()


# --- Associations ---------------------------------------------------------------------------
@guard(gettext_lazy("终止认可的日期不得早于今日。"), basis="R-082", needs=("ended_on",), field="ended_on")
def ends_from_today(recognition: "Recognition", attempt: Attempt) -> bool:
    """What an association recommended while it was recognised stands."""
    day = attempt.facts.get("ended_on")
    return day is not None and day >= max(clock.day_of(attempt.at), recognition.recognised_on)


# --- Guides ---------------------------------------------------------------------------------
@guard(gettext_lazy("标准须包括品德、能力、业绩三个方面。"), basis="R-014")
def has_every_heading(guide: "Guide", attempt: Attempt) -> bool:
    """Every standard looks at character, ability and achievement."""
    return set(guide.criteria.values_list("heading", flat=True)) >= set(Heading.values)


@guard(gettext_lazy("不得作为限制性要求。"), basis="R-041")
def demands_no_barred_indicator(guide: "Guide", attempt: Attempt) -> bool | str:
    """Projects, funds, awards, journal rank, honours and hats may be shown, never demanded."""
    barred = guide.criteria.filter(is_required=True, indicator__in=NEVER_DEMANDED).order_by("order")
    names = joined(dict.fromkeys(str(Indicator(row.indicator).label) for row in barred))
    return not names or _("不得将%(names)s作为限制性要求。") % {"names": names}


@guard(gettext_lazy("实践性强的系列不得简单设立论文数量、影响因子要求，论文不作为主要评价指标。"), basis="R-042")
def papers_do_not_rule_practice(guide: "Guide", attempt: Attempt) -> bool:
    """In practice-oriented series counted papers are neither demanded nor half of the score."""
    if not guide.committee.entries.working().filter(specialty__series__practice_oriented=True).exists():
        return True
    papers = [row for row in guide.criteria.all() if row.indicator in COUNTED_PAPERS]
    total = sum(row.max_score for row in guide.criteria.all())
    return not any(row.is_required for row in papers) and 2 * sum(row.max_score for row in papers) < max(total, 1)


@guard(gettext_lazy("标准须把单位考核结果和推荐情况纳入量化评价。"), basis="R-045")
def counts_the_employers_assessment(guide: "Guide", attempt: Attempt) -> bool | str:
    """The employer's assessment is part of the score, with a weight that the policy keeps from being a token."""
    rows = list(guide.criteria.scored())
    has = sum(row.max_score for row in rows if row.indicator == Indicator.EMPLOYER_ASSESSMENT)
    if not has:
        return False
    total, least = sum(row.max_score for row in rows), guide.policy_on(clock.day_of(attempt.at)).number(LEAST_SHARE)
    if 100 * has >= least * total:
        return True
    return _("单位考核结果和推荐情况占总分%(total)s分中的%(has)s分，权重不得低于%(least)s%%。") % {
        "total": total,
        "has": has,
        "least": least,
    }


@guard(gettext_lazy("申报已经开始，通知公告须在评审开始前公布。"), basis="R-039")
def evaluation_has_not_begun(guide: "Guide", attempt: Attempt) -> bool:
    """A guide that comes after the first day tells people too late."""
    opened = guide.committee.entries.working().filter(schedule__individual_opens_at__lte=attempt.at)
    return not opened.exists()
