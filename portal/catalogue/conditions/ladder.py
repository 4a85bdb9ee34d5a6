"""The order of levels, the examination before the review, and the field of study (A-26, R-260, R-061)."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from portal.catalogue.conditions.case import Case
from portal.catalogue.conditions.lines import Line
from portal.catalogue.conditions.spans import day_words
from portal.catalogue.conditions.walking import RouteReport, titles_in
from portal.catalogue.enums import LEVEL_RANK, Audience, Channel, LevelKey, Method, Verdict

MET, MISSING, UNMET, WARNING = Verdict.MET, Verdict.MISSING, Verdict.UNMET, Verdict.WARNING


# What a person has or has not, whatever time passes.
STANDING = frozenset({"education", "title", "skill"})


def level_order(case: Case, reports: Sequence[RouteReport]) -> Line:
    """Return whether the level comes next: one above the highest in the series, or first by a way that asks for no title."""
    if case.candidate.titles is None:
        text = _("请填写已取得的职称，没有的请确认没有。")
        return case.line("level_order", MISSING, text, "A-26, R-068", field="titles")
    wanted = LevelKey(case.entry.level.key)
    held = titles_in(case.candidate, case.series, case.day)
    highest = max(held, key=lambda title: title.rank, default=None)
    known = {"title": _name(case, wanted), "held": _name(case, highest.level) if highest else ""}
    if highest and highest.rank >= LEVEL_RANK[wanted]:
        text = _("已取得%(held)s，不能再申报%(title)s。") % known
        return case.line("level_held", UNMET, text, "A-26", field="titles")
    if highest and highest.rank + 1 == LEVEL_RANK[wanted]:
        text = _("已取得%(held)s，可以申报高一级的%(title)s。") % known
        return case.line("level_order", MET, text, "A-26", field="titles")
    basis = _without_order(case, reports)
    if basis:
        text = _("%(title)s可以不受逐级限制申报。") % known
        return case.line("level_order", MET, text, basis, field="titles")
    if case.conditions is None:
        text = _("是否须先取得低一级职称，以评审委员会通知公告为准。")
        return case.line("level_order", WARNING, text, "A-26, R-039", field="titles")
    known["below"] = _below(case, wanted)
    text = _("应当逐级申报：须先取得同一系列的%(below)s，才能申报%(title)s。") % known
    return case.line("level_order", UNMET, text, "A-26", detail=_elsewhere(case), field="titles")


def _without_order(case: Case, reports: Sequence[RouteReport]) -> str:
    """Return the rule that lets a person skip the level below, an empty text where none does."""
    if case.candidate.channel == Channel.TALENT:
        return "A-26, R-205"
    free = {report.route.audience for report in reports if _is_free(case, report)}
    if Audience.GENERAL in free:
        return "A-26"
    if Audience.MOVER in free:
        return "A-26, R-062"
    return "A-26, R-250" if Audience.SKILLED in free else ""


def _is_free(case: Case, report: RouteReport) -> bool:
    """Return whether a way leads past the level below: nothing but years may be lacking on it, and by education alone the
    level must be one that may be the first.
    """
    if any(finding.code in STANDING and finding.verdict is UNMET for finding in report.findings):
        return False
    by_education = report.route.audience == Audience.GENERAL and report.route.title is None
    return not by_education or (case.conditions is not None and case.conditions.may_be_first)


def _below(case: Case, wanted: LevelKey) -> str:
    order = list(LevelKey)
    place = order.index(wanted) + 1
    return _name(case, order[place]) if place < len(order) else ""


def _name(case: Case, level: LevelKey) -> str:
    return case.conditions.title_of(level) if case.conditions else str(level.label)


def _elsewhere(case: Case) -> str:
    """Return why titles that the person holds do not help."""
    held = case.candidate.titles or ()
    if any(title.series == case.series and title.is_district_limited for title in held):
        return _("定向评价取得的职称限定在本区内有效，不作为逐级申报的依据。")
    if any(title.series == case.series and title.is_recognised is False for title in held):
        return _("已撤销、中止或者未获认定的职称不能作为申报依据。")
    if any(title.series != case.series for title in held):
        return _("其他系列的职称不能作为本系列逐级申报的依据。")
    return ""


def exam(case: Case) -> Iterator[Line]:
    """Yield whether the national examination that comes before the review is passed and still valid (R-260, A-38)."""
    if case.entry.method != Method.EXAM_REVIEW or case.candidate.channel == Channel.TALENT:
        return
    if case.candidate.exam_passes is None:
        text = _("须先通过国家统一考试再申报评审，请填写考试合格情况。")
        yield case.line("exam", MISSING, text, "R-260", field="exam_passes")
        return
    wanted = (case.series, case.entry.level.key)
    passed = [each for each in case.candidate.exam_passes if (each.series, each.level) == wanted]
    if any(each.holds_on(case.day) for each in passed):
        yield case.line("exam", MET, _("已通过国家统一考试，成绩在有效期内。"), "R-260", field="exam_passes")
    elif passed:
        last = max(each.valid_until for each in passed if each.valid_until)
        text = _("国家统一考试成绩已于%(last)s到期，须重新通过考试。") % {"last": day_words(last)}
        yield case.line("exam", UNMET, text, "R-260, A-38", field="exam_passes")
    else:
        text = _("本级别实行考评结合：须先通过国家统一考试，再申报评审。")
        yield case.line("exam", UNMET, text, "R-260", field="exam_passes")


def major(case: Case) -> Iterator[Line]:
    """Yield whether the field of study fits, where public safety or health asks for it (R-061)."""
    if not case.entry.specialty.requires_matching_major:
        return
    matches = case.candidate.major_matches
    if matches is None:
        text = _("本专业涉及公共安全、人身健康，请确认所学专业与申报专业是否一致。")
        yield case.line("major", MISSING, text, "R-061", field="major_matches")
    elif matches:
        yield case.line("major", MET, _("所学专业与申报专业一致。"), "R-061", field="major_matches")
    else:
        text = _("本专业涉及公共安全、人身健康，所学专业须与申报专业一致。")
        yield case.line("major", UNMET, text, "R-061", field="major_matches")
