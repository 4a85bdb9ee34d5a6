"""`manage.py deliver_messages`: deliver what waits, by hand or from cron, when there is no worker or no broker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.notifications import sweep
from portal.notifications.delivering import Outcome


class Command(BaseCommand):
    help = "Deliver the messages that wait; safe to run beside workers and to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=300, help="stop after about so many seconds (300)")

    def handle(self, *args: Any, seconds: float, **options: Any) -> None:
        outcomes = sweep.deliver_waiting(seconds=seconds)
        moved, postponed = outcomes[Outcome.MOVED], outcomes[Outcome.POSTPONED] + outcomes[Outcome.CHANNEL_DOWN]
        self.stdout.write(f"{moved} moved, {postponed} postponed")
