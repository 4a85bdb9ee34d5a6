"""`manage.py verify_ledger`: seal what waits, re-compute everything, name every fault."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.ledger import sealing


class Command(BaseCommand):
    help = "Verify the hash chain of the ledger; exits with 1 and names the batches where it is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        sealing.seal()
        faults = sealing.verify()
        for fault in faults:
            self.stderr.write(f"seal {fault.seal}, entries {fault.first_entry}–{fault.last_entry}: {fault.why}")
        if faults:
            raise CommandError(f"The ledger is broken in {len(faults)} place(s).")
        newest = sealing.newest_root()
        self.stdout.write(f"The ledger is whole. Newest root: {newest or 'none yet'}")
