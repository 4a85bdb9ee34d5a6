"""Whether a schedule lets everybody who keeps its dates through: pure, over windows, policy numbers and a calendar.

The hardest case is the person who submits in the last minute (A-05): the employer posts the notice on the next
working day, the notice runs its full working days after the posting day, and the recommendation needs one day more
before the employer's window closes.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.shared import clock
from portal.shared.phrases import joined
from portal.workdays.counting import Calendar, DayKind, Term, next_workday, term_from_day

ONE_DAY = dt.timedelta(days=1)
INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Windows:
    """The instants of a schedule; every ``closes_at`` is exclusive, so a last day that counts ends at its 24:00 (A-33)."""

    individual_opens_at: dt.datetime
    individual_closes_at: dt.datetime
    employer_opens_at: dt.datetime
    employer_closes_at: dt.datetime
    agency_closes_at: dt.datetime
    committee_closes_at: dt.datetime

    def last_day(self, name: str) -> dt.date:
        """Return the last day that lies in the window ending at ``<name>_closes_at``."""
        bound: dt.datetime = getattr(self, f"{name}_closes_at")
        return clock.day_of(bound - INSTANT)


@dataclass(frozen=True)
class Publicity:
    """What policy says of the employer's notice: full working days, and that the posting day is not one of them."""

    min_workdays: int
    count_posting_day: bool = False

    def term(self, calendar: Calendar, posted_on: dt.date) -> Term:
        """Return the notice that is posted on ``posted_on``, explained day by day."""
        start = posted_on - ONE_DAY if self.count_posting_day else posted_on
        return term_from_day(calendar, start, self.min_workdays)


class Severity(StrEnum):
    """Whether a finding stops the schedule, or must be acknowledged with a reason."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a schedule, with its rule."""

    code: str
    severity: Severity
    text: str
    rule: str


