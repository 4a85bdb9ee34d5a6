"""The room's alarm clocks: papers to be written, the national platform to be told, the log's head to be signed and stamped."""

from typing import Any

from celery import shared_task
from django.conf import settings

from certificates.domain import checkpoints, log_keys, making, pushing, register, stamping
from certificates.interfaces import sheets
from portal.shared import clock


@shared_task(name="certificates.make")
def make(seconds: float = 8.0, **_: Any) -> None:
    """Write the papers of numbered certificates."""
    making.work_off(seconds=seconds)


@shared_task(name="certificates.tell_platform")
def tell_platform(seconds: float = 45.0, **_: Any) -> None:
    """Tell the national query platform what waits."""
    pushing.push_waiting(seconds=seconds)


@shared_task(name="certificates.write_exports", ignore_result=True)
def write_exports(**_: Any) -> None:
    """Write the long sheets of the register that were asked for."""
    register.SHEETS.work_off(sheets.sheet_of, seconds=20.0)


@shared_task(name="certificates.sign_log")
def sign_log(**_: Any) -> None:
    """Sign what was logged since the last time; without anything new, tell the witness what it may have missed."""
    if checkpoints.unsigned():
        checkpoints.sign_checkpoint(log_keys.private_key(), settings.CERTIFICATE_LOG_ORIGIN, at=clock.now())
    else:
        checkpoints.tell_witness()


@shared_task(name="certificates.stamp_log")
def stamp_log(**_: Any) -> None:
    """Have the last head of each day that is over stamped outside."""
    stamping.stamp_closings(at=clock.now())
