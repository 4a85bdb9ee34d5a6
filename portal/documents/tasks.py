"""The room's alarm clocks."""

from typing import Any

from celery import shared_task

from portal.documents import scanning, sweeping
from portal.shared import clock

# A little less than the beat, so that a backlog keeps about one worker busy and not all of them.
RUN_SECONDS = 9.0


@shared_task(name="documents.scan_waiting")
def scan_waiting(**_: Any) -> None:
    """Have waiting files searched for viruses."""
    scanning.scan_waiting(at=clock.now(), seconds=RUN_SECONDS)


@shared_task(name="documents.finish_uploads")
def finish_uploads(**_: Any) -> None:
    """Finish what arrived whole and drop what never did."""
    sweeping.finish_complete(at=clock.now())
    sweeping.drop_expired(at=clock.now())


@shared_task(name="documents.drop_orphans")
def drop_orphans(**_: Any) -> None:
    """Remove bytes that no row names."""
    sweeping.drop_orphans(at=clock.now())
