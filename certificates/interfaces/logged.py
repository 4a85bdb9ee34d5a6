"""What the public log of certificates holds of one, in words."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from certificates.domain.logging_events import LogEvent
from certificates.models import Certificate, LogLeaf


@dataclass(frozen=True)
class Logged:
    """One event: its place in the log, what it says, and when it happened."""

    index: int
    event: LogEvent
    at: dt.datetime

    @property
    def words(self) -> Any:
        """What it says to people."""
        return self.event.label


def events_of(certificate: Certificate) -> list[Logged]:
    """Return what was logged of the certificate, in the order of the log; one query."""
    leaves = LogLeaf.objects.filter(number=certificate.number).order_by("index")
    return [_event(leaf.index, json.loads(leaf.record)) for leaf in leaves]


def _event(index: int, told: dict[str, str]) -> Logged:
    return Logged(index, LogEvent(told["event"]), dt.datetime.fromisoformat(told["at"]))
