"""The national title query platform (E-36): certificates that Beijing issues, corrects or revokes are pushed to it.

The exchange format of the platform is not public; the fields here are those of the certificate's face.
"""

from dataclasses import dataclass
from datetime import date, datetime

from portal.connectors.contract import read
from portal.connectors.people import Who
from portal.connectors.systems import System
from portal.connectors.titles import Level, Standing
from portal.connectors.transport import call


@dataclass(frozen=True)
class IssuedCertificate:
    """What the platform shows of one certificate; `version` grows with every change of it."""

    certificate_number: str
    version: int
    holder: Who
    series: str
    specialty: str
    title: str
    level: Level
    passed_on: date
    issued_on: date
    authority: str
    district_limited: bool
    standing: Standing


@dataclass(frozen=True)
class Receipt:
    """The platform took one version of a certificate."""

    certificate_number: str
    version: int
    receipt_number: str
    received_at: datetime


def push(certificate: IssuedCertificate, *, at: datetime) -> Receipt:
    """Give the platform one version and return its receipt; raise a `ConnectorError`.

    The same version again returns the first receipt; an older version than the platform's is
    refused with `outdated`, so pushes that overtake each other do no harm.
    """
    facts = {
        "certificate_number": certificate.certificate_number,
        "version": certificate.version,
        "person": certificate.holder.on_the_wire(),
        "series": certificate.series,
        "specialty": certificate.specialty,
        "title": certificate.title,
        "level": certificate.level.value,
        "passed_on": certificate.passed_on.isoformat(),
        "issued_on": certificate.issued_on.isoformat(),
        "authority": certificate.authority,
        "district_limited": certificate.district_limited,
        "standing": certificate.standing.value,
    }
    return call(System.NATIONAL_QUERY, "push", facts, at=at, read=lambda data: read(Receipt, data))
