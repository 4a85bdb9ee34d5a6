"""The consistency check before submission: what does not fit together, for the person to explain and the agency to see.

Warnings never block; the employer and the agency see the same list (R-068).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.domain.gathering import Gathered, bare
from applications.domain.lookups import Insured
from applications.enums import System
from applications.models import ArchiveItem, Lookup
from applications.sections import ItemKind

LONGEST_GAP = 3


@dataclass(frozen=True)
class Discrepancy:
    """One thing that does not fit: ``about`` names the part of the application, ``basis`` the rule."""

    code: str
    text: str
    basis: str
    about: str

    def as_dict(self) -> dict[str, str]:
        """Return it as plain JSON."""
        return {"code": self.code, "text": self.text, "basis": self.basis, "about": self.about}


def discrepancies(gathered: Gathered, *, on: dt.date) -> list[Discrepancy]:
    """Return what does not fit together, in the order of the form."""
    kept, lookups = list(gathered.items), gathered.lookups
    work = sorted((item for item in kept if item.kind == ItemKind.WORK and item.content.get("since")), key=_since)
    return [
        *_unanswered(lookups),
        *_unverified(kept),
        *_another_employer(work, gathered.insured),
        *_works_elsewhere(gathered),
        *_against_insurance(work, lookups.get(System.INSURANCE)),
        *_gaps(work, on),
        *_undated(kept),
    ]


def _unanswered(lookups: Mapping[str, Lookup]) -> list[Discrepancy]:
    found = []
    for system in (System.EDUCATION, System.INSURANCE, System.TITLES):
        lookup = lookups.get(system)
        if lookup is None or lookup.answer is None:
            text = _("「%(system)s」数据暂未返回，请上传相应证明，由评审服务机构核验。") % {"system": system.label}
            found.append(Discrepancy("register_unanswered", text, "A-46", system))
    return found


def _unverified(items: list[ArchiveItem]) -> list[Discrepancy]:
    found = []
    for item in items:
        system = {ItemKind.EDUCATION: System.EDUCATION, ItemKind.TITLE: System.TITLES}.get(ItemKind(item.kind))
        if system is not None and not item.is_verified:
            text = _("「%(item)s」未能自动核验，由评审服务机构核验上传的证明。") % {"item": item.title}
            found.append(Discrepancy("unverified_claim", text, "R-059", item.code))
    return found


def _another_employer(work: list[ArchiveItem], insured: Insured | None) -> list[Discrepancy]:
    if insured is None:
        return []
    found = []
    present = [item for item in work if not item.content.get("until")]
    names = {bare(item.content.get("unit")) for item in present}
    allowed = {bare(insured.name), bare(insured.work_unit)} - {""}
    if present and not names & allowed:
        text = _("当前工作单位与参保单位「%(unit)s」名称不一致，请核对或者说明。") % {"unit": insured.name}
        found.append(Discrepancy("employer_name_differs", text, "R-068", present[-1].code))
    return found


def _works_elsewhere(gathered: Gathered) -> list[Discrepancy]:
    if not gathered.works_at:
        return []
    text = _("实际工作单位与参保单位不同，由参保单位审核推荐，实际工作单位须出具业绩说明。")
    return [Discrepancy("works_elsewhere", text, "A-18", "post")]


def _against_insurance(work: list[ArchiveItem], insurance: Lookup | None) -> list[Discrepancy]:
    spells = ((insurance.answer if insurance else None) or {}).get("spells", [])
    found = []
    for spell in spells:
        name = bare(spell["employer"]["name"])
        match = next((item for item in work if bare(item.content.get("unit")) == name), None)
        if match is None:
            continue
        apart = abs(_months(match.content["since"]) - _months(spell["since"][:7]))
        if apart > LONGEST_GAP:
            text = _("「%(unit)s」的起始时间与参保记录（%(since)s起）相差%(apart)s个月，请核对或者说明。")
            known = {"unit": spell["employer"]["name"], "since": _month_words(spell["since"][:7]), "apart": apart}
            found.append(Discrepancy("insurance_differs", text % known, "R-068", match.code))
    return found


def _gaps(work: list[ArchiveItem], on: dt.date) -> list[Discrepancy]:
    found = []
    reached: int | None = None
    for item in work:
        since = _months(item.content["since"])
        until = _months(item.content["until"]) if item.content.get("until") else on.year * 12 + on.month
        if reached is not None and since - reached > LONGEST_GAP:
            text = _("「%(item)s」之前有%(gap)s个月没有工作经历，请补充或者说明。")
            known = {"item": item.title, "gap": since - reached - 1}
            found.append(Discrepancy("gap_in_career", text % known, "R-057", item.code))
        if until < since:
            text = _("「%(item)s」的截止时间早于起始时间，请核对。") % {"item": item.title}
            found.append(Discrepancy("ends_before_it_begins", text, "R-063", item.code))
        reached = max(reached or until, until)
    return found


def _undated(items: list[ArchiveItem]) -> list[Discrepancy]:
    found = []
    for item in items:
        graduated, obtained = item.content.get("graduated_on"), item.content.get("obtained_on")
        if item.kind == ItemKind.EDUCATION and not graduated:
            text = _("「%(item)s」没有毕业日期，年限无法计算。") % {"item": item.title}
            found.append(Discrepancy("no_graduation_day", text, "A-30", item.code))
        if item.kind == ItemKind.TITLE and not obtained:
            text = _("「%(item)s」没有取得日期，年限无法计算。") % {"item": item.title}
            found.append(Discrepancy("no_title_day", text, "A-30", item.code))
    return found


def _since(item: ArchiveItem) -> str:
    return str(item.content["since"])


def _months(text: str) -> int:
    year, month = text.split("-")[:2]
    return int(year) * 12 + int(month)


def _month_words(text: str) -> str:
    return dateformat.format(dt.date.fromisoformat(f"{text}-01"), _("Y年n月"))
