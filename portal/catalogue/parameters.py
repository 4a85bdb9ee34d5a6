"""Every number that the rules leave to policy: its type, unit, default, allowed range and basis (domain §11).

Values live in dated policy versions; this registry says which keys there are and what may be entered. ``unverified``
marks a default that no document available to us states: the bureau may change it, and it is never shown as law.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.shared.errors import Reason
from portal.shared.phrases import joined

Value = int | bool | str | list[str]
Words = str | Promise

COMMON_YEAR = 2025  # 29 February would be no day in most years
FIRST_SERIES, LAST_SERIES = 1, 27


class Kind(StrEnum):
    """What a value is."""

    NUMBER = "number"
    FLAG = "flag"
    SERIES = "series"
    MONTH_DAY = "month_day"


class Group(StrEnum):
    """Under which heading a page shows the parameter."""

    PUBLICITY = "publicity"
    REVIEW = "review"
    FEES = "fees"
    VOTE = "vote"
    SCORING = "scoring"
    COMMITTEE = "committee"
    CONDITIONS = "conditions"
    RIGHTS = "rights"
    UNITS = "units"


GROUPS: dict[Group, Words] = {
    Group.PUBLICITY: gettext_lazy("公示"),
    Group.REVIEW: gettext_lazy("审核、补正与缴费"),
    Group.FEES: gettext_lazy("收费"),
    Group.VOTE: gettext_lazy("表决"),
    Group.SCORING: gettext_lazy("评分"),
    Group.COMMITTEE: gettext_lazy("评审委员会与专家"),
    Group.CONDITIONS: gettext_lazy("申报条件"),
    Group.RIGHTS: gettext_lazy("异议、救济与诚信"),
    Group.UNITS: gettext_lazy("自主评审单位"),
}
S2, S4 = "京人社事业发〔2023〕10号", "京人社事业字〔2024〕96号"
SILENT: Words = gettext_lazy("文件未作规定，采用系统默认值，可由市人力资源社会保障局调整")


@dataclass(frozen=True)
class Parameter:
    """One key. ``least`` and ``most`` are inclusive; ``only`` lists the admitted values where there is no range."""

    key: str
    group: Group
    label: Words
    default: Value
    basis: str
    kind: Kind = Kind.NUMBER
    unit: Words = ""
    least: int = 1
    most: int | None = None
    only: tuple[Value, ...] = ()
    source: Words = SILENT
    unverified: bool = False

    @property
    def allowed(self) -> str:
        """Return in words what may be entered."""
        if self.only:
            return _("只能为%(values)s") % {"values": joined(shown(self, value) for value in self.only)}
        if self.kind is Kind.NUMBER:
            low, high = {"least": self.least}, {"most": self.most}
            return _("%(least)s 至 %(most)s") % (low | high) if self.most is not None else _("不少于 %(least)s") % low
        return _("系列名单，按年度确定") if self.kind is Kind.SERIES else _("月-日，如 12-31")

    def reason_against(self, value: Any) -> Reason | None:
        """Return why ``value`` may not be entered, or None."""
        text = self._type_error(value) or self._range_error(value)
        return Reason(text, basis=self.basis, code="parameter_out_of_range", field=self.key) if text else None

    def _type_error(self, value: Any) -> str:
        fits = {
            Kind.NUMBER: isinstance(value, int) and not isinstance(value, bool),
            Kind.FLAG: isinstance(value, bool),
            Kind.SERIES: _are_series(value),
            Kind.MONTH_DAY: _is_month_day(value),
        }[self.kind]
        words = {
            Kind.NUMBER: _("须为整数。"),
            Kind.FLAG: _("须为是或者否。"),
            Kind.SERIES: _("须为01至27的系列代码，不得重复。"),
            Kind.MONTH_DAY: _("须为月-日，如12-31。"),
        }[self.kind]
        return "" if fits else _("「%(label)s」%(text)s") % {"label": self.label, "text": words}

    def _range_error(self, value: Any) -> str:
        known = {"label": self.label, "value": measured(self, value), "allowed": self.allowed}
        is_outside = self.only and value not in self.only
        if self.kind is Kind.NUMBER and not self.only:
            is_outside = value < self.least or (self.most is not None and value > self.most)
        return _("「%(label)s」不能为%(value)s：允许范围%(allowed)s。") % known if is_outside else ""


def shown(parameter: Parameter, value: Any) -> str:
    """Return ``value`` as a page shows it, without its unit."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if parameter.kind is Kind.SERIES and isinstance(value, list):
        return joined(value) or _("无")
    return str(value)


