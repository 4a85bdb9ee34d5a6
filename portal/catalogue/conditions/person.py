"""Who may take part at all: employment, status, sanctions and bars (R-050 to R-055, R-143, A-25)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.identifiers import DocumentKind
from portal.catalogue.conditions.case import Case
from portal.catalogue.conditions.facts import Sanction
from portal.catalogue.conditions.lines import Line
from portal.catalogue.conditions.spans import day_words
from portal.catalogue.enums import Channel, InsuredAs, Verdict

MET, MISSING, UNMET, WARNING = Verdict.MET, Verdict.MISSING, Verdict.UNMET, Verdict.WARNING

# Whose document already says that the person may work here.
AT_HOME = frozenset(
    {
        DocumentKind.RESIDENT_ID,
        DocumentKind.HMT_RESIDENCE_PERMIT,
        DocumentKind.HM_TRAVEL_PERMIT,
        DocumentKind.TW_TRAVEL_PERMIT,
        DocumentKind.FOREIGN_WORK_PERMIT,
    }
)


def personal_lines(case: Case) -> Iterator[Line]:
    """Yield the lines about the person, whatever is applied for."""
    yield _identity(case)
    yield from _employment(case)
    yield _civil_service(case)
    yield _in_service(case)
    yield _sanctions(case)
    yield _practice(case)
    yield _integrity(case)
    yield _one_at_a_time(case)


def _identity(case: Case) -> Line:
    document, permit = case.candidate.document, case.candidate.has_work_permit
    if document is None:
        return case.line("identity", MISSING, _("请完成实名认证，登记身份证件。"), "R-051", field="document")
    if document in AT_HOME or permit:
        return case.line("identity", MET, _("身份证件符合申报要求。"), "R-051", field="document")
    if document == DocumentKind.FOREIGN_RESIDENT_ID:
        text = _("持外国人永久居留身份证申报，由评审服务机构核实。")
        return case.line("identity", WARNING, text, "R-051, A-41", field="document")
    text = _("外国人申报须持有外国人工作许可证或者外国人永久居留身份证。")
    return case.line("identity", MISSING if permit is None else UNMET, text, "R-051, A-41", field="has_work_permit")


# --- Employment -----------------------------------------------------------------------------
def _employment(case: Case) -> Iterator[Line]:
    insured_as, is_known = case.candidate.insured_as, case.candidate.employer_known
    if insured_as is None:
        text = _("请补充参保信息：由单位参保，还是以灵活就业人员身份参保。")
        yield case.line("employment", MISSING, text, "R-050", field="insured_as")
    elif insured_as == InsuredAs.FLEXIBLE:
        yield from _freelance(case)
    elif is_known is None:
        yield case.line("employment", MISSING, _("请确认本市参保单位。"), "R-050, R-070", field="employer_known")
    elif is_known:
        text = _("与本市用人单位建立人事劳动关系，由参保单位审核推荐。")
        yield case.line("employment", MET, text, "R-050", field="employer_known")
    else:
        text = _("未查到本市参保单位：须与本市用人单位建立人事劳动关系，由参保单位审核推荐。")
        yield case.line("employment", UNMET, text, "R-050, R-070", field="employer_known")


def _freelance(case: Case) -> Iterator[Line]:
    if case.candidate.channel != Channel.TALENT:
        is_open = case.series in case.policy.series("freelancer.series")
        text = (
            _("自由职业者可以申报本系列。") if is_open else _("自由职业者只能申报艺术、工艺美术等年度通知确定的系列。")
        )
        yield case.line("freelancer_series", MET if is_open else UNMET, text, "R-080", field="entry")
    yield _months_in_beijing(case)
    worked = case.candidate.worked_in_field_last_year
    text = _("近1年在京从事本领域工作。")
    if worked is None:
        text = _("请说明近1年是否在京从事本领域工作。")
    elif not worked:
        text = _("自由职业者须近1年在京从事本领域工作。")
    yield case.line("freelancer_activity", _known(worked), text, "R-080, A-17", field="worked_in_field_last_year")


def _months_in_beijing(case: Case) -> Line:
    least, months = case.policy.number("freelancer.min_months"), case.candidate.months_in_beijing
    known = {"least": least, "n": months}
    text = ngettext("自由职业者在京从业须满%(least)s个月，", "自由职业者在京从业须满%(least)s个月，", least) % known
    if months is None:
        text += _("请填写在京从业时间。")
        return case.line("freelancer_months", MISSING, text, "R-081, A-17", field="months_in_beijing")
    text += ngettext("目前为%(n)s个月。", "目前为%(n)s个月。", months) % known
    return case.line("freelancer_months", _known(months >= least), text, "R-081, A-17", field="months_in_beijing")


# --- Status ---------------------------------------------------------------------------------
def _civil_service(case: Case) -> Line:
    person = case.candidate
    if person.is_civil_servant:
        text = _("公务员不得参加职称评审。")
        return case.line("civil_servant", UNMET, text, "R-052", field="is_civil_servant")
    if person.is_reference_managed:
        text = _("登记为参照公务员法管理的人员，登记期间不得申报。")
        return case.line("civil_servant", UNMET, text, "R-052, A-40", field="is_reference_managed")
    if person.is_civil_servant is None or person.is_reference_managed is None:
        text = _("请说明是否为公务员或者参照公务员法管理的人员。")
        field = "is_civil_servant" if person.is_civil_servant is None else "is_reference_managed"
        return case.line("civil_servant", MISSING, text, "R-052, A-40", field=field)
    text = _("不是公务员，也不是参照公务员法管理的人员。")
    return case.line("civil_servant", MET, text, "R-052, A-40", field="is_civil_servant")


def _in_service(case: Case) -> Line:
    is_retired = case.candidate.is_retired
    text = _("离退休人员不得申报。") if is_retired else _("申报时在职。")
    if is_retired is None:
        return case.line("in_service", MISSING, _("请说明是否在职。"), "R-053", field="is_retired")
    return case.line("in_service", _known(not is_retired), text, "R-053", field="is_retired")


# --- What bars ------------------------------------------------------------------------------
def _sanctions(case: Case) -> Line:
    if case.candidate.sanctions is None:
        return case.line("sanction", MISSING, _("请说明是否受过处分。"), "R-054", field="sanctions")
    running = [each for each in case.candidate.sanctions if each.runs_on(case.day)]
    barring = [each for each in running if each.is_barring]
    if barring:
        return _barring(case, max(barring, key=lambda each: each.last_day))
    if running:
        text = _("受警告处分，不影响申报。")
        return case.line("sanction", MET, text, "R-054", field="sanctions")
    return case.line("sanction", MET, _("不在记过及以上处分期内。"), "R-054", field="sanctions")


def _barring(case: Case, sanction: Sanction) -> Line:
    known = {"kind": sanction.kind.label, "last": day_words(sanction.last_day)}
    is_staff = case.candidate.is_institution_staff
    if is_staff:
        text = _("事业单位工作人员受%(kind)s处分期间不得申报，处分期至%(last)s。") % known
        return case.line("sanction", UNMET, text, "R-054", field="sanctions")
    if is_staff is None:
        text = _("受%(kind)s处分，处分期至%(last)s；请说明是否为事业单位工作人员。") % known
        return case.line("sanction", MISSING, text, "R-054, A-42", field="is_institution_staff")
    text = _("受%(kind)s处分，处分期至%(last)s；不是事业单位工作人员，由用人单位说明情况。") % known
    return case.line("sanction", WARNING, text, "R-054, A-42", field="sanctions")


def _practice(case: Case) -> Line:
    is_restricted, until = case.candidate.is_practice_restricted, case.candidate.practice_restricted_until
    if is_restricted is None:
        text = _("请说明是否因违反行业法律法规受到从业限制。")
        return case.line("practice", MISSING, text, "R-055", field="is_practice_restricted")
    if not is_restricted or (until is not None and until < case.day):
        return case.line("practice", MET, _("没有处于从业限制期。"), "R-055", field="is_practice_restricted")
    text = _("因违反行业法律法规受到从业限制，限制期内不得申报。")
    detail = _("限制期至%(last)s。") % {"last": day_words(until)} if until else ""
    return case.line("practice", UNMET, text, "R-055", detail=detail, field="is_practice_restricted")


def _integrity(case: Case) -> Line:
    until = case.candidate.barred_until
    if until is None or until < case.day:
        return case.line("integrity", MET, _("没有处于职称申报禁止期。"), "R-143", field="barred_until")
    text = _("因职称申报失信行为，至%(last)s不得申报。") % {"last": day_words(until)}
    return case.line("integrity", UNMET, text, "R-143, A-13", field="barred_until")


def _one_at_a_time(case: Case) -> Line:
    live, most = case.candidate.live_applications, case.policy.number("application.max_per_year")
    if live is None:
        text = _("本年度是否已有在办申报，提交时核查。")
        return case.line("one_application", MISSING, text, "A-25", field="live_applications")
    known = {"n": most}
    text = ngettext("每人每年度只能有%(n)s件在办申报", "每人每年度只能有%(n)s件在办申报", most) % known
    text += _("，本年度已有在办申报。") if live >= most else _("，本年度没有其他在办申报。")
    return case.line("one_application", _known(live < most), text, "A-25", field="live_applications")


def _known(holds: bool | None) -> Verdict:  # noqa: FBT001 - the fact itself
    return MISSING if holds is None else MET if holds else UNMET
