"""The sealer's alarm clock."""

from typing import Any

from celery import shared_task

from portal.ledger import sealing


@shared_task(name="ledger.seal")
def seal(**_: Any) -> None:
    """Seal what waits."""
    sealing.seal()
