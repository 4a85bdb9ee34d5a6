"""A city's year with fewer people: applicants a second, and whether rate and memory stay what they were at the beginning.

BENCH_SEASON says how many (200 unless told), BENCH_PAPERS how many of their certificates are drawn (none unless told).
The rates are those of the first to the last tenth of the applicants over all their stages, so that tenths compare.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import override_settings

from portal.web.invariants import inspecting
from portal.web.invariants.findings import Breach, Invariant
from portal.web.simulation import running
from portal.web.simulation.running import TENTHS, Course
from tests.bench.rates import Row

APPLICANTS = int(os.environ.get("BENCH_SEASON", "200"))
PAPERS = int(os.environ.get("BENCH_PAPERS", "0"))
CITY = 100_000
# What the last tenth may lose to the first (findings/performance.md).
LEAST = 0.8
MIB, HOUR = 1024, 3600


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    """Print the season; there is nothing to put beside it but its own beginning."""
    with override_settings(DEMO_CLOCK=True, SEALING={**settings.SEALING, "time_stamps": False}):
        tell(running.run(seed=1, applicants=APPLICANTS, papers=PAPERS))
    yield iter(())


def tell(course: Course) -> None:
    spent = sum(course.seconds) + course.sweeping
    # What others do on a shared machine is not ours to judge: the clock's rates are shown, the processor's are judged.
    rate, rates = course.applicants / spent, course.rates_of_work
    kept = rates[-1] / rates[0]
    judged = ("ok" if kept >= LEAST else "MISSED") if len(rates) == TENTHS else "(too few to tell)"
    broken = sum(result.breaches for result in inspecting.inspect(_tell_breach))
    for line in (
        f"a season: {course.applicants} applicants, {rate:.2f} applicants/s, {CITY / rate / HOUR:.1f} h for {CITY:,}",
        f"    by tenth of the applicants {' '.join(f'{one:.2f}' for one in course.rates)}",
        f"    the same for a second of processor time {' '.join(f'{one:.2f}' for one in rates)}",
        f"    last ÷ first {kept:.2f}, target ≥ {LEAST} {judged}",
        f"    memory by tenth of the work {' '.join(str(one // MIB) for one in course.memory)} MiB",
        f"    sweeps {course.sweeping:.1f} s, {course.trouble.number} stories gone otherwise, {broken} invariants' breaches",
    ):
        sys.stdout.write(f"{line}\n")


def _tell_breach(invariant: Invariant, breach: Breach) -> None:
    sys.stdout.write(f"    §13.{invariant.number} {breach.subject}: {breach.why}\n")
