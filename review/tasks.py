"""What the gateway of payments is asked in the background: open orders, refunds on their way, yesterday's statement."""

from typing import Any

from celery import shared_task

from portal.shared import clock
from review.domain import polling, reconciling, refunding


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
