"""Control limits for a share: how far an agency may lie from the common rate by chance alone.

The limits are exact binomial ones. For ``n`` decisions and the common rate p, the lower limit is the smallest count k
with P(X ≤ k) > a/2, the upper the smallest with P(X ≤ k) ≥ 1 - a/2, for X binomial with n and p: less than the lower, or
more than the upper, happens by chance at most with a/2 each. No normal approximation is made, so they hold for few
decisions and for rates near 0 or 1. Usual are 95 % to look, and 99.8 % to ask (as three standard deviations would be).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

LOOK, ASK = 0.95, 0.998
# Further than this many standard deviations from the mean, a binomial holds less than doubles can tell.
REACH = 12


@dataclass(frozen=True)
class Limits:
    """The smallest and the largest count that chance explains."""

    low: int
    high: int

    def hold(self, count: int) -> bool:
        """Whether ``count`` lies within, the limits included."""
        return self.low <= count <= self.high


@lru_cache(maxsize=4096)
def binomial_limits(n: int, hits: int, of: int, coverage: float) -> Limits:
    """Return the limits for ``n`` decisions at the common rate ``hits``/``of``; whole numbers, so that a rate is told exactly."""
    rate = hits / of
    if rate in {0.0, 1.0} or n == 0:
        return Limits(round(n * rate), round(n * rate))
    tail = (1 - coverage) / 2
    spread = REACH * math.sqrt(n * rate * (1 - rate)) + REACH
    first, last = max(0, math.floor(n * rate - spread)), min(n, math.ceil(n * rate + spread))
    low, below = None, 0.0
    for count in range(first, last + 1):
        below += _probability(n, count, rate)
        if low is None and below > tail:
            low = count
        if below >= 1 - tail:
            return Limits(first if low is None else low, count)
    return Limits(first if low is None else low, last)


def _probability(n: int, count: int, rate: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
    return math.exp(ways + count * math.log(rate) + (n - count) * math.log1p(-rate))
