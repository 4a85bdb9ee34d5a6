"""What the agency looks at in one file: every part of the frozen content, what the law asks it to verify, the committee's guide.

Built from the frozen content, so that a list made again later has the same items under the same keys.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.reading import Change, FileShown, Part, changes, parts_of, recognition_words
from applications.enums import LookupState, Source, System
from applications.models import Snapshot
from applications.sections import SECTIONS, ItemKind, SheetKind
from portal.accounts.identifiers import DocumentKind
from portal.catalogue.enums import GuideState
from portal.catalogue.enums import Verdict as Condition
from portal.catalogue.models import Committee
from portal.shared.office import office_language
from review.enums.checking import Ground

CONTENT, LAW, GUIDE = "content", "law", "guide"
RULE_OF = {
    "person": Ground.INSURED_EMPLOYER,
    "post": Ground.FORM,
    "summary": Ground.FORM,
    ItemKind.EDUCATION: Ground.EDUCATION_PROOF,
    ItemKind.WORK: Ground.WORK_HISTORY,
    ItemKind.SKILL: Ground.SKILLED_WORKER,
    ItemKind.EXAM: Ground.EXAM,
    ItemKind.RESULT: Ground.MATERIALS,
    ItemKind.FREELANCE: Ground.FREELANCE,
    SheetKind.SEALED: Ground.SEALED_PAPERS,
}
HINTS: Mapping[str, Any] = {
    SheetKind.SEALED: gettext_lazy(
        "请逐份打开扫描件比对：姓名和申报内容与提交的一致，公示期间、推荐意见和盖章日期与填写的一致，公章为推荐协会、学会的公章。"
    ),
}
HOME_DOCUMENTS = frozenset({DocumentKind.RESIDENT_ID})


@dataclass(frozen=True)
class Item:
    """One thing to decide: what it is, where the evidence is, and what machines already found.

    ``place`` is where the applicant puts it right, and ``choices`` its fields there by name and label; ``basis`` the rule offered for a defect; ``law`` the rule by which
    the agency looks at it; ``automatic`` are answers of registers and of the check of conditions, in words.
    """

    key: str
    group: str
    title: str
    law: str
    basis: str
    place: str = ""
    hint: str = ""
    part: Part | None = None
    files: tuple[FileShown, ...] = ()
    automatic: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()


def items_of(snapshot: Snapshot, committee: Committee) -> list[Item]:
    """Return everything to be decided about one version of a file: contents, then law, then the committee's guide."""
    content = snapshot.content
    with office_language():
        parts = parts_of(content)
    return [*(_of_part(part, content) for part in parts), *_law(content, parts), *_guide(committee, parts)]


def unchanged(before: Snapshot, after: Snapshot, committee: Committee) -> set[str]:
    """Return the keys of the items that read the same in both versions: parts, files, answers and warnings."""
    old = {item.key: item for item in items_of(before, committee)}
    return {item.key for item in items_of(after, committee) if old.get(item.key) == item}


def difference(before: Snapshot, after: Snapshot) -> list[Change]:
    """Return what a correction changed."""
    return changes(before.content, after.content)


def _of_part(part: Part, content: Mapping[str, Any]) -> Item:
    in_archive = part.key != part.section and part.section in SECTIONS
    place = f"{part.section}.{part.key}" if in_archive else part.section
    return Item(
        key=part.key,
        group=CONTENT,
        title=part.title,
        law="R-090",
        basis=RULE_OF.get(part.section, Ground.FORM).value,
        place="registers" if part.key == "person" else place,
        hint=str(HINTS.get(part.section, "")),
        part=part,
        files=part.files,
        automatic=tuple(_answers(part, content)),
        warnings=part.warnings,
        choices=_choices_of(part.section),
    )


def _choices_of(section: str) -> tuple[tuple[str, str], ...]:
    fields = SECTIONS[section].fields if section in SECTIONS else ()
    return tuple((field.name, str(field.label)) for field in fields)


