"""How a rate is judged: beside what the machine can do at the same moment, A B A B, in one run.

Absolute figures of a shared machine drift by a factor of four within hours; their ratio does not.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Measure = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """One comparison: ``ours`` and ``limit`` do their work once and return how much they did per second.

    ``target`` is the least ratio of the two that we want; none where no target was set.
    """

    name: str
    unit: str
    against: str
    ours: Measure
    limit: Measure
    target: float | None = None


@dataclass
class Stopwatch:
    """The seconds that a block took."""

    seconds: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    watch, start = Stopwatch(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - start


HEADER = f"{'':<34} {'ours':>9} {'limit':>9}  {'':<18} {'ratio min/median/max':<22} target"


def judged(row: Row, alternations: int) -> str:
    """Measure ``row`` alternately and return its line of the table."""
    row.limit(), row.ours()  # the first of each pays for plans, caches and connections
    pairs = [(row.limit(), row.ours()) for _ in range(alternations)]
    ratios = sorted(ours / limit for limit, ours in pairs)
    limit, ours = (statistics.median(side) for side in zip(*pairs, strict=True))
    middle = statistics.median(ratios)
    told = f"{ratios[0]:.2f} / {middle:.2f} / {ratios[-1]:.2f}"
    aim = "" if row.target is None else f"≥ {row.target:.2f} {'ok' if middle >= row.target else 'MISSED'}"
    return f"{row.name:<34} {ours:>9.0f} {limit:>9.0f}  {row.unit:<18} {told:<22} {aim}\n    beside {row.against}"
