"""Putting an application together: what it contains, whether the conditions are met, what is missing, what does not fit."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from applications.domain import associating, candidates, completeness, consistency, legible, sealing
from applications.domain import lookups as registers
from applications.domain.consistency import Discrepancy
from applications.domain.content import content_of, publicised
from applications.domain.gathering import Gathered, gather, proofs_of
from applications.models import Application
from applications.sections import SEALED
from portal.accounts.models import Organisation
from portal.catalogue.conditions import Assessment
from portal.catalogue.queries import policy_in_force
from portal.shared import clock
from portal.shared.errors import Reason
from portal.shared.office import office_language

# Where a person fills in what the eligibility check looked at; everything else is the registers' business.
PLACES = {
    "education": "education",
    "titles": "title",
    "months_in_beijing": "freelance",
    "worked_in_field_last_year": "freelance",
    "work": "work",
    "skills": "skill",
    "exam_passes": "exam",
    "major_matches": "post.major_matches",
    "is_civil_servant": "post.is_civil_servant",
    "is_reference_managed": "post.is_civil_servant",
    "is_retired": "post.is_retired",
    "is_institution_staff": "post.is_institution_staff",
    "sanctions": "post.is_sanctioned",
    "is_practice_restricted": "post.restricted_until",
    "entry": "entry",
    "channel": "entry",
}


@dataclass(frozen=True)
class Dossier:
    """One application as it would be submitted now.

    ``content`` is plain JSON and is what a snapshot freezes; ``reasons`` keep it from being submitted, each on its
    rule and beside its part; ``discrepancies`` go along for employer and agency.
    """

    gathered: Gathered
    content: dict[str, Any]
    assessment: Assessment
    reasons: tuple[Reason, ...]
    discrepancies: tuple[Discrepancy, ...]
    employer: Organisation | None

    @property
    def district(self) -> str:
        """The district of the insured employer, which decides over committees of a district (R-035)."""
        return self.gathered.insured.district if self.gathered.insured else ""

    @property
    def files(self) -> list[tuple[int, str]]:
        """The keys of the files that it shows, each with the code of the item that it proves."""
        proofs = [(proof.file_id, item.code) for item in self.gathered.items for proof in proofs_of(item)]
        return [*proofs, *((scan.file_id, SEALED.key) for scan in self.gathered.scans)]

    def reasons_of(self, section: str) -> list[Reason]:
        """Return what is missing in one section."""
        return [reason for reason in self.reasons if reason.field.split(".")[0] == section]


def compile_dossier(application: Application, *, at: dt.datetime, settle_employer: bool = False) -> Dossier:
    """Return the application as it stands; ``settle_employer`` enters an insured employer that the portal does not know yet."""
    gathered, policy = gather(application), policy_in_force(clock.day_of(at))
    assessment = candidates.assessed(gathered, policy=policy, at=at)
    found = consistency.discrepancies(gathered, on=clock.day_of(at))
    content = {**content_of(gathered), **associating.content_of(gathered, at)}
    content["eligibility"] = [
        {"code": line.code, "text": line.text, "verdict": str(line.verdict), "basis": line.basis, "policy": line.policy}
        for line in assessment.lines
    ]
    content["discrepancies"] = [one.as_dict() for one in found]
    content["policy"] = policy.code
    missing = [
        *completeness.reasons_against(gathered),
        *associating.reasons_against(gathered, at),
        *sealing.reasons_against(gathered, _shown(gathered, at), policy=policy, at=at),
    ]
    return Dossier(
        gathered=gathered,
        content=content,
        assessment=assessment,
        reasons=(*_all_reasons(missing, assessment), *legible.reasons_against(gathered)),
        discrepancies=tuple(found),
        employer=_recommender(gathered, at) if settle_employer else None,
    )


def _recommender(gathered: Gathered, at: dt.datetime) -> Organisation | None:
    """Return who recommends: the association that a freelancer chose, or who pays the insurance, entered where unknown."""
    if gathered.association is not None:
        return gathered.association
    return registers.organisation_of(gathered.insured, at=at) if gathered.insured else None


def _shown(gathered: Gathered, at: dt.datetime) -> dict[str, str]:
    """Return what a notice would show now, in the office's language; asked only where sealed papers are compared with it."""
    if not gathered.application.on_paper:
        return {}
    with office_language():
        shown = publicised({**content_of(gathered), **associating.content_of(gathered, at)})
    return {name: value for name, value in shown.items() if value}


def _all_reasons(missing: list[Reason], assessment: Assessment) -> list[Reason]:
    """Return what is missing and what is not met, each once and where the person fills it in."""
    asked = {reason.field for reason in missing}
    placed = [replace(reason, field=PLACES.get(reason.field, "registers")) for reason in assessment.reasons()]
    return [*missing, *(reason for reason in placed if reason.field not in asked)]
