"""What the papers of an application show, made from a snapshot's content alone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from applications.domain import content as contents
from applications.domain import reading
from applications.domain.reading import Part
from applications.models.snapshot import digest_of
from applications.sections import ITEMS, SECTIONS, SHEETS, Entry, Section
from portal.documents import pdf
from portal.publicity.enums import Field as Shown

FORM, COMMITMENT, PUBLICITY = "form", "commitment", "publicity"
TEMPLATES = {
    FORM: "documents/applications/form.html",
    COMMITMENT: "documents/applications/commitment.html",
    PUBLICITY: "documents/applications/publicity.html",
}
MOST_COLUMNS = 8


@dataclass(frozen=True)
class Block:
    """One section of the form: a table with a row an item (``labels``), or fixed labels beside their values (``parts``)."""

    heading: str
    labels: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Proof:
    """One line of the list of evidence."""

    number: int
    item: str
    name: str
    page: str
    sha256: str


def written(which: str, content: Mapping[str, Any], at: dt.datetime, *, is_draft: bool = False) -> bytes:
    """Return the PDF of one paper; ``at`` dates the file. A draft carries its watermark, unless it is printed to be sealed.

    The same content and time give the same bytes. Raises Refusal where a sign has no glyph.
    """
    return pdf.render(TEMPLATES[which], context_of(content, is_draft=is_draft), at=at)


def form(content: Mapping[str, Any], at: dt.datetime) -> bytes:
    """Return the form of a submitted version."""
    return written(FORM, content, at)


def context_of(content: Mapping[str, Any], *, is_draft: bool = False) -> dict[str, Any]:
    """Return what every paper of an application may show."""
    parts = reading.parts_of(content)
    submitted, association = content.get("submitted_at"), content.get("association")
    return {
        "about": content["application"],
        "person": content["person"],
        "employer": content["employer"],
        "association": association,
        "recommender": (association or content["employer"]).get("name", ""),
        "post": dict(_part(parts, "post").rows),
        "head": _part(parts, "person"),
        "blocks": list(_blocks(parts, content)),
        "proofs": _proofs(content, parts),
        "eligibility": content.get("eligibility", []),
        "commitment": content["commitment"],
        "publicised": _publicised(content),
        "submitted_at": dt.datetime.fromisoformat(submitted) if submitted else None,
        "number": content.get("number"),
        "sha256": digest_of(content) if submitted and not is_draft else "",
        "is_draft": is_draft,
    }


def _part(parts: Sequence[Part], key: str) -> Part:
    return next(part for part in parts if part.key == key)


def _blocks(parts: Sequence[Part], content: Mapping[str, Any]) -> Iterator[Block]:
    for section in SHEETS:
        yield Block(str(section.name), parts=(_part(parts, section.key),))
    for section in ITEMS:
        own = tuple(part for part in parts if part.section == section.key)
        if _fits_columns(section):
            labels = tuple(str(field.label) for field in section.fields)
            yield Block(str(section.name), labels=labels, rows=tuple(_row(labels, part) for part in own))
        else:
            yield Block(str(section.name), parts=own)


def _fits_columns(section: Section) -> bool:
    """Items of short fields stand in a table with a column a field; those with a text stand block by block."""
    return len(section.fields) <= MOST_COLUMNS and all(field.entry is not Entry.TEXT for field in section.fields)


def _row(labels: Sequence[str], part: Part) -> tuple[str, ...]:
    values = dict(part.rows)
    return tuple(values.get(label, "") for label in labels)


def _proofs(content: Mapping[str, Any], parts: Sequence[Part]) -> list[Proof]:
    titles = {part.key: part.title for part in parts}
    found: list[Proof] = []
    order = list(SECTIONS)
    for item in sorted(content["items"], key=lambda one: order.index(one["kind"])):
        page = str(item["content"].get("evidence_page") or "")
        found += [
            Proof(len(found) + number, titles[item["code"]], one["label"] or one["name"], page, one["sha256"])
            for number, one in enumerate(item["evidence"], start=1)
        ]
    return found


def _publicised(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown = contents.publicised(content)
    return [(str(Shown(name).label), value) for name, value in shown.items()]
