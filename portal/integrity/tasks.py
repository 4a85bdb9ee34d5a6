"""The platform reporter's alarm clock."""

from typing import Any

from celery import shared_task

from portal.integrity.domain import reporting

RUN_SECONDS = 45


@shared_task(name="integrity.report_to_platforms")
def report_to_platforms(seconds: float = RUN_SECONDS, **_: Any) -> None:
    """Tell the credit platforms what waits."""
    reporting.report_waiting(seconds=seconds)
