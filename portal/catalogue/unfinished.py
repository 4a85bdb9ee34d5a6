"""Who still waits in a year's windows: the rooms above know, and a schedule is not closed over them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.catalogue.models import AnnualSchedule

Counter = Callable[["AnnualSchedule"], int]

_counters: list[Counter] = []


def register(counter: Counter) -> None:
    """Have ``counter(schedule)`` asked how many people wait for something that only its windows allow."""
    if counter not in _counters:
        _counters.append(counter)


def number_in(schedule: "AnnualSchedule") -> int:
    """Return how many people wait so."""
    return sum(counter(schedule) for counter in _counters)
