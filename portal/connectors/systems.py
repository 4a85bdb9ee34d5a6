"""The outside systems and how this installation reaches them (the `CONNECTORS` setting)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class System(StrEnum):
    """Every outside system, by the name that settings, logs and the operations page use."""

    IDENTITY = "identity"
    EDUCATION = "education"
    INSURANCE = "insurance"
    TITLES = "titles"
    NATIONAL_QUERY = "national_query"
    ORGANISATIONS = "organisations"
    PAYMENT = "payment"
    SMS = "sms"
    CREDIT_NATIONAL = "credit_national"
    CREDIT_BEIJING = "credit_beijing"
    TIMESTAMPS = "timestamps"

    @property
    def label(self) -> Promise:
        """Return the system's name for people."""
        return LABELS[self]


LABELS: dict[System, Promise] = {
    System.IDENTITY: _("身份核验"),
    System.EDUCATION: _("学历学位查询"),
    System.INSURANCE: _("北京市社会保险"),
    System.TITLES: _("北京市职称电子证书库"),
    System.NATIONAL_QUERY: _("全国职称评审信息查询平台"),
    System.ORGANISATIONS: _("统一社会信用代码（市场监管）"),
    System.PAYMENT: _("网上缴费"),
    System.SMS: _("短信"),
    System.CREDIT_NATIONAL: _("全国信用信息共享平台"),
    System.CREDIT_BEIJING: _("北京市公共信用信息服务平台"),
    System.TIMESTAMPS: _("可信时间戳"),
}


@dataclass(frozen=True)
class Way:
    """How one system is reached; times in seconds.

    `patience` bounds one call with all its attempts, so that a page waits no longer than that.
    """

    url: str
    key_id: str = ""
    secret: str = ""
    connect_timeout: float = 2
    read_timeout: float = 5
    patience: float = 12
    attempts: int = 3
    back_off: float = 0.2
    breaker_threshold: int = 5
    breaker_pause: int = 30
    payers_url: str = ""
    """Where payers are sent, if not to the origin of `url`; only `payment` has it."""
    roots: str = ""
    """Path of the PEM file of the roots that are trusted to stamp time; only `timestamps` has it."""

    def __repr__(self) -> str:
        return f"Way({self.url!r}, key_id={self.key_id!r})"


def way_to(system: System) -> Way | None:
    """Return how to reach a system, or None where this installation has not been told.

    A way without its secret is none: whoever leaves it out would accept what anybody can sign.
    Time stamps alone carry their proof in themselves.
    """
    told: dict[str, Any] = settings.CONNECTORS.get(system.value) or {}
    complete = told.get("url") and (told.get("secret") or system is System.TIMESTAMPS)
    return Way(**told) if complete else None
