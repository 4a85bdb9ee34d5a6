"""Text messages through the provider that the connectors reach."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from portal.accounts.identifiers import masked
from portal.accounts.models import Person
from portal.connectors import sms
from portal.connectors.errors import ConnectorError, Refused, Unreachable, Why
from portal.notifications.channels import ChannelDown, Fate, NeverTaken, Parcel, Report, TryLater
from portal.notifications.recipients import phone_of

NOT_THERE = frozenset({Why.NOT_CONFIGURED, Why.CIRCUIT_OPEN, Why.NO_CONNECTION, Why.BUSY})
FATES = {
    sms.Delivery.PENDING: Fate.PENDING,
    sms.Delivery.DELIVERED: Fate.ARRIVED,
    sms.Delivery.FAILED: Fate.LOST,
}


class SmsCarrier:
    """Sends the line under the portal's own message id, and asks for that id before sending a second time."""

    knows_fate = True

    def address_of(self, person: Person) -> str:
        return phone_of(person)

    def masked(self, address: str) -> str:
        return masked(address)

    def send(self, parcel: Parcel, *, again: bool, at: dt.datetime) -> str:
        with _faults():
            known = sms.report(parcel.message_id, at=at) if again else None
            if known is not None:
                return known.provider_id
            return sms.send(parcel.message_id, parcel.address, parcel.line, at=at).provider_id

    def report(self, message_id: str, *, at: dt.datetime) -> Report | None:
        with _faults():
            told = sms.report(message_id, at=at)
        if told is None:
            return Report(Fate.LOST, "unknown_to_provider")
        return Report(FATES[told.delivery], told.reason)


@contextmanager
def _faults() -> Iterator[None]:
    """Say in the words of the seam what the connector reports."""
    try:
        yield
    except Refused as refused:
        raise NeverTaken(refused.code) from refused
    except Unreachable as missing:
        if missing.why in NOT_THERE and not missing.maybe_done:
            raise ChannelDown(missing.why.value) from missing
        raise TryLater(missing.why.value) from missing
    except ConnectorError as broken:
        raise TryLater("malformed") from broken
