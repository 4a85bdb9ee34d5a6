"""What is still to do in a draft, section by section, in the order of the form."""

from collections.abc import Mapping
from dataclasses import dataclass

from applications.domain.compiling import Dossier
from applications.sections import (
    EXAM,
    FREELANCE,
    ITEMS,
    NOT_OF_FREELANCERS,
    POST,
    RESULT,
    SECTIONS,
    SHEETS,
    SKILL,
    TITLE,
    Section,
    sheets_in,
)
from portal.shared.errors import Reason

REGISTERS, CHOICE, ASSOCIATION = "registers", "choice", "association"

# Where the facts that the eligibility check looks at are filled in; what is not named here hangs on the choice itself.
PLACES: Mapping[str, str] = {
    **dict.fromkeys(POST.names, POST.key),
    **dict.fromkeys(("is_reference_managed", "sanctions", "is_practice_restricted"), POST.key),
    "titles": TITLE.key,
    "exam_passes": EXAM.key,
    "skills": SKILL.key,
    **dict.fromkeys(("insured_as", "employer_known", "months_in_beijing", "barred_until"), REGISTERS),
    **{key: key for key in (*SECTIONS, REGISTERS, ASSOCIATION)},
}


@dataclass(frozen=True)
class Todo:
    """One section of a draft: what it still lacks, and whether anything stands in it."""

    section: Section
    reasons: tuple[Reason, ...]
    is_begun: bool
    is_freelance: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether it may stay empty."""
        if self.is_freelance and self.section is FREELANCE:
            return False
        spared = self.is_freelance and self.section.key in NOT_OF_FREELANCERS
        return not self.section.is_sheet and (not self.section.least or spared)


def sections_of(dossier: Dossier) -> list[Todo]:
    """Return every section of the form with what it lacks."""
    gathered, lacking = dossier.gathered, by_place(dossier)
    sheets = sheets_in({*gathered.sheets, *(sheet.key for sheet in SHEETS)})
    begun = {sheet.key: any(gathered.sheets.get(sheet.key, {}).values()) for sheet in sheets}
    begun |= {section.key: bool(gathered.of(section.key)) for section in ITEMS}
    begun[RESULT.key] = any(item.kind == RESULT.key for item in gathered.kept)
    is_freelance = gathered.is_freelance
    return [
        Todo(section, tuple(lacking.get(key, ())), begun[key], is_freelance)
        for key, section in SECTIONS.items()
        if key in begun and (is_freelance or section is not FREELANCE)
    ]


def by_place(dossier: Dossier) -> dict[str, list[Reason]]:
    """Return what keeps the draft from being submitted by the part in which it is put right."""
    found: dict[str, list[Reason]] = {}
    for reason in dossier.reasons:
        found.setdefault(place_of(reason), []).append(reason)
    return found


def place_of(reason: Reason) -> str:
    """Return the part of the draft in which a reason is put right."""
    return PLACES.get(reason.field.split(".", maxsplit=1)[0], CHOICE)
