"""What takes too long for a page: asking the registers, writing forms, working off what was asked for many people."""

from typing import Any

from celery import shared_task

from applications.domain import batches, lookups, printing
from portal.shared import clock

# A little less than the beat, so that a backlog keeps about one worker busy and not all of them.
WRITING_SECONDS = 18.0


@shared_task(name="applications.ask_registers", ignore_result=True)
def ask_registers(**_: Any) -> None:
    """Put the questions that wait."""
    lookups.run_due(at=clock.now())


@shared_task(name="applications.write_forms", ignore_result=True)
def write_forms(**_: Any) -> None:
    """Write the forms of what was submitted."""
    printing.write_waiting(seconds=WRITING_SECONDS)


@shared_task(name="applications.work_off_batches", ignore_result=True)
def work_off_batches(**_: Any) -> None:
    """Go on with what was asked for many people at once."""
    batches.work_off(seconds=20.0)
