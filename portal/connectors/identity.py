"""Identity check (公安 / 统一认证): do this name and this document number belong together?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.connectors.contract import read
from portal.connectors.people import Who
from portal.connectors.systems import System
from portal.connectors.transport import call


class Verdict(StrEnum):
    """What the register says: the same person, another name under this number, or no such number."""

    MATCH = "match"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class _Checked:
    verdict: Verdict


def check(who: Who, *, at: datetime) -> Verdict:
    """Return whether name and number belong together; raise a `ConnectorError`.

    The only register whose outage blocks (A-46): without it no account is opened.
    """
    answer = call(
        System.IDENTITY, "check", {"person": who.on_the_wire()}, at=at, read=lambda data: read(_Checked, data)
    )
    return answer.verdict
