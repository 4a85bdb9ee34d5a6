"""Working off what waits: the same for the worker and for ``manage.py deliver_messages``.

Any number of sweeps may run at once, late or not at all; each takes rows that nobody holds.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable

from portal.notifications.addressing import hand_over_waiting
from portal.notifications.delivering import Outcome, claim_next, deliver
from portal.notifications.enums import Channel
from portal.shared import clock


def deliver_waiting(*, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> Counter[Outcome]:
    """Deliver what is due, one by one, for about ``seconds`` at most; return how many came to which outcome."""
    outcomes: Counter[Outcome] = Counter()
    down: set[Channel] = set()
    ends = time.monotonic() + seconds
    hand_over_waiting(at=now())
    while time.monotonic() < ends:
        at = now()
        delivery = claim_next(at=at, without=down)
        if delivery is None:
            break
        outcome = deliver(delivery, at=at)
        outcomes[outcome] += 1
        if outcome is Outcome.CHANNEL_DOWN:
            down.add(Channel(delivery.channel))
    return outcomes
