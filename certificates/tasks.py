"""The room's alarm clocks: signing the log's head, and having the day's last one stamped."""

from typing import Any

from celery import shared_task
from django.conf import settings

from certificates.domain import checkpoints, log_keys, stamping
from portal.shared import clock


@shared_task(name="certificates.sign_log")
def sign_log(**_: Any) -> None:
    """Sign what was logged since the last time; nothing where nothing was."""
    if checkpoints.is_waiting():
        checkpoints.sign_checkpoint(log_keys.private_key(), settings.CERTIFICATE_LOG_ORIGIN, at=clock.now())


@shared_task(name="certificates.stamp_log")
def stamp_log(**_: Any) -> None:
    """Have the last head of each day that is over stamped outside."""
    stamping.stamp_closings(at=clock.now())
