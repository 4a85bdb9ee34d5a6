"""Education and degrees (教育部学历学位查询), R-059."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.connectors.contract import read_all
from portal.connectors.people import Who
from portal.connectors.systems import System
from portal.connectors.transport import call


class Level(StrEnum):
    """Level of education (学历层次)."""

    DOCTOR = "doctor"
    MASTER = "master"
    BACHELOR = "bachelor"
    COLLEGE = "college"
    SECONDARY = "secondary"


class Degree(StrEnum):
    """Degree (学位)."""

    DOCTOR = "doctor"
    MASTER = "master"
    BACHELOR = "bachelor"


class StudyMode(StrEnum):
    """Full-time (普通全日制), part-time (成人、网络、自学考试)."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


@dataclass(frozen=True)
class Schooling:
    """One completed education; the degree is None where none was awarded."""

    level: Level
    degree: Degree | None
    school: str
    major: str
    study_mode: StudyMode
    enrolled_on: date
    graduated_on: date
    certificate_number: str
    degree_number: str | None


def lookup(who: Who, *, at: datetime) -> tuple[Schooling, ...]:
    """Return the person's completed educations, latest first; empty when none is known; raise a `ConnectorError`."""
    return call(
        System.EDUCATION,
        "lookup",
        {"person": who.on_the_wire()},
        at=at,
        read=lambda data: read_all(Schooling, data.get("schooling"), "schooling"),
    )
