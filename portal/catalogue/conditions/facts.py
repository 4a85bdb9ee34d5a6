"""What is known of a person who may apply: plain facts from registers, uploads and the person's own answers.

``None`` means that nobody knows yet, which is never a no: a check asks for it. An empty tuple means that there is none.
"""

import datetime as dt
from dataclasses import dataclass

from portal.accounts.identifiers import DocumentKind
from portal.catalogue.conditions.spans import Spell, corresponding
from portal.catalogue.enums import (
    BARRING_SANCTIONS,
    EDUCATION_RANK,
    EQUIVALENT,
    LEVEL_RANK,
    SANCTION_MONTHS,
    SKILL_RANK,
    Channel,
    Degree,
    EducationLevel,
    InsuredAs,
    LevelKey,
    SanctionKind,
    Schooling,
    SkillGrade,
)


@dataclass(frozen=True)
class Education:
    """One completed education, one degree, or both; the day is that of the certificate.

    ``is_verified`` tells that the ministry's data state it; otherwise the certificate is uploaded and checked (R-059).
    """

    schooling: Schooling | None = None
    degree: Degree | None = None
    graduated_on: dt.date | None = None
    major: str = ""
    is_full_time: bool | None = None
    is_verified: bool = False
    source: str = ""

    @property
    def level(self) -> EducationLevel | None:
        """As what it counts: the higher of education and degree, technical colleges by their equivalence (R-058, R-060)."""
        counted = [EQUIVALENT.get(self.schooling) or EducationLevel(self.schooling)] if self.schooling else []
        counted += [EducationLevel(self.degree)] if self.degree else []
        return max(counted, key=EDUCATION_RANK.__getitem__, default=None)

    def reaches(self, least: EducationLevel) -> bool:
        """Return whether it is at least ``least``."""
        return self.level is not None and EDUCATION_RANK[self.level] >= EDUCATION_RANK[least]

    def is_held_on(self, day: dt.date) -> bool:
        """Return whether it is completed on ``day``; a date nobody stated does not speak against it."""
        return self.graduated_on is None or self.graduated_on <= day


@dataclass(frozen=True)
class HeldTitle:
    """One title that the person holds, or a vocational qualification that counts as one (``is_mapped``, R-256).

    ``is_recognised`` is False for one that was revoked, suspended or refused, None while nobody has checked it: such
    a title counts for now and the agency looks at it (A-46). A title limited to a district stands outside the order of
    levels (A-29).
    """

    series: str
    level: LevelKey
    obtained_on: dt.date | None = None
    name: str = ""
    is_recognised: bool | None = None
    is_mapped: bool = False
    is_district_limited: bool = False

    @property
    def rank(self) -> int:
        """The place of its level, 1 for the lowest."""
        return LEVEL_RANK[self.level]


@dataclass(frozen=True)
class Skill:
    """One certificate of a grade of skill (R-250)."""

    grade: SkillGrade
    obtained_on: dt.date | None = None

    @property
    def rank(self) -> int:
        """The place of its grade, 1 for the lowest."""
        return SKILL_RANK[self.grade]


@dataclass(frozen=True)
class Sanction:
    """One disciplinary sanction."""

    kind: SanctionKind
    decided_on: dt.date

    @property
    def last_day(self) -> dt.date:
        """The last day of its period: the corresponding date, to its end (A-55)."""
        return corresponding(self.decided_on, SANCTION_MONTHS[self.kind])

    @property
    def is_barring(self) -> bool:
        """Whether it is a demerit recorded or heavier."""
        return self.kind in BARRING_SANCTIONS

    def runs_on(self, day: dt.date) -> bool:
        """Return whether ``day`` lies in its period."""
        return self.decided_on <= day <= self.last_day


@dataclass(frozen=True)
class ExamPass:
    """A passed national exam; without ``valid_until`` it does not expire (A-38)."""

    series: str
    level: LevelKey
    valid_until: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Return whether the result is still valid on ``day``, its last day included."""
        return self.valid_until is None or day <= self.valid_until


@dataclass(frozen=True)
class Candidate:
    """Everything that a check looks at; what nobody knows is None.

    ``work`` is professional work in the field applied for, also outside the field of study (R-061); a mover's earlier
    professional or managing years belong to it (R-062). ``live_applications`` counts those of the entry's year, this
    one left out. ``barred_until`` is the last day of a bar, None where the integrity archive holds none.
    """

    # Schooling and career.
    education: tuple[Education, ...] | None = None
    titles: tuple[HeldTitle, ...] | None = None
    work: tuple[Spell, ...] | None = None
    skills: tuple[Skill, ...] = ()
    exam_passes: tuple[ExamPass, ...] | None = None
    major_matches: bool | None = None
    is_mover: bool = False
    # Who the person is, and where employed.
    document: DocumentKind | None = None
    has_work_permit: bool | None = None
    insured_as: InsuredAs | None = None
    employer_known: bool | None = None
    months_in_beijing: int | None = None
    worked_in_field_last_year: bool | None = None
    is_institution_staff: bool | None = None
    # What bars.
    is_civil_servant: bool | None = None
    is_reference_managed: bool | None = None
    is_retired: bool | None = None
    sanctions: tuple[Sanction, ...] | None = None
    is_practice_restricted: bool | None = None
    practice_restricted_until: dt.date | None = None
    barred_until: dt.date | None = None
    live_applications: int | None = None
    # How the person applies.
    channel: Channel = Channel.ORDINARY
    is_recommended_by_principal: bool = False