def _answers(part: Part, content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the registers said about a part."""
    asked = {
        "person": (System.INSURANCE, System.CREDIT),
        ItemKind.EDUCATION.value: (System.EDUCATION,),
        ItemKind.TITLE.value: (System.TITLES,),
        ItemKind.WORK.value: (System.INSURANCE,),
    }
    states = {one["system"]: one["state"] for one in content["lookups"]}
    for system in asked.get(part.section, ()):
        words = _("已返回") if states.get(system.value) == LookupState.ANSWERED else _("未返回，须人工核验")
        yield _("%(system)s数据：%(state)s") % {"system": system.label, "state": words}
    if part.section in {ItemKind.EDUCATION, ItemKind.TITLE}:
        yield _("自动核验：通过") if part.is_verified else _("自动核验：未通过，请核验上传的证明")


def _law(content: Mapping[str, Any], parts: list[Part]) -> Iterator[Item]:
    yield from _unverified(content, parts)
    yield from _of_person(content)
    yield from _of_association(content)
    yield from _of_conditions(content)
    if any(part.section == ItemKind.SKILL for part in parts):
        files = _files(parts, ItemKind.SKILL)
        title = _("职业技能等级证书真实有效，所在系列允许贯通")
        yield Item("law:skill", LAW, title, "R-250", Ground.SKILLED_WORKER.value, ItemKind.SKILL, files=files)
    if any(part.section == ItemKind.EXAM for part in parts):
        title = _("考试成绩真实，在有效期内")
        yield Item(
            "law:exam", LAW, title, "R-260", Ground.EXAM.value, ItemKind.EXAM, files=_files(parts, ItemKind.EXAM)
        )


def _unverified(content: Mapping[str, Any], parts: list[Part]) -> Iterator[Item]:
    own = {one["code"] for one in content["items"] if one["source"] == Source.OWN or one["dispute"]}
    education = [part for part in parts if part.section == ItemKind.EDUCATION]
    if any(not part.is_verified and part.key in own for part in education):
        title = _("自动比对未通过的学历学位证明已经核实")
        hint = _("可通过学信网、学位网或者发证院校核实；学历或者学位符合其一即可。")
        files = _files(parts, ItemKind.EDUCATION)
        yield Item(
            "law:education", LAW, title, "R-094", Ground.EDUCATION_PROOF.value, ItemKind.EDUCATION, hint, files=files
        )
    titles = [part for part in parts if part.section == ItemKind.TITLE]
    if any(not part.is_verified and part.key in own for part in titles):
        title = _("自动比对未通过的现有职称证书已经核实")
        files = _files(parts, ItemKind.TITLE)
        yield Item("law:title", LAW, title, "R-068", Ground.WORK_HISTORY.value, ItemKind.TITLE, files=files)


def _of_person(content: Mapping[str, Any]) -> Iterator[Item]:
    document = content["person"]["document"]
    with office_language():
        at_home = {str(kind.label) for kind in HOME_DOCUMENTS}
        permanent = str(DocumentKind.FOREIGN_RESIDENT_ID.label)
    if document and document not in at_home:
        title = _("身份证件符合申报要求：%(document)s") % {"document": document}
        hint = (
            _("持外国人永久居留身份证的，无需工作许可。")
            if document == permanent
            else _("外籍人员须持有外国人工作许可证，永久居留的除外；港澳台居民按其证件核对。")
        )
        yield Item("law:permit", LAW, title, "A-41", Ground.FOREIGNER.value, "registers", hint)
    if any(one["code"] == "works_elsewhere" for one in content.get("discrepancies", [])):
        title = _("实际工作单位已出具业绩说明，参保单位与实际用工关系属实")
        yield Item("law:dispatch", LAW, title, "A-18", Ground.WORKS_ELSEWHERE.value, "post.work_unit")
    answered = {one["system"] for one in content["lookups"] if one["state"] == LookupState.ANSWERED}
    if System.INSURANCE not in answered:
        title = (
            _("参保数据未返回，没有由单位参保已人工核验")
            if "association" in content
            else _("参保数据未返回，参保单位已人工核验")
        )
        yield Item("law:insurance", LAW, title, "A-46", Ground.INSURED_EMPLOYER.value, "registers")


def _of_association(content: Mapping[str, Any]) -> Iterator[Item]:
    """A freelancer is recommended by an association, recognised when its notice began, on paper or on its desk."""
    association = content.get("association")
    if association is None:
        return
    way = _("纸质推荐") if association["on_paper"] else _("在线推荐")
    known = {"name": association["name"], "way": way}
    title = _("自由职业者由%(name)s%(way)s，该协会、学会在认可名单内") % known
    with office_language():
        recognised = recognition_words(association)
    yield Item("law:association", LAW, title, "R-082", Ground.ASSOCIATION.value, "association", automatic=(recognised,))


def _of_conditions(content: Mapping[str, Any]) -> Iterator[Item]:
    """Yield what the check of conditions left to a person."""
    seen: set[str] = set()
    for line in content.get("eligibility", []):
        if line["verdict"] == Condition.WARNING and line["code"] not in seen:
            seen.add(line["code"])
            basis = line["basis"].split(",")[0] if line["basis"].split(",")[0] in Ground.values else "R-057"
            title = _("需人工判断的申报条件：%(text)s") % {"text": line["text"]}
            yield Item(f"condition:{line['code']}"[:60], LAW, title, line["basis"], basis)


def _guide(committee: Committee, parts: list[Part]) -> Iterator[Item]:
    guide = getattr(committee, "guide", None)
    if guide is None or guide.state != GuideState.PUBLISHED:
        return
    if guide.materials.strip():
        title = _("申报材料符合评委会通知公告的要求")
        yield Item("guide:materials", GUIDE, title, "R-039", Ground.MATERIALS.value, hint=guide.materials)
    shown = {value for part in parts for label, value in part.rows if part.section == ItemKind.RESULT}
    for criterion in guide.criteria.order_by("order"):
        if criterion.is_required:
            words = f"{criterion.get_indicator_display()} {criterion.text}"
            found = _("已有对应的成果") if words in shown else _("没有对应的成果，请核对")
            title = _("评委会必备条件：%(text)s") % {"text": words}
            key = f"guide:{criterion.order}"
            yield Item(key, GUIDE, title, "R-039", Ground.STANDARD.value, ItemKind.RESULT, automatic=(found,))


def _files(parts: list[Part], section: str) -> tuple[FileShown, ...]:
    return tuple(file for part in parts if part.section == section for file in part.files)
