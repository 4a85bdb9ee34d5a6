"""What the registers said about a person, in words, with time and source (R-059, A-46)."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.domain.lookups import LEVELS, district_of
from applications.enums import LookupState, System
from applications.models import Lookup
from applications.sections import EDUCATION
from applications.values import shown
from portal.accounts.districts import District
from portal.catalogue.enums import InsuredAs
from portal.connectors.titles import Level

Rows = list[tuple[str, str]]
Answer = Mapping[str, Any]

ADVICE = {
    System.EDUCATION: gettext_lazy("暂时查询不到时，请在业绩档案中填写学历学位并上传证书，由评审服务机构核验。"),
    System.INSURANCE: gettext_lazy("由参保单位审核推荐，请核实参保情况后重新查询。"),
    System.TITLES: gettext_lazy("暂时查询不到时，请在业绩档案中填写现有职称并上传证书，由评审服务机构核验。"),
    System.CREDIT: gettext_lazy("信用核验完成后方可提交，长时间未返回请重新查询。"),
}


@dataclass(frozen=True)
class Told:
    """One register's answer: ``rows`` are (what, words); empty where it has not answered or knows nothing."""

    system: System
    state: LookupState
    rows: Rows
    asked_at: dt.datetime | None
    settled_at: dt.datetime | None

    @property
    def tone(self) -> str:
        """The meaning of the state, for its colour."""
        return {LookupState.ANSWERED: "good", LookupState.FAILED: "bad"}.get(self.state, "waiting")

    @property
    def advice(self) -> str:
        """What to do where the register does not answer or knows nothing."""
        return "" if self.rows and self.state == LookupState.ANSWERED else str(ADVICE[self.system])


def told(lookups: Mapping[str, Lookup]) -> list[Told]:
    """Return every register with what it said, in their order; one that was never asked stands as waiting."""
    return [_told(system, lookups.get(system)) for system in System]


def is_waiting(lookups: Mapping[str, Lookup]) -> bool:
    """Return whether an answer is still expected."""
    return any(lookup.state == LookupState.WAITING for lookup in lookups.values())


def _told(system: System, lookup: Lookup | None) -> Told:
    if lookup is None:
        return Told(system, LookupState.WAITING, [], None, None)
    rows = _WORDS[system](lookup.answer) if lookup.answer is not None else []
    return Told(system, LookupState(lookup.state), rows, lookup.asked_at, lookup.settled_at)


def _education(answer: Answer) -> Rows:
    return [
        (
            _joined(shown(EDUCATION.field(name), one.get(name)) for name in ("level", "degree")),
            _joined([one["school"], one["major"], shown(EDUCATION.field("graduated_on"), one["graduated_on"])]),
        )
        for one in answer["schooling"]
    ]


def _insurance(answer: Answer) -> Rows:
    employer, work_unit = answer.get("employer"), answer.get("work_unit")
    if not employer:
        return []
    months = answer["months_in_a_row"]
    district = dict(District.choices).get(district_of(employer["district"]), "") or _("本市以外")
    rows = [
        (_("参保单位"), employer["name"]),
        (_("参保所在区"), str(district)),
        (_("参保身份"), str(InsuredAs(answer["insured_as"]).label)),
        (_("连续缴费"), ngettext("%(n)s个月", "%(n)s个月", months) % {"n": months}),
    ]
    return [*rows, (_("用工单位"), work_unit["name"])] if work_unit else rows


def _titles(answer: Answer) -> Rows:
    rows = [
        (one["title"], _joined([one["series"], LEVELS[Level(one["level"])].label, one["passed_on"], one["authority"]]))
        for one in answer["titles"]
    ]
    unanswered = answer.get("unanswered")
    return [*rows, (_("部分来源"), _("暂未返回，以证书为准"))] if unanswered else rows


def _credit(answer: Answer) -> Rows:
    found = bool(answer["records"])
    return [(_("职称失信记录"), _("有记录，记录期内不得申报") if found else _("无"))]


def _joined(parts: Any) -> str:
    return _("，").join(str(part) for part in parts if part)


_WORDS: dict[System, Callable[[Answer], Rows]] = {
    System.EDUCATION: _education,
    System.INSURANCE: _insurance,
    System.TITLES: _titles,
    System.CREDIT: _credit,
}
