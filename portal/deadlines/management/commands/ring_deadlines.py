"""`manage.py ring_deadlines`: what the sweep does, by hand or from cron when the queue is gone."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.deadlines import ringing
from portal.shared import clock


class Command(BaseCommand):
    help = "Ring every deadline that is due and send the reminders that are due; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        done = ringing.ring_due(at=clock.now())
        self.stdout.write(f"Rung {done.rung}, reminded {done.reminded}, failed {done.failed}.")
