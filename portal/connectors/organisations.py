"""Organisations by unified social credit code (市场监管、机构编制、民政)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.connectors.contract import read_optional
from portal.connectors.systems import System
from portal.connectors.transport import call


class Kind(StrEnum):
    """Kind of organisation, by the department that registered it."""

    GOVERNMENT = "government"
    INSTITUTION = "institution"
    SOCIAL = "social"
    ENTERPRISE = "enterprise"
    OTHER = "other"


class Standing(StrEnum):
    """Whether the organisation exists today (存续、吊销、注销)."""

    ACTIVE = "active"
    LICENCE_REVOKED = "licence_revoked"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Organisation:
    """A registered organisation; `district` is its code of six digits."""

    credit_code: str
    name: str
    kind: Kind
    district: str
    standing: Standing


def lookup(credit_code: str, *, at: datetime) -> Organisation | None:
    """Return the organisation of a credit code, None when there is none; raise a `ConnectorError`."""
    return call(
        System.ORGANISATIONS,
        "lookup",
        {"credit_code": credit_code},
        at=at,
        read=lambda data: read_optional(Organisation, data.get("organisation"), "organisation"),
    )
