"""The check before a line is typed: may this person apply for this entry, and if not, what is missing.

Pure but for reading what is already fetched: no query, no clock, nothing written. Each line names its rule and the policy version.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from portal.catalogue.conditions.case import Case
from portal.catalogue.conditions.exceptions import (
    EXCUSED,
    conditions_in_use,
    direct,
    exceptional,
    excused,
    targeted,
)
from portal.catalogue.conditions.facts import Candidate
from portal.catalogue.conditions.ladder import exam, level_order, major
from portal.catalogue.conditions.lines import Assessment, Line, merged
from portal.catalogue.conditions.person import personal_lines
from portal.catalogue.conditions.routes import Conditions
from portal.catalogue.conditions.unchecked import unchecked_lines
from portal.catalogue.conditions.walking import RouteReport, Walker
from portal.catalogue.enums import Channel, Verdict
from portal.catalogue.models import CatalogueEntry, PolicyVersion
from portal.shared import clock
from portal.shared.errors import Reason


def assess(
    candidate: Candidate,
    entry: CatalogueEntry,
    *,
    conditions: Conditions | None,
    policy: PolicyVersion,
    at: dt.datetime,
    reasons: Iterable[Reason] = (),
) -> Assessment:
    """Return how ``candidate`` stands before ``entry`` at ``at``: a line per condition and the answer over all.

    ``entry`` comes with its edition, specialty, series and level fetched (``with_all``), ``policy`` with its values;
    ``conditions`` from ``conditions_for(entry)``. ``reasons`` are those that the catalogue gives against choosing the
    entry (``reasons_against_choosing``) and become lines. Facts that nobody knows give lines that ask for them, never a no.
    """
    case = Case(candidate, entry, conditions, policy, clock.day_of(at))
    reports = () if candidate.channel == Channel.TALENT else _walk(case)
    lines = [*personal_lines(case), *_career(case, reports), *exam(case), *major(case), *unchecked_lines(case)]
    return Assessment(
        lines=merged(lines, reasons, policy.code),
        policy=policy.code,
        cutoff=case.cutoff,
        conditions=conditions_in_use(case),
        routes=reports,
        earliest_year=_earliest_year(case, reports, lines),
    )


def _walk(case: Case) -> tuple[RouteReport, ...]:
    conditions = conditions_in_use(case)
    if conditions is None:
        return ()
    takes_skilled = case.series in case.policy.series("skilled.series")
    return Walker(case.candidate, case.series, conditions, case.day, case.cutoff, takes_skilled).reports()


def _career(case: Case, reports: Sequence[RouteReport]) -> Iterator[Line]:
    """Yield the lines on education, years, titles and their order, as the channel sees them."""
    order = level_order(case, reports)
    channel = case.candidate.channel
    if channel == Channel.TALENT:
        yield from direct(case)
        if order.verdict is not Verdict.MET:
            yield order
        return
    lines = [*_best_way(case, reports), order]
    if channel == Channel.EXCEPTIONAL:
        yield from excused(lines)
        yield from exceptional(case, lines)
    elif channel == Channel.TARGETED:
        yield from targeted(case, lines)
    else:
        yield from lines


def _best_way(case: Case, reports: Sequence[RouteReport]) -> Iterator[Line]:
    """Yield the lines of the way that is open, or of the one that is nearest to being open."""
    if case.conditions is None and not reports:
        text = _("本级别的学历、资历条件尚未录入，以评审委员会通知公告为准，由评审服务机构核验。")
        yield case.line("conditions", Verdict.WARNING, text, "R-057, R-039")
    elif not reports:
        text = _("本级别没有面向您的申报途径。")
        yield case.line("conditions", Verdict.UNMET, text, "R-057")
    else:
        nearest = min(reports, key=lambda report: report.distance)
        yield from (case.of_finding(finding) for finding in nearest.findings)


def _earliest_year(case: Case, reports: Sequence[RouteReport], lines: Iterable[Line]) -> int | None:
    """Return the first evaluation year whose cut-off day comes after the missing years, None unless only time is lacking."""
    refused = {line.code for line in lines if line.verdict is Verdict.UNMET}
    days = [report.due_on for report in reports if report.due_on]
    is_open = any(report.verdict is not Verdict.UNMET for report in reports)
    if not days or is_open or not refused <= EXCUSED - {"level_order"}:
        return None
    due = min(days)
    return due.year if case.cutoff_of(due.year) >= due else due.year + 1
