"""What a check answers: one line per condition, each with its rule and policy version, and the verdict over all."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal.catalogue.conditions.routes import Conditions
from portal.catalogue.conditions.walking import RouteReport
from portal.catalogue.enums import Answer, Verdict
from portal.shared.errors import Reason


@dataclass(frozen=True)
class Line:
    """How one condition stands. ``field`` names the fact of the candidate that it looked at, ``policy`` the version."""

    code: str
    text: str
    verdict: Verdict
    basis: str
    detail: str = ""
    field: str = ""
    policy: str = ""

    @property
    def reason(self) -> Reason:
        """The line as a refusal gives it."""
        return Reason(self.text, basis=self.basis, code=self.code, field=self.field)


@dataclass(frozen=True)
class Assessment:
    """The whole check: yes, no, or what is missing.

    ``routes`` tells of every way how it stands; ``earliest_year`` is the first evaluation year in which the person
    would fulfil the years if nothing but time is lacking. ``conditions`` is what was looked at, None where nobody has
    entered any.
    """

    lines: tuple[Line, ...]
    policy: str
    cutoff: dt.date
    conditions: Conditions | None = None
    routes: tuple[RouteReport, ...] = ()
    earliest_year: int | None = None

    @property
    def answer(self) -> Answer:
        """No where any line says so, otherwise missing where any fact is, otherwise yes; warnings do not decide."""
        verdicts = {line.verdict for line in self.lines}
        if Verdict.UNMET in verdicts:
            return Answer.NO
        return Answer.MISSING if Verdict.MISSING in verdicts else Answer.YES

    @property
    def is_yes(self) -> bool:
        """Whether every condition is fulfilled."""
        return self.answer is Answer.YES

    def of(self, *verdicts: Verdict) -> list[Line]:
        """Return the lines with these verdicts, in their order."""
        return [line for line in self.lines if line.verdict in verdicts]

    def reasons(self, *verdicts: Verdict) -> list[Reason]:
        """Return as reasons of a refusal what is not fulfilled or not known, or the lines with these verdicts."""
        return [line.reason for line in self.of(*(verdicts or (Verdict.UNMET, Verdict.MISSING)))]


def merged(lines: Iterable[Line], reasons: Iterable[Reason], policy: str) -> tuple[Line, ...]:
    """Return the reasons that the catalogue gives against an entry as lines, before the others."""
    against = (
        Line(reason.code, str(reason.text), Verdict.UNMET, reason.basis, field=reason.field, policy=policy)
        for reason in reasons
    )
    return (*against, *lines)
