"""What takes too long for a page: asking the registers, working off what was asked for many people at once."""

from typing import Any

from celery import shared_task

from applications.domain import batches, lookups
from portal.shared import clock


@shared_task(name="applications.ask_registers", ignore_result=True)
def ask_registers(**_: Any) -> None:
    """Put the questions that wait."""
    lookups.run_due(at=clock.now())


@shared_task(name="applications.work_off_batches", ignore_result=True)
def work_off_batches(**_: Any) -> None:
    """Go on with what was asked for many people at once."""
    batches.work_off(seconds=20.0)
