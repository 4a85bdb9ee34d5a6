"""The availability probe's alarm clock."""

from typing import Any

import httpx
from celery import shared_task
from django.conf import settings

from portal.publicity.domain import availability
from portal.shared import clock

TIMEOUT_SECONDS = 10


@shared_task(name="publicity.note_presence")
def note_presence(**_: Any) -> None:
    """Read the public board as anybody does; only an answer is noted, silence becomes an outage by itself."""
    if not settings.PUBLIC_BOARD_URL or clock.is_moved():
        return
    httpx.get(settings.PUBLIC_BOARD_URL, timeout=TIMEOUT_SECONDS).raise_for_status()
    availability.seen(clock.now())
