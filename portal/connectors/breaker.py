"""One circuit breaker per outside system, shared by all processes through the cache.

Closed: calls pass. After `threshold` failures in a row it opens: calls are refused at once, for
`pause` seconds. Then one probe passes (half-open): its success closes the breaker, its failure
opens it for another pause. The pauses are life times of cache keys, so the processes need no
common clock. With the cache down the breaker behaves as closed: it is a courtesy to the other
side, never a reason not to ask.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.cache import cache
from redis.exceptions import RedisError

from portal.shared import clock

MEMORY = 600
"""Seconds without any call after which a run of failures is forgotten."""
PROBE = 30
"""Seconds after which a probe whose process died no longer keeps others from probing."""
HEALTH_MEMORY = 7 * 24 * 3600
CACHE_DOWN = (RedisError, OSError)


class State(StrEnum):
    """Where a breaker stands; unknown means that the cache cannot be read."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Health:
    """What the cache remembers of one system."""

    state: State
    last_success: datetime | None = None
    last_failure: datetime | None = None
    last_reason: str = ""


@dataclass(frozen=True)
class Breaker:
    """The breaker of one system: opens after `threshold` failures in a row, for `pause` seconds."""

    system: str
    threshold: int = 5
    pause: int = 30

    def admits(self) -> bool:
        """Tell whether a call may go out now; in the half-open state exactly one caller hears yes."""
        with suppress(*CACHE_DOWN):
            if cache.get(self._key("failures"), 0) < self.threshold:
                return True
            if cache.get(self._key("open")):
                return False
            return bool(cache.add(self._key("probe"), 1, timeout=PROBE))
        return True

    def succeeded(self) -> None:
        """Note an answer: the system lives, the breaker closes."""
        with suppress(*CACHE_DOWN):
            cache.delete_many([self._key("failures"), self._key("open"), self._key("probe")])
            cache.set(self._key("success"), clock.now(), timeout=HEALTH_MEMORY)

    def failed(self, reason: str) -> None:
        """Note a failure; the one that completes the row opens the breaker."""
        with suppress(*CACHE_DOWN):
            cache.set(self._key("failure"), (clock.now(), reason), timeout=HEALTH_MEMORY)
            if self._count_failure() >= self.threshold:
                cache.set(self._key("open"), 1, timeout=self.pause)
                cache.delete(self._key("probe"))

    def health(self) -> Health:
        """Return the state with the last success and failure; `UNKNOWN` while the cache is down."""
        names = ("failures", "open", "success", "failure")
        with suppress(*CACHE_DOWN):
            found = cache.get_many([self._key(name) for name in names])
            failures, opened, success, failure = (found.get(self._key(name)) for name in names)
            failed_at, reason = failure or (None, "")
            return Health(self._state(failures or 0, opened=bool(opened)), success, failed_at, reason)
        return Health(State.UNKNOWN)

    def _state(self, failures: int, *, opened: bool) -> State:
        if failures < self.threshold:
            return State.CLOSED
        return State.OPEN if opened else State.HALF_OPEN

    def _count_failure(self) -> int:
        key, memory = self._key("failures"), max(MEMORY, 2 * self.pause)
        cache.add(key, 0, timeout=memory)
        try:
            in_a_row = cache.incr(key)
        except ValueError:  # forgotten between the two commands: a new row begins
            cache.set(key, 1, timeout=memory)
            return 1
        cache.touch(key, memory)
        return in_a_row

    def _key(self, name: str) -> str:
        return f"connectors:{self.system}:{name}"
