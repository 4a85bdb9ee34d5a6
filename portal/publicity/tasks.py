"""The room's alarm clocks: the availability probe, and the writer of proofs."""

from typing import Any

import httpx
from celery import shared_task
from django.conf import settings

from portal.publicity.domain import availability, proving
from portal.shared import clock

TIMEOUT_SECONDS = 10
# A little less than the beat, so that a backlog keeps about one worker busy and not all of them.
WRITING_SECONDS = 18.0


@shared_task(name="publicity.note_presence")
def note_presence(**_: Any) -> None:
    """Read the public board as anybody does; only an answer is noted, silence becomes an outage by itself."""
    if not settings.PUBLIC_BOARD_URL or clock.is_moved():
        return
    httpx.get(settings.PUBLIC_BOARD_URL, timeout=TIMEOUT_SECONDS).raise_for_status()
    availability.seen(clock.now())


@shared_task(name="publicity.write_proofs")
def write_proofs(**_: Any) -> None:
    """Write the proofs of notices that have ended."""
    proving.write_waiting(seconds=WRITING_SECONDS)