def measured(parameter: Parameter, value: Any) -> str:
    """Return ``value`` as a page shows it, with its unit."""
    words = shown(parameter, value)
    return _("%(value)s%(unit)s") % {"value": words, "unit": parameter.unit} if parameter.unit else words


def reasons_against(values: Mapping[str, Any]) -> list[Reason]:
    """Return every reason against a full set of values: a missing key, an unknown one, a wrong type, a value out of range."""
    found = [_missing(REGISTRY[key]) for key in REGISTRY if key not in values]
    found += [Reason(_("未知的参数：%(key)s。") % {"key": key}, field=key) for key in values if key not in REGISTRY]
    answers = (REGISTRY[key].reason_against(value) for key, value in values.items() if key in REGISTRY)
    return found + [answer for answer in answers if answer is not None]


def _missing(parameter: Parameter) -> Reason:
    text = _("缺少参数「%(label)s」。") % {"label": parameter.label}
    return Reason(text, basis=parameter.basis, code="parameter_missing", field=parameter.key)


def _are_series(value: Any) -> bool:
    if not isinstance(value, list) or len(set(value)) != len(value):
        return False
    return all(isinstance(code, str) and _is_series(code) for code in value)


def _is_series(code: str) -> bool:
    return len(code) == len("01") and code.isdigit() and FIRST_SERIES <= int(code) <= LAST_SERIES


def _is_month_day(value: Any) -> bool:
    try:
        dt.date.fromisoformat(f"{COMMON_YEAR}-{value}")
    except ValueError:
        return False
    return True


def _registry(parameters: Iterable[Parameter]) -> dict[str, Parameter]:
    return {parameter.key: parameter for parameter in parameters}


WORKDAYS, YEARS, PERSONS, YUAN, TIMES, POINTS = (
    gettext_lazy("个工作日"),
    pgettext_lazy("unit", "年"),
    gettext_lazy("人"),
    gettext_lazy("元"),
    gettext_lazy("次"),
    gettext_lazy("分"),
)
P = Parameter

