"""`manage.py sign_certificate_log`: sign what was logged since the last checkpoint."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from certificates.domain import checkpoints, log_keys
from certificates.domain.transparency import LogBroken
from portal.sealing.keys import KeysUnfitError
from portal.shared import clock


class Command(BaseCommand):
    help = (
        "Sign the head of the certificate log; exits with 1, and signs nothing, where it does not go on from the last."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            signed = checkpoints.sign_checkpoint(
                log_keys.private_key(), settings.CERTIFICATE_LOG_ORIGIN, at=clock.now()
            )
        except (KeysUnfitError, LogBroken) as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(signed.note if signed else "Nothing was logged yet.")
