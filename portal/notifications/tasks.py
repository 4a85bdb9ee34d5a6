"""The deliverer's alarm clock."""

from typing import Any

from celery import shared_task

from portal.notifications import sweep

# A little less than the beat, so that a backlog keeps about one worker busy and not all of them.
RUN_SECONDS = 18


@shared_task(name="notifications.deliver_waiting")
def deliver_waiting(seconds: float = RUN_SECONDS, **_: Any) -> None:
    """Deliver what waits."""
    sweep.deliver_waiting(seconds=seconds)