# fmt: off
REGISTRY: dict[str, Parameter] = _registry(
    [
        P("publicity.min_workdays", Group.PUBLICITY, gettext_lazy("公示最短天数"), 5, "R-072, R-122, R-190", unit=WORKDAYS, least=5, source=f"{S4} 三（一）2、6"),
        P("publicity.count_posting_day", Group.PUBLICITY, gettext_lazy("公示发布当日计入公示期"), default=False, basis="A-05", kind=Kind.FLAG, only=(False,), source="《民法典》第二百零一条"),
        P("result_notice.public_days_after", Group.PUBLICITY, gettext_lazy("结果公示期满后继续展示"), 30, "A-07", unit=gettext_lazy("天"), unverified=True),
        P("correction.workdays", Group.REVIEW, gettext_lazy("补正期限"), 10, "A-09", unit=WORKDAYS, least=5, most=20, unverified=True),
        P("correction.max_returns", Group.REVIEW, gettext_lazy("退回补正次数"), 1, "R-091", unit=TIMES, only=(1,), source=f"{S4} 三（一）3"),
        P("correction.employer_recheck_workdays", Group.REVIEW, gettext_lazy("补正后单位复核期限"), 3, "A-09", unit=WORKDAYS, least=2, most=5, unverified=True),
        P("payment.workdays", Group.REVIEW, gettext_lazy("缴费期限"), 5, "A-10", unit=WORKDAYS, least=3, most=15, unverified=True),
        P("defence.notice_days", Group.REVIEW, gettext_lazy("答辩通知提前天数"), 5, "R-107", unit=gettext_lazy("天"), least=3, unverified=True),
        P("promise.workdays", Group.REVIEW, gettext_lazy("承诺办结时限"), 20, "R-006", unit=WORKDAYS, source=f"{S2} 附件3 五"),
        P("employer.grace_after_objection", Group.REVIEW, gettext_lazy("异议办结后单位推荐宽限"), 3, "A-34", unit=WORKDAYS, unverified=True),
        P("fee.senior", Group.FEES, gettext_lazy("高级评审费"), 700, "R-100", unit=YUAN, least=0, source=f"{S2} 附件3 十"),
        P("fee.intermediate", Group.FEES, gettext_lazy("中级评审费"), 500, "R-100", unit=YUAN, least=0, source=f"{S2} 附件3 十"),
        P("fee.junior", Group.FEES, gettext_lazy("初级评审费"), 200, "R-100", unit=YUAN, least=0, source=f"{S2} 附件3 十"),
        P("vote.numerator", Group.VOTE, gettext_lazy("通过票数比例分子"), 2, "R-112", source=f"{S4} 三（一）5"),
        P("vote.denominator", Group.VOTE, gettext_lazy("通过票数比例分母"), 3, "R-112", source=f"{S4} 三（一）5"),
        P("vote.inclusive", Group.VOTE, gettext_lazy("恰好达到比例即通过"), default=True, basis="R-112, A-01", kind=Kind.FLAG, source="《民法典》第一千二百五十九条"),
        P("quorum.numerator", Group.VOTE, gettext_lazy("出席人数比例分子"), 2, "A-03", unverified=True),
        P("quorum.denominator", Group.VOTE, gettext_lazy("出席人数比例分母"), 3, "A-03", unverified=True),
        P("quorum.inclusive", Group.VOTE, gettext_lazy("恰好达到出席比例即有效"), default=True, basis="A-03", kind=Kind.FLAG, unverified=True),
        P("scoring.divergence", Group.SCORING, gettext_lazy("委员评分分歧提示线（最高分与最低分之差，满分按100分计）"), 20, "R-044", unit=POINTS, most=100, unverified=True),
        P("scoring.least_sheets", Group.SCORING, gettext_lazy("显示评分汇总的最少评分表数"), 3, "R-044", unit=gettext_lazy("份"), least=3, unverified=True),
        P("scoring.assessment_years", Group.SCORING, gettext_lazy("计入评分的最近考核年度数"), 3, "R-045", unit=YEARS, most=10, unverified=True),
        P("scoring.assessment_excellent", Group.SCORING, gettext_lazy("年度考核优秀折算"), 100, "R-045", unit="%", least=0, most=100, unverified=True),
        P("scoring.assessment_competent", Group.SCORING, gettext_lazy("年度考核合格（称职）折算"), 80, "R-045", unit="%", least=0, most=100, unverified=True),
        P("scoring.assessment_basic", Group.SCORING, gettext_lazy("年度考核基本合格折算"), 50, "R-045", unit="%", least=0, most=100, unverified=True),
        P("scoring.assessment_incompetent", Group.SCORING, gettext_lazy("年度考核不合格折算"), 0, "R-045", unit="%", least=0, most=100, unverified=True),
        P("scoring.employer_least_share", Group.SCORING, gettext_lazy("单位考核结果和推荐情况在评价标准中的最低权重"), 10, "R-045", unit="%", most=50, unverified=True),
        P("scoring.recommendation_share", Group.SCORING, gettext_lazy("单位推荐在单位评价中的占比，其余为年度考核"), 40, "R-045", unit="%", least=0, most=100, unverified=True),
        P("panel.min", Group.COMMITTEE, gettext_lazy("评议组最少人数"), 3, "R-110", unit=PERSONS, least=3, unverified=True),
        P("committee.min_senior_series", Group.COMMITTEE, gettext_lazy("高级评委会最少人数（按系列组建）"), 25, "A-36", unit=PERSONS, source="《职称评审管理暂行规定》第九条"),
        P("committee.min_senior_specialty", Group.COMMITTEE, gettext_lazy("高级评委会最少人数（按专业组建）"), 11, "A-36", unit=PERSONS, source="《职称评审管理暂行规定》第九条"),
        P("committee.min_intermediate", Group.COMMITTEE, gettext_lazy("中级评委会最少人数"), 11, "A-36", unit=PERSONS, unverified=True),
        P("committee.min_junior", Group.COMMITTEE, gettext_lazy("初级评委会最少人数"), 7, "A-36", unit=PERSONS, unverified=True),
        P("committee.answer_workdays", Group.COMMITTEE, gettext_lazy("委员答复会议邀请期限"), 3, "A-52", unit=WORKDAYS, least=1, most=10, unverified=True),
        P("committee.outside_share_warn", Group.COMMITTEE, gettext_lazy("评委会机构外专家比例提醒线"), 30, "R-161", unit="%", least=0, most=100, unverified=True),
        P("committee.filing_years", Group.COMMITTEE, gettext_lazy("评委会备案有效期"), 3, "A-55", unit=YEARS, most=3, unverified=True),
        P("expert.term_years", Group.COMMITTEE, gettext_lazy("专家聘期"), 3, "R-163", unit=YEARS, most=3, source=f"{S2}（十三）"),
        P("expert.max_terms", Group.COMMITTEE, gettext_lazy("专家最多聘期数"), 3, "R-163", unit=gettext_lazy("届"), source=f"{S2}（十三）"),
        P("expert.young_age", Group.COMMITTEE, gettext_lazy("青年专家年龄上限"), 45, "R-162", unit=gettext_lazy("周岁"), source=f"{S2}（十三）"),
        P("expert.young_share_warn", Group.COMMITTEE, gettext_lazy("青年专家比例提醒线"), 20, "R-162, A-31", unit="%", least=0, most=100, unverified=True),
        P("peer.exceptional", Group.CONDITIONS, gettext_lazy("破格申报同行专家推荐人数"), 2, "R-231", unit=PERSONS, least=2, source=f"{S4} 五（六）"),
        P("peer.talent", Group.CONDITIONS, gettext_lazy("考核认定专家举荐人数"), 3, "R-206, A-11", unit=PERSONS, least=3, source=f"{S2}（十）"),
        P("seniority.cutoff", Group.CONDITIONS, gettext_lazy("年限计算截止日（评审年度内）"), "12-31", "A-30", kind=Kind.MONTH_DAY, unverified=True),
        P("application.max_per_year", Group.CONDITIONS, gettext_lazy("每人每年度在办申报数"), 1, "A-25", unit=gettext_lazy("件"), unverified=True),
        P("freelancer.series", Group.CONDITIONS, gettext_lazy("接受自由职业者的系列"), ["12", "23"], "R-080", kind=Kind.SERIES, source=f"{S4} 一"),
        P("freelancer.min_months", Group.CONDITIONS, gettext_lazy("自由职业者在京从业最短时间"), 12, "R-081, A-17", unit=gettext_lazy("个月"), source=f"{S2} 附件3 六"),
        P("skilled.series", Group.CONDITIONS, gettext_lazy("高技能人才可申报的系列"), ["05", "06", "10", "12", "13", "14", "20", "23"], "R-250", kind=Kind.SERIES, source=f"{S4} 一"),
        P("examreview.series", Group.CONDITIONS, gettext_lazy("副高级考评结合的系列"), ["15", "17", "18", "19", "25"], "R-260", kind=Kind.SERIES, source=f"{S4} 五（五）"),
        P("targeted.years_total", Group.CONDITIONS, gettext_lazy("定向评价从业年限"), 30, "R-221", unit=YEARS, source=f"{S2}（十一）"),
        P("targeted.years_since_intermediate", Group.CONDITIONS, gettext_lazy("定向评价取得中级后年限"), 10, "R-222", unit=YEARS, source=f"{S2}（十一）"),
        P("objection.workdays", Group.RIGHTS, gettext_lazy("异议处理期限"), 10, "A-08", unit=WORKDAYS, unverified=True),
        P("objection.extension_workdays", Group.RIGHTS, gettext_lazy("异议处理可延长"), 10, "A-08", unit=WORKDAYS, least=0, unverified=True),
        P("appeal.file_workdays", Group.RIGHTS, gettext_lazy("申请复查期限"), 15, "A-24", unit=WORKDAYS, unverified=True),
        P("appeal.answer_workdays", Group.RIGHTS, gettext_lazy("复查答复期限"), 15, "A-24", unit=WORKDAYS, unverified=True),
        P("appeal.extension_workdays", Group.RIGHTS, gettext_lazy("复查答复可延长"), 15, "A-24", unit=WORKDAYS, least=0, unverified=True),
        P("sanction.statement_workdays", Group.RIGHTS, gettext_lazy("陈述申辩期限"), 10, "A-45", unit=WORKDAYS, unverified=True),
        P("integrity.record_years", Group.RIGHTS, gettext_lazy("失信记录期限"), 3, "R-142, A-13", unit=YEARS, least=3, source=f"{S4} 四（一）"),
        P("integrity.bar_years", Group.RIGHTS, gettext_lazy("禁止申报期限"), 3, "R-143, A-13", unit=YEARS, least=3, source=f"{S4} 四（一）"),
        P("unit.professional_share", Group.UNITS, gettext_lazy("专业技术人才占职工比例"), 70, "R-174, A-20", unit="%", most=100, source="京人社事业发〔2025〕13号 第七条"),
        P("unit.documents_publicity_workdays", Group.UNITS, gettext_lazy("自主评审制度文件公示天数"), 5, "R-185, A-22", unit=WORKDAYS, least=5, unverified=True),
    ]
)
# fmt: on
