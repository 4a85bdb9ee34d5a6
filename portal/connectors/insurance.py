"""Beijing social insurance (社会保险): who pays for this person, and for how many months."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.connectors.contract import read_optional
from portal.connectors.people import Who
from portal.connectors.systems import System
from portal.connectors.transport import call


class InsuredAs(StrEnum):
    """Insured by an employer, or paying oneself (灵活就业)."""

    EMPLOYEE = "employee"
    FLEXIBLE = "flexible"


@dataclass(frozen=True)
class Employer:
    """A unit as the insurance register names it; `district` is its code of six digits (110108 海淀区)."""

    credit_code: str
    name: str
    district: str


@dataclass(frozen=True)
class Spell:
    """Months in a row paid by one employer; `until` is the last month's first day, None while it lasts."""

    employer: Employer
    since: date
    until: date | None


@dataclass(frozen=True)
class Insurance:
    """What is known at the moment asked for.

    `employer` is the unit that pays now (参保单位, R-070); None for one who pays for himself or is
    not insured at present. `work_unit` is where the person is registered as working when that is
    another unit (dispatch, A-18). `months_paid` counts all months paid in Beijing,
    `months_in_a_row` those up to now without a gap.
    """

    insured_as: InsuredAs
    months_paid: int
    months_in_a_row: int
    employer: Employer | None
    work_unit: Employer | None
    spells: tuple[Spell, ...]


def lookup(who: Who, *, at: datetime) -> Insurance | None:
    """Return the person's insurance as of `at`, None when never insured in Beijing; raise a `ConnectorError`."""
    return call(
        System.INSURANCE,
        "lookup",
        {"person": who.on_the_wire()},
        at=at,
        read=lambda data: read_optional(Insurance, data.get("insurance"), "insurance"),
    )
