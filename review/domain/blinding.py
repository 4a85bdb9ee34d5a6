"""What the panel reads of an application: what the person achieved, without who they are and for whom they work (A-49).

A list of what is shown, not of what is hidden: a field that nobody decided about stays hidden.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from applications.models import Snapshot
from applications.sections import ITEMS, SHEETS, Section
from applications.values import shown
from portal.catalogue.enums import Indicator
from review.domain.masking import Mask, of_content
from review.models import Defence

SHOWN: Mapping[str, frozenset[str]] = {
    "post": frozenset({"post", "field", "professional_since", "major_matches"}),
    "summary": frozenset({"character", "ability", "achievement"}),
    "education": frozenset({"level", "degree", "school", "major", "study", "graduated_on"}),
    "work": frozenset({"post", "duty", "since", "until", "is_professional"}),
    "title": frozenset({"series", "title", "level", "specialty", "obtained_on"}),
    "training": frozenset({"year", "subject", "hours"}),
    "exam": frozenset({"series", "level", "passed_on", "valid_until"}),
    "skill": frozenset({"name", "grade", "obtained_on"}),
    "result": frozenset({"heading", "name", "role", "ranking", "finished_on", "summary"}),
    "assessment": frozenset({"year", "result"}),
    "freelance": frozenset({"work", "since", "until", "in_beijing", "in_field"}),
    "sealed": frozenset(),
}


@dataclass(frozen=True)
class BlindPart:
    """One part as the panel reads it; ``key`` numbers it and is of no use elsewhere."""

    key: str
    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BlindMaterial:
    """What the panel reads of one person."""

    series: str
    specialty: str
    level: str
    title: str
    parts: tuple[BlindPart, ...]


def material_of(defence: Defence) -> BlindMaterial:
    """Return the blind material of the version with effect; raises Snapshot.DoesNotExist for one never submitted."""
    content = present(defence).content
    mask, about = mask_of(defence, content), content["application"]
    return BlindMaterial(
        mask(about["series"]),
        mask(about["specialty"]),
        about["level"],
        mask(about["title"]),
        tuple(_parts(content, mask)),
    )


def present(defence: Defence) -> Snapshot:
    """Return the version with effect."""
    found = Snapshot.objects.filter(application=defence.application_id, discarded_at=None)
    return found.order_by("-number")[:1].get()


def mask_of(defence: Defence, content: Mapping[str, Any]) -> Mask:
    """Return the mask of one person, who may have changed name or employer since the content was frozen."""
    application = defence.application
    employer = application.employer.name if application.employer else ""
    return of_content(content, names=[application.applicant.full_name], employers=[employer], shown=SHOWN)


def _parts(content: Mapping[str, Any], mask: Mask) -> Iterator[BlindPart]:
    for section in SHEETS:
        rows = _rows(section, content["sheets"].get(section.key, {}), mask)
        yield BlindPart(section.key, str(section.name), rows)
    for section in ITEMS:
        own = [item for item in content["items"] if item["kind"] == section.key]
        for number, item in enumerate(own, start=1):
            yield BlindPart(f"{section.key}-{number}", f"{section.name} {number}", _item_rows(section, item, mask))


def _item_rows(section: Section, item: Mapping[str, Any], mask: Mask) -> tuple[tuple[str, str], ...]:
    rows = _rows(section, item["content"], mask)
    criterion = item["criterion"]
    if not criterion:
        return rows
    indicator = Indicator(criterion["indicator"])
    return ((str(indicator.label), criterion["text"]), *rows)


def _rows(section: Section, values: Mapping[str, Any], mask: Mask) -> tuple[tuple[str, str], ...]:
    allowed = [field for field in section.fields if field.name in SHOWN[section.key]]
    filled = [(str(field.label), mask(shown(field, values.get(field.name)))) for field in allowed]
    return tuple((label, value) for label, value in filled if value)
