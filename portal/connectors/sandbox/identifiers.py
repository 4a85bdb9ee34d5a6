"""Numbers of persons and organisations by their published algorithms (GB 11643, GB 32100, GB 11714)."""

import hashlib
import re
from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
UNIT_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNIT_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
LIKE_RESIDENT = ("resident_id", "hmt_residence_permit", "foreign_resident_id")
OTHER_DOCUMENTS = {
    "hm_travel_permit": r"[HM]\d{8}(\d{2})?",
    "tw_travel_permit": r"\d{8}",
    "foreign_resident_id": r"[A-Z]{3}\d{12}",
    "foreign_work_permit": r"[A-Z0-9]{6,20}",
    "passport": r"[A-Z0-9]{5,17}",
}


def person_number(area: str, born: date, sequence: int) -> str:
    """Return an 18-character number; an odd sequence is a man's."""
    head = f"{area}{born:%Y%m%d}{sequence:03d}"
    return head + _person_check(head)


def credit_code(kind: str, area: str, serial: str) -> str:
    """Return a unified social credit code: two characters of kind, six of area, eight of the unit's serial."""
    head = f"{kind}{area}{serial}{_unit_check(serial)}"
    return head + _credit_check(head)


def is_document(kind: str, number: str) -> bool:
    """Tell whether a document number is well formed, its check character included where it has one."""
    if kind in LIKE_RESIDENT and len(number) == 18:
        return (
            number[:17].isdigit() and birth_date(kind, number) is not None and _person_check(number[:17]) == number[17]
        )
    return kind in OTHER_DOCUMENTS and re.fullmatch(OTHER_DOCUMENTS[kind], number) is not None


def birth_date(kind: str, number: str) -> date | None:
    """Return the date of birth that a number carries, None where it carries none."""
    if kind not in LIKE_RESIDENT or len(number) != 18:
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_credit_code(code: str) -> bool:
    """Tell whether a credit code's check character is right."""
    return len(code) == 18 and set(code) <= set(CREDIT_ALPHABET) and _credit_check(code[:17]) == code[17]


def serial_from(text: str) -> str:
    """Return a unit serial for invented organisations; real ones do not begin with MX."""
    return f"MX{int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10**6:06d}"


def _person_check(head: str) -> str:
    return ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(head, ID_WEIGHTS, strict=True)) % 11]


def _unit_check(serial: str) -> str:
    rest = 11 - sum(UNIT_ALPHABET.index(sign) * weight for sign, weight in zip(serial, UNIT_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def _credit_check(head: str) -> str:
    total = sum(CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(head))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]
