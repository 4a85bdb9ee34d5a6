"""What a certificate says of its holder, as one value that is drawn, signed, logged and verified."""

import datetime as dt
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Face:
    """The face of a certificate, frozen when its number was given (domain §8.9).

    ``sex`` and the labels are words in Chinese. ``district_limited`` names the only district where the title holds,
    empty elsewhere (R-128). ``check_code`` is printed and, with number and name, shows the face to others.
    ``corrects`` is the number of the certificate that this one replaces, empty for a first one.
    """

    number: str
    holder_name: str
    sex: str
    birth_date: dt.date
    document_type: str
    masked_document: str
    series: str
    specialty: str
    title: str
    level: str
    mode: str
    committee: str
    passed_on: dt.date
    issued_on: dt.date
    district_limited: str
    is_restricted: bool
    check_code: str
    corrects: str

    def record(self) -> dict[str, str]:
        """Return the face as text alone, days as ``2026-10-14``: what is signed, attached to the file and given to machines."""
        return {field.name: _in_text(getattr(self, field.name)) for field in fields(self)}


def _in_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
