"""A correction as people compare it: each faulty fact as it stands, and what is true instead."""

from dataclasses import dataclass
from typing import Any

from certificates.interfaces.forms import DAYS
from certificates.models import Certificate, CertificateChange
from portal.accounts.identifiers import Sex


@dataclass(frozen=True)
class Correction:
    """One fact of the face: its name, what the certificate says, and what it shall say."""

    name: str
    label: Any
    before: str
    after: str
    is_day: bool


def rows_of(change: CertificateChange) -> list[Correction]:
    """Return what a change corrects, in the order of the face; none for any other kind."""
    return [_row(change, name, after) for name, after in change.corrections.items()]


def _row(change: CertificateChange, name: str, after: str) -> Correction:
    label = Certificate._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    before = str(getattr(change.certificate, name))
    if name == "sex":
        before, after = (str(Sex(one).label) for one in (before, after))
    return Correction(name, label, before, after, name in DAYS)
