"""One check: a person, an entry, the conditions, the policy and the day; every line that it writes names the policy."""

import datetime as dt
from dataclasses import dataclass

from portal.catalogue.conditions.facts import Candidate
from portal.catalogue.conditions.lines import Line
from portal.catalogue.conditions.routes import Conditions
from portal.catalogue.conditions.walking import Finding
from portal.catalogue.enums import Verdict
from portal.catalogue.models import CatalogueEntry, PolicyVersion


@dataclass(frozen=True)
class Case:
    """What the parts of a check share; ``entry`` has its specialty, series, level and edition fetched."""

    candidate: Candidate
    entry: CatalogueEntry
    conditions: Conditions | None
    policy: PolicyVersion
    day: dt.date

    @property
    def series(self) -> str:
        """The code of the series applied in."""
        return self.entry.specialty.series.code

    @property
    def cutoff(self) -> dt.date:
        """The day to which years are counted (A-30)."""
        return self.cutoff_of(self.entry.edition.year)

    def cutoff_of(self, year: int) -> dt.date:
        """Return the day to which years are counted in another evaluation year."""
        return self.policy.month_day("seniority.cutoff", year)

    def line(self, code: str, verdict: Verdict, text: str, basis: str, *, detail: str = "", field: str = "") -> Line:
        """Return one line of the answer under this policy version."""
        return Line(code, text, verdict, basis, detail, field, self.policy.code)

    def of_finding(self, finding: Finding) -> Line:
        """Return a thing that a way asks for as a line."""
        return self.line(finding.code, finding.verdict, finding.text, finding.basis, field=finding.field)
