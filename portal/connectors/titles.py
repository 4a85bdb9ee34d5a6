"""Titles already held: Beijing's e-certificates and the national query platform (E-36)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.connectors.contract import read_all
from portal.connectors.errors import ConnectorError
from portal.connectors.people import Who
from portal.connectors.systems import System
from portal.connectors.transport import call


class Level(StrEnum):
    """Level of a title, from 正高级 down to 员级."""

    SENIOR_FULL = "senior_full"
    SENIOR_ASSOCIATE = "senior_associate"
    INTERMEDIATE = "intermediate"
    ASSISTANT = "assistant"
    ENTRY = "entry"


class Standing(StrEnum):
    """Whether the certificate counts today."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class HeldTitle:
    """One certificate; `series`, `specialty` and `title` in the words of the register."""

    certificate_number: str
    series: str
    specialty: str
    title: str
    level: Level
    passed_on: date
    authority: str
    district_limited: bool
    standing: Standing


@dataclass(frozen=True)
class Holdings:
    """Titles from all sources, and the sources that did not answer: what is missing is not "none"."""

    titles: tuple[HeldTitle, ...]
    unanswered: tuple[System, ...]


SOURCES = (System.TITLES, System.NATIONAL_QUERY)


def in_beijing(who: Who, *, at: datetime) -> tuple[HeldTitle, ...]:
    """Return the titles that Beijing certified, latest first; raise a `ConnectorError`."""
    return _lookup(System.TITLES, who, at)


def nationwide(who: Who, *, at: datetime) -> tuple[HeldTitle, ...]:
    """Return the titles that the national query platform knows, latest first; raise a `ConnectorError`."""
    return _lookup(System.NATIONAL_QUERY, who, at)


def everywhere(who: Who, *, at: datetime) -> Holdings:
    """Return all titles known, each certificate once, latest first; names the sources that failed, never raises."""
    found: dict[str, HeldTitle] = {}
    unanswered = []
    for source in SOURCES:
        try:
            for title in _lookup(source, who, at):
                found.setdefault(title.certificate_number, title)
        except ConnectorError:
            unanswered.append(source)
    latest_first = sorted(found.values(), key=lambda title: title.passed_on, reverse=True)
    return Holdings(tuple(latest_first), tuple(unanswered))


def _lookup(source: System, who: Who, at: datetime) -> tuple[HeldTitle, ...]:
    return call(
        source,
        "lookup",
        {"person": who.on_the_wire()},
        at=at,
        read=lambda data: read_all(HeldTitle, data.get("titles"), "titles"),
    )
