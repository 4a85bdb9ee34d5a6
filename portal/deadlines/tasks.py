"""The sweep's alarm clock."""

from typing import Any

from celery import shared_task

from portal.deadlines import ringing
from portal.http.arrival import everybody_arrived_until


@shared_task(name="deadlines.ring_due")
def ring_due(**_: Any) -> None:
    """Ring what is due."""
    ringing.ring_due(at=everybody_arrived_until())
