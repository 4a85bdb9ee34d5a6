"""The seam to the outside: what a channel must be able to do, and how it says that it cannot.

A carrier is called outside every transaction and may be called twice for one message: it passes ``message_id`` on,
so that the provider, or the reader, can tell the second from a new one.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from portal.accounts.models import Person
from portal.notifications.enums import Channel
from portal.notifications.kinds import reach_of

if TYPE_CHECKING:
    from portal.notifications.models import Delivery


class CarrierFault(Exception):  # noqa: N818 - an answer of the channel
    """A message was not taken; ``code`` is for staff and logs and holds nothing personal."""

    def __init__(self, code: str) -> None:
        self.code = code[:60]
        super().__init__(code)


class TryLater(CarrierFault):
    """It is unknown, or unlikely, that the message was taken; it shall be tried again."""


class ChannelDown(TryLater):
    """The channel is not there at all and certainly took nothing: no message is to blame."""


class NeverTaken(CarrierFault):
    """The message was refused for good; sending it again unchanged is in vain."""


class Fate(StrEnum):
    """What became of a message that was taken."""

    PENDING = "pending"
    ARRIVED = "arrived"
    LOST = "lost"


@dataclass(frozen=True)
class Parcel:
    """What a carrier carries: one line, for nothing else of a message leaves the portal."""

    message_id: str
    address: str
    line: str


@dataclass(frozen=True)
class Report:
    """The fate of a message; ``code`` is the operator's where it was lost."""

    fate: Fate
    code: str = ""


class Carrier(Protocol):
    """One way out of the portal; ``knows_fate`` tells whether it ever learns what became of a message."""

    knows_fate: bool

    def address_of(self, person: Person) -> str:
        """Return where the person is reached, or an empty text."""

    def masked(self, address: str) -> str:
        """Return the address as staff may see it."""

    def send(self, parcel: Parcel, *, again: bool, at: dt.datetime) -> str:
        """Hand the parcel over and return the provider's receipt; raises CarrierFault.

        ``again`` tells that an earlier attempt may have arrived: ask before sending, where one can ask.
        """

    def report(self, message_id: str, *, at: dt.datetime) -> Report | None:
        """Return what became of a message, None where the channel never learns it; raises TryLater."""


_carriers: dict[Channel, Carrier] = {}


def bind(channel: Channel, carrier: Carrier) -> None:
    """Have ``carrier`` serve ``channel``."""
    _carriers[channel] = carrier


def carrier_of(delivery: "Delivery") -> Carrier:
    """Return the carrier of a delivery."""
    return _carriers[Channel(delivery.channel)]


def address_of(delivery: "Delivery") -> str:
    """Return where a delivery would go now, or an empty text."""
    message = delivery.notification
    if message.outside:
        reach = reach_of(message.kind)
        return reach(message.about_id, Channel(delivery.channel)) if reach else ""
    return carrier_of(delivery).address_of(message.person) if message.person else ""


def unbound() -> list[Channel]:
    """Return the channels that nobody serves."""
    return [channel for channel in Channel if channel not in _carriers]
