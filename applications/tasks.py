"""Asking the registers, off the pages."""

from typing import Any

from celery import shared_task

from applications.domain import lookups
from portal.shared import clock


@shared_task(name="applications.ask_registers", ignore_result=True)
def ask_registers(**_: Any) -> None:
    """Put the questions that wait."""
    lookups.run_due(at=clock.now())
