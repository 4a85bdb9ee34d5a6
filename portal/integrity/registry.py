"""What a record means to the rooms above: each registers in its wiring what follows there."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.notifications.recipients import Recipient

if TYPE_CHECKING:
    from portal.integrity.models import IntegrityRecord


class Handler:
    """Answers to what happens to records; every method is called in the transaction of the step that it speaks of.

    A handler is told of every record and looks for itself whether ``record.case`` or ``record.person`` concerns it.
    """

    def opened(self, record: "IntegrityRecord", at: dt.datetime) -> None:
        """A clue is looked into: a live case of the subject waits (``hold=investigation``)."""

    def closed(self, record: "IntegrityRecord", at: dt.datetime) -> None:
        """The clue came to nothing: the case goes on."""

    def decided(self, record: "IntegrityRecord", at: dt.datetime) -> None:
        """The decision is made, or was corrected (``record.amended_at``): its bars hold from now on (R-140, A-13)."""

    def in_force(self, record: "IntegrityRecord", at: dt.datetime) -> None:
        """The decision was served: certificates are revoked, applications disqualified (R-141)."""

    def quashed(self, record: "IntegrityRecord", at: dt.datetime) -> None:
        """An appeal or a court lifted the decision: every effect is reversed (A-45)."""

    def also_told(self, record: "IntegrityRecord") -> Iterable[Recipient]:
        """Return who besides the subject is told of notice and decision, such as the employer (N-12)."""
        return ()


_handlers: list[Handler] = []


def register(handler: Handler) -> None:
    """Have ``handler`` told of every record; a second one of the same class changes nothing."""
    if not any(type(known) is type(handler) for known in _handlers):
        _handlers.append(handler)


def handlers() -> tuple[Handler, ...]:
    """Return every handler, in the order of registration."""
    return tuple(_handlers)
