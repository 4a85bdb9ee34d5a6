"""What is done in the background: open orders, refunds on their way, the gateway's statement, files given to clerks, long sheets, recounts."""

from typing import Any

from celery import shared_task

from portal.shared import clock
from review.domain import allotting, exporting, polling, reconciling, recounting, refunding
from review.interfaces import sheets


@shared_task(name="review.ask_about_orders", ignore_result=True)
def ask_about_orders(**_: Any) -> None:
    """Ask about the open orders whose turn it is."""
    polling.run_due(at=clock.now())


@shared_task(name="review.send_refunds", ignore_result=True)
def send_refunds(**_: Any) -> None:
    """Bring approved refunds to the gateway and ask how far they are."""
    refunding.run_due(at=clock.now())


@shared_task(name="review.reconcile", ignore_result=True)
def reconcile(**_: Any) -> None:
    """Compare every day that is over and was not compared, from two o'clock on."""
    at = clock.now()
    reconciling.plan(at=at)
    reconciling.run_due(at=at)


@shared_task(name="review.work_off_allotments", ignore_result=True)
def work_off_allotments(**_: Any) -> None:
    """Go on with giving many files to clerks."""
    allotting.work_off(seconds=20.0)


@shared_task(name="review.write_exports", ignore_result=True)
def write_exports(**_: Any) -> None:
    """Write the long sheets of queues that were asked for."""
    exporting.SHEETS.work_off(sheets.sheet_of, seconds=20.0)


@shared_task(name="review.recount_ballots", ignore_result=True)
def recount_ballots(**_: Any) -> None:
    """Count the ballots of reported sessions again."""
    recounting.work_off(seconds=8.0)
