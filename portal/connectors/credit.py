"""Credit platforms (信用信息共享平台): records of dishonesty, national and Beijing (R-142, A-14)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.connectors.contract import read, read_all
from portal.connectors.systems import System
from portal.connectors.transport import call


class Platform(StrEnum):
    """Where a record is pushed; the decision is pushed to both (A-14)."""

    NATIONAL = System.CREDIT_NATIONAL.value
    BEIJING = System.CREDIT_BEIJING.value


class SubjectKind(StrEnum):
    """Whom a record is about: a person by document number, or an organisation by credit code."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Subject:
    """Whom a record is about; its representation shows neither name nor number."""

    kind: SubjectKind
    name: str = field(repr=False)
    number: str = field(repr=False)


@dataclass(frozen=True)
class CreditRecord:
    """One decision; `record_until` is the last day on which it is shown (three years, R-142)."""

    record_number: str
    behaviour: str
    decision: str
    decided_by: str
    decided_on: date
    record_until: date


@dataclass(frozen=True)
class Receipt:
    """The platform took a record, or took it off."""

    record_number: str
    receipt_number: str
    received_at: datetime


def push(platform: Platform, subject: Subject, record: CreditRecord, *, at: datetime) -> Receipt:
    """Give a platform one record and return its receipt; the same record number again returns the first receipt.

    Raise a `ConnectorError`.
    """
    facts = {
        "subject": _subject(subject),
        "record_number": record.record_number,
        "behaviour": record.behaviour,
        "decision": record.decision,
        "decided_by": record.decided_by,
        "decided_on": record.decided_on.isoformat(),
        "record_until": record.record_until.isoformat(),
    }
    return call(System(platform), "push", facts, at=at, read=lambda data: read(Receipt, data))


def withdraw(platform: Platform, record_number: str, reason: str, *, at: datetime) -> Receipt:
    """Have a record taken off (expired, quashed) and return the receipt; raise a `ConnectorError`."""
    facts = {"record_number": record_number, "reason": reason}
    return call(System(platform), "withdraw", facts, at=at, read=lambda data: read(Receipt, data))


def records(platform: Platform, subject: Subject, *, at: datetime) -> tuple[CreditRecord, ...]:
    """Return the records in force at `at`, empty when there are none; raise a `ConnectorError`.

    Where a bar is looked for, an outage blocks (A-46): the integrity bar is one of the two hard stops.
    """
    return call(
        System(platform),
        "records",
        {"subject": _subject(subject)},
        at=at,
        read=lambda data: read_all(CreditRecord, data.get("records"), "records"),
    )


def _subject(subject: Subject) -> dict[str, str]:
    return {"kind": subject.kind.value, "name": subject.name, "number": subject.number.upper()}
