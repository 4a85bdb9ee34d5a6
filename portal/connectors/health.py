"""How the outside systems are, for the operations page."""

from dataclasses import dataclass
from datetime import datetime

from portal.connectors.breaker import Breaker, State
from portal.connectors.systems import System, way_to


@dataclass(frozen=True)
class SystemHealth:
    """One line of the operations page; `last_reason` is the code of the last failure, else empty."""

    system: System
    configured: bool
    state: State
    last_success: datetime | None
    last_failure: datetime | None
    last_reason: str


def status() -> tuple[SystemHealth, ...]:
    """Return how every outside system is, from what the processes shared in the cache; asks nobody."""
    return tuple(_health(system) for system in System)


def _health(system: System) -> SystemHealth:
    way = way_to(system)
    breaker = Breaker(system, way.breaker_threshold, way.breaker_pause) if way else Breaker(system)
    known = breaker.health()
    return SystemHealth(system, way is not None, known.state, known.last_success, known.last_failure, known.last_reason)
