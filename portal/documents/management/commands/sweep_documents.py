"""`manage.py sweep_documents`: what the timers do, by hand; with --everything over all days, not only the last ones."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.accounts.actors import SYSTEM
from portal.documents import scanning, sweeping
from portal.shared import clock


class Command(BaseCommand):
    help = "Scan waiting files, finish and drop uploads, remove bytes without a row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--everything", action="store_true", help="look for bytes without a row on all days")
        parser.add_argument("--scan-again", action="store_true", help="queue files again that could not be scanned")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        again = scanning.scan_again(SYSTEM, at) if options["scan_again"] else 0
        look_back = None if options["everything"] else sweeping.LOOK_BACK
        self.stdout.write(
            f"queued again: {again}, scanned: {scanning.scan_waiting(at)}, finished: {sweeping.finish_complete(at)}, "
            f"expired: {sweeping.drop_expired(at)}, orphans: {sweeping.drop_orphans(at, look_back=look_back)}"
        )
