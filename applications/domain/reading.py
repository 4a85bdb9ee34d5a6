"""A frozen application read part by part, in the reader's words; and what two of them differ in."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.enums import SealedPaper, Source
from applications.sections import SEALED, SECTIONS, SHEETS, Section, sheets_in
from applications.values import shown
from portal.catalogue.enums import Indicator


@dataclass(frozen=True)
class FileShown:
    """One file beside the claim that it proves."""

    code: str
    name: str
    sha256: str
    label: str = ""


@dataclass(frozen=True)
class Part:
    """One thing that is shown, checked and compared by itself: a sheet, an item of the archive, or the person.

    ``key`` is what the employer's checks and the agency's defects point to; ``section`` groups parts under a heading.
    """

    key: str
    section: str
    heading: str
    title: str
    rows: tuple[tuple[str, str], ...]
    source: str = ""
    is_verified: bool = False
    dispute: str = ""
    files: tuple[FileShown, ...] = ()
    warnings: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Change:
    """How one part differs between two snapshots: ``before`` or ``after`` is None where there was none."""

    key: str
    before: Part | None
    after: Part | None
    fields: frozenset[str]

    @property
    def part(self) -> Part:
        """The part as it stands now, or as it was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a change has at least one side
        return found


def parts_of(content: Mapping[str, Any]) -> list[Part]:
    """Return everything that a snapshot's ``content`` shows, in the order of the form."""
    told = _warnings(content)
    return [_person(content, told), *_sheets(content, told), *_items(content, told)]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return in which parts two contents differ, with the labels of the fields that do; new files count as a field."""
    old, new = ({part.key: part for part in parts_of(content)} for content in (before, after))
    found = []
    for key in dict.fromkeys([*new, *old]):
        fields = _differing(old.get(key), new.get(key))
        if fields:
            found.append(Change(key, old.get(key), new.get(key), fields))
    return found


def _differing(before: Part | None, after: Part | None) -> frozenset[str]:
    sides = [dict(part.rows) if part else {} for part in (before, after)]
    labels = {label for label in {*sides[0], *sides[1]} if sides[0].get(label) != sides[1].get(label)}
    files = [{one.sha256 for one in part.files} if part else set() for part in (before, after)]
    if files[0] != files[1]:
        labels.add(_("证明材料"))
    return frozenset(labels)


def _person(content: Mapping[str, Any], told: Mapping[str, tuple[str, ...]]) -> Part:
    person, about = content["person"], content["application"]
    rows: tuple[tuple[str, str], ...] = (
        (_("姓名"), person["name"]),
        (_("性别"), person["sex"]),
        (_("证件"), " ".join(word for word in (person["document"], person["number"]) if word)),
        (_("手机号码"), person["phone"]),
        *_recommender(content),
        (_("系列和专业"), " ".join((about["series"], about["specialty"]))),
        (_("级别"), about["level"]),
        (_("申报职称"), about["title"]),
        (_("评审委员会"), about["committee"]),
    )
    title = _("个人和申报信息")
    return Part("person", "person", title, title, rows, warnings=told.get("person", ()))


def _recommender(content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return who recommends: the insured employer, or the association with its recognition."""
    association, employer = content.get("association"), content["employer"]
    if association is None:
        return ((_("参保单位"), employer.get("name", "")), (_("参保所在区"), employer.get("district", "")))
    return (
        (_("推荐协会、学会"), association["name"]),
        (_("认可情况"), recognition_words(association)),
        (_("推荐方式"), _("纸质审核公示推荐") if association["on_paper"] else _("在线审核公示推荐")),
    )


def recognition_words(association: Mapping[str, Any]) -> str:
    """Return by whom and when an association was recognised, as the frozen content says it."""
    if not association["recognised_on"]:
        return ""
    day = dateformat.format(dt.date.fromisoformat(association["recognised_on"]), _("Y年n月j日"))
    known = {"by": association["recognised_by"], "day": day, "document": association["document"]}
    return _("%(by)s于%(day)s认可（%(document)s）") % known


def _sheets(content: Mapping[str, Any], told: Mapping[str, tuple[str, ...]]) -> Iterator[Part]:
    for section in sheets_in({*content["sheets"], *(section.key for section in SHEETS)}):
        rows = _rows(section, content["sheets"].get(section.key, {}))
        files = _scans(content) if section is SEALED else ()
        name = str(section.name)
        yield Part(section.key, section.key, name, name, rows, files=files, warnings=told.get(section.key, ()))


def _scans(content: Mapping[str, Any]) -> tuple[FileShown, ...]:
    """Return the scans of the sealed papers, each under what it is."""
    scans = content.get("scans", [])
    return tuple(
        FileShown(one["file"], one["name"], one["sha256"], str(SealedPaper(one["paper"]).label)) for one in scans
    )


def _items(content: Mapping[str, Any], told: Mapping[str, tuple[str, ...]]) -> Iterator[Part]:
    order = list(SECTIONS)
    for item in sorted(content["items"], key=lambda one: order.index(one["kind"])):
        section = SECTIONS[item["kind"]]
        rows = _rows(section, item["content"])
        if item["criterion"]:
            indicator = Indicator(item["criterion"]["indicator"]).label
            rows = ((_("评价指标"), f"{indicator} {item['criterion']['text']}"), *rows)
        yield Part(
            key=item["code"],
            section=section.key,
            heading=str(section.name),
            title=_title(section, item["content"]),
            rows=rows,
            source=str(Source(item["source"]).label),
            is_verified=bool(item["verified_at"]) and not item["dispute"],
            dispute=item["dispute"],
            files=tuple(FileShown(one["file"], one["name"], one["sha256"], one["label"]) for one in item["evidence"]),
            warnings=told.get(item["code"], ()),
        )


def _title(section: Section, content: Mapping[str, Any]) -> str:
    """Return an item in a few words, as lists of the archive call it: what it is, not of which sort."""
    named = [shown(one, content.get(one.name)) for one in section.fields if one.choices is None]
    return " ".join(word for word in named[:2] if word) or str(section.name)


def _rows(section: Section, content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    filled = [(str(one.label), shown(one, content.get(one.name))) for one in section.fields]
    return tuple((label, value) for label, value in filled if value)


def _warnings(content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    known, found = set(content["parts"]), dict[str, tuple[str, ...]]()
    for one in content.get("discrepancies", []):
        about = one["about"] if one["about"] in known else "person"
        found[about] = (*found.get(about, ()), one["text"])
    return found
