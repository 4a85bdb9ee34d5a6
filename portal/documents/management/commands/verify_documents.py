"""`manage.py verify_documents`: read every kept file and compare it with its receipt."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.documents import sweeping


class Command(BaseCommand):
    help = "Re-compute the SHA-256 of every kept file; exits with 1 and names those that are missing or changed."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(sweeping.faults())
        for fault in found:
            self.stderr.write(f"{fault.code} {fault.key}: {fault.why}")
        if found:
            raise CommandError(f"{len(found)} kept file(s) are not what their rows say.")
        self.stdout.write("Every kept file is what its row says.")