@dataclass(frozen=True)
class Report:
    """The findings, and the counts behind them: of the last-minute person's notice, and of the last safe posting day."""

    findings: tuple[Finding, ...]
    last_minute: Term | None
    last_safe_posting: dt.date | None
    last_safe: Term | None

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [finding for finding in self.findings if finding.severity is severity]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all findings."""
        return frozenset(finding.code for finding in self.findings)


# The windows in the order in which they end, with the words for each.
NAMES = ("individual", "employer", "agency", "committee")
TAKES_RIGHTS = frozenset({"individual", "employer"})


def words_for(name: str) -> str:
    """Return what a window is called."""
    return {
        "individual": _("个人申报"),
        "employer": _("单位审核推荐"),
        "agency": _("评审服务机构首次审核"),
        "committee": _("答辩评审"),
    }[name]


def check(windows: Windows, publicity: Publicity, calendar: Calendar) -> Report:
    """Return everything that speaks against publishing ``windows``.

    Windows out of order make the counts meaningless; then only the order is reported.
    """
    disorder = tuple(_order(windows))
    if disorder:
        return Report(disorder, None, None, None)
    posting = next_workday(calendar, windows.last_day("individual"))
    last_minute = publicity.term(calendar, posting)
    safe_day = last_safe_posting_day(windows, publicity, calendar)
    safe = publicity.term(calendar, safe_day) if safe_day else None
    findings = [
        *_last_minute(windows, posting, last_minute, safe_day),
        *_rest_days(windows, calendar),
        *_provisional(windows, calendar),
    ]
    return Report(tuple(findings), last_minute, safe_day, safe)


def last_safe_posting_day(windows: Windows, publicity: Publicity, calendar: Calendar) -> dt.date | None:
    """Return the last day on which a notice can be posted and still leave a day to recommend; None when no day can.

    Looks back from the employer's last day to the opening of the employer's window.
    """
    first = clock.day_of(windows.employer_opens_at)
    last = windows.last_day("employer")
    day = last
    while day >= first:
        if publicity.term(calendar, day).last_day + ONE_DAY <= last:
            return day
        day -= ONE_DAY
    return None


def _order(windows: Windows) -> Iterator[Finding]:
    pairs = [
        ("individual", windows.individual_opens_at, windows.individual_closes_at),
        ("employer", windows.employer_opens_at, windows.employer_closes_at),
    ]
    for name, opens, closes in pairs:
        if opens >= closes:
            text = _("「%(name)s」的开始日期晚于截止日期。") % {"name": words_for(name)}
            yield Finding(f"{name}_ends_before_it_starts", Severity.REFUSE, text, "A-33")
    for earlier, later in itertools.pairwise(NAMES):
        if getattr(windows, f"{earlier}_closes_at") > getattr(windows, f"{later}_closes_at"):
            known = {"later": words_for(later), "earlier": words_for(earlier)}
            text = _("「%(later)s」的截止日期早于「%(earlier)s」的截止日期。") % known
            yield Finding(f"{later}_ends_too_early", Severity.REFUSE, text, "A-33")
    if windows.employer_opens_at > windows.individual_closes_at:
        text = _("「单位审核推荐」在「个人申报」截止之后才开始。")
        yield Finding("employer_starts_too_late", Severity.REFUSE, text, "A-33")


def _last_minute(windows: Windows, posting: dt.date, notice: Term, safe_day: dt.date | None) -> Iterator[Finding]:
    last = windows.last_day("employer")
    if safe_day is None or safe_day < clock.day_of(windows.individual_opens_at):
        text = _("单位推荐截止日%(last)s之前没有任何一天可以发布公示：即使个人在首日提交也来不及。") % {
            "last": _day(last)
        }
        yield Finding("nobody_can_be_recommended", Severity.REFUSE, text, "A-05")
    elif notice.last_day + ONE_DAY > last:
        yield Finding("last_minute_is_too_late", Severity.WARN, _too_late(windows, posting, notice, safe_day), "A-05")


def _too_late(windows: Windows, posting: dt.date, notice: Term, safe_day: dt.date) -> str:
    last = windows.last_day("employer")
    late = (notice.last_day - last).days
    known = {
        "submitted": _day(windows.last_day("individual")),
        "posting": _day(posting),
        "counted": joined(_day(day) for day in notice.counted),
        "ends": _day(notice.last_day),
        "recommended": _day(notice.last_day + ONE_DAY),
        "last": _day(last),
        "safe": _day(safe_day),
        "late": late,
    }
    days_late = ngettext("比单位推荐截止日%(last)s晚%(late)s天", "比单位推荐截止日%(last)s晚%(late)s天", late)
    overrun = days_late if late else _("正是单位推荐截止日")
    known["overrun"] = overrun % known
    return (
        _(
            "%(submitted)s最后一刻提交的，单位%(posting)s发布公示，计%(counted)s，公示至%(ends)s24:00届满，"
            "%(overrun)s，最早%(recommended)s才能推荐。最后可以发布公示的日期为%(safe)s。"
        )
        % known
    )


def _rest_days(windows: Windows, calendar: Calendar) -> Iterator[Finding]:
    for name in NAMES:
        day = calendar.day(windows.last_day(name))
        if day.is_workday:
            continue
        what = day.name or (_("周末") if day.kind is DayKind.WEEKEND else _("休息日"))
        known = {"name": words_for(name), "day": _day(day.date), "what": what}
        text = _("「%(name)s」截止日%(day)s是休息日（%(what)s）。") % known
        severity = Severity.REFUSE if name in TAKES_RIGHTS and not day.is_provisional else Severity.WARN
        yield Finding(f"{name}_ends_on_a_rest_day", severity, text, "A-33")


def _provisional(windows: Windows, calendar: Calendar) -> Iterator[Finding]:
    first, last = clock.day_of(windows.individual_opens_at).year, windows.last_day("committee").year
    for year in range(first, last + 1):
        if year not in calendar.years:
            text = _("%(year)s年放假和调休安排尚未录入，工作日按周一至周五暂计。") % {"year": year}
            yield Finding(f"calendar_of_{year}_is_provisional", Severity.WARN, text, "A-04")


def _day(day: dt.date) -> str:
    return dateformat.format(day, _("n月j日"))
