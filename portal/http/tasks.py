"""Sweeping up what requests leave behind."""

import datetime as dt
from typing import Any

from celery import shared_task
from django.core.management import call_command

from portal.http.models import HandledPost
from portal.shared import clock

KEPT = dt.timedelta(days=30)


@shared_task(name="http.forget_the_past")
def forget_the_past(**_: Any) -> None:
    """Drop answers that nobody asks for again and sessions that have expired."""
    HandledPost.objects.filter(handled_at__lt=clock.now() - KEPT).delete()
    call_command("clearsessions")
