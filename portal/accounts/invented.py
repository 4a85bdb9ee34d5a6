"""Numbers of people and organisations that do not exist, right by every algorithm: for demonstrations and tests.

They cannot meet a real one: the area 119900 was never issued, and real organisation codes do not begin with ``MX0``.
"""

import datetime as dt

from stdnum.cn import uscc

from portal.accounts.identifiers import person_check, unit_check

AREA = "119900"


def resident_number(born_on: dt.date, sequence: int, area: str = AREA) -> str:
    """Return an eighteen-digit number; an odd ``sequence`` (1 to 999) is a man's."""
    head = f"{area}{born_on:%Y%m%d}{sequence:03d}"
    return head + person_check(head)


def credit_code(serial: int, registrar: str = "91", area: str = "110108") -> str:
    """Return a unified social credit code; ``registrar`` is 11 (government), 12 (institution), 51 (society) or 91 (company)."""
    unit = f"MX{serial:06d}"
    head = f"{registrar}{area}{unit}{unit_check(unit)}"
    return head + uscc.calc_check_digit(head)


def mobile_number(serial: int) -> str:
    """Return a mobile number of a block that no operator has been given (prefix 1400)."""
    return f"1400{serial:07d}"
