"""What is missing before an application can be submitted; each finding on its rule and beside its part."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from applications.domain.gathering import Gathered, bare, proofs_of
from applications.enums import System
from applications.models import ArchiveItem
from applications.sections import FREELANCE, ITEMS, NOT_OF_FREELANCERS, SHEETS, ItemKind, Section, sheets_in
from portal.shared.errors import Reason


def reasons_against(gathered: Gathered) -> list[Reason]:
    """Return everything that is missing; ``field`` names section, item and field: ``result.DA-….summary``."""
    sheets = sheets_in({*gathered.sheets, *(section.key for section in SHEETS)})
    found = [
        reason for section in sheets for reason in _unfilled(section, gathered.sheets.get(section.key, {}), section.key)
    ]
    for section in ITEMS:
        found += _section(section, gathered)
    if gathered.is_freelance:
        found = [reason for reason in found if reason.field not in NOT_OF_FREELANCERS]
    return [*found, *_without_statement(gathered), *_blocked(gathered)]


def _section(section: Section, gathered: Gathered) -> Iterator[Reason]:
    own = gathered.of(section.key)
    if len(own) < (1 if section is FREELANCE and gathered.is_freelance else section.least):
        text = _("「%(section)s」至少填写一条。") % {"section": section.name}
        if section.key == ItemKind.RESULT and any(item.kind == ItemKind.RESULT for item in gathered.kept):
            text = _("请从业绩成果中至少选择一项代表性成果。")
        yield Reason(text, basis=section.basis, code="section_empty", field=section.key)
    for item in own:
        where = f"{section.key}.{item.code}"
        if item.is_editable:
            yield from _unfilled(section, item.content, where)
        yield from _unproved(section, item, where)


def _unfilled(section: Section, content: Mapping[str, Any], where: str) -> list[Reason]:
    lacking = [field for field in section.fields if field.required and content.get(field.name) in {None, ""}]
    text = _("请填写「%(section)s」的「%(field)s」。")
    return [
        Reason(
            text % {"section": section.name, "field": field.label},
            basis=field.basis,
            code="field_missing",
            field=f"{where}.{field.name}",
        )
        for field in lacking
    ]


def _unproved(section: Section, item: ArchiveItem, where: str) -> list[Reason]:
    """A result needs its proof; a fact that no register vouches for needs its certificate (R-059, R-066)."""
    needs = section.evidence_required or (bool(section.evidence) and not item.is_verified)
    if not needs or proofs_of(item):
        return []
    text = _("请为「%(item)s」上传证明材料。") % {"item": item.title}
    basis = "R-059" if section.key in {ItemKind.EDUCATION, ItemKind.TITLE} else "R-065"
    return [Reason(text, basis=basis, code="proof_missing", field=where)]


def _without_statement(gathered: Gathered) -> Iterator[Reason]:
    """Where another unit insures the person, the one that they work for says what they did (A-18), beside that work."""
    unit = bare(gathered.works_at)
    there = [item for item in gathered.of(ItemKind.WORK) if bare(item.content.get("unit")) == unit]
    if not unit or any(map(proofs_of, there)):
        return
    text = _("实际工作单位「%(unit)s」须出具业绩说明，请填写在该单位的工作经历并在其中上传。")
    where = f"{ItemKind.WORK}.{there[-1].code}" if there else ItemKind.WORK
    yield Reason(text % {"unit": gathered.works_at}, basis="A-18", code="statement_missing", field=where)


def _blocked(gathered: Gathered) -> Iterator[Reason]:
    """Without an insured employer nobody can recommend (R-070); records of dishonesty and their check are hard stops (A-46)."""
    if not any(document.ended_at is None and document.verified_at for document in gathered.documents):
        text = _("请先在「我的账号」完成身份证件核验。")
        yield Reason(text, basis="A-46", code="identity_not_verified", field="registers")
    insurance, credit = gathered.lookups.get(System.INSURANCE), gathered.lookups.get(System.CREDIT)
    if gathered.insured is None and not gathered.is_freelance:
        answered = insurance is not None and insurance.answer is not None
        text = (
            _(
                "社会保险数据显示您目前没有由单位参保。由参保单位审核推荐，请先核实参保情况；自由职业者请在「协会推荐」中选择协会、学会。"
            )
            if answered
            else _("正在查询您的参保单位，由参保单位审核推荐；请稍后刷新，长时间未返回请重新查询。")
        )
        yield Reason(text, basis="R-070", code="no_insured_employer", field="registers")
    if credit is None or credit.answer is None:
        text = _("正在核验信用记录，核验完成后方可提交；长时间未返回请重新查询。")
        yield Reason(text, basis="A-46", code="credit_not_checked", field="registers")
    elif credit.answer.get("records"):
        text = _("信用信息平台载有您的职称失信记录，记录期内不得申报。")
        yield Reason(text, basis="R-143, A-13", code="credit_record", field="registers")
