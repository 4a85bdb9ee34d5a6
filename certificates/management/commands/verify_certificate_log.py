"""`manage.py verify_certificate_log`: go over the whole log and name every fault."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates.domain import auditing, checkpoints, log_keys, stamping
from portal.connectors.errors import Unreachable
from portal.sealing.keys import KeysUnfitError


class Command(BaseCommand):
    help = "Verify records, tree, signatures and time stamps of the certificate log; exits with 1 and names the places."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [f"{fault.place}: {fault.why}" for fault in auditing.faults(self._keys())]
        try:
            faults += [f"{size}: the time stamp is not of what was signed" for size in stamping.unfit_stamps()]
        except Unreachable:
            self.stderr.write("Time stamps were not checked: no roots of their authority are named.")
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"The certificate log is broken in {len(faults)} place(s).")
        self.stdout.write(f"The certificate log is whole. Signed so far: {checkpoints.newest() or 'nothing'}")

    def _keys(self) -> list[bytes]:
        try:
            return [key.public for key in log_keys.published_keys()]
        except KeysUnfitError:
            self.stderr.write("Signatures were not checked: this process has no keys.")
            return []
