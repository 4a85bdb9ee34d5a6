"""Writes everything that is encrypted anew under the first key of FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.shared.reencryption import reencrypt_everything


class Command(BaseCommand):
    help = "Re-write all that is encrypted under the first key; safe to interrupt and to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, rewritten in reencrypt_everything():
            self.stdout.write(f"{what}: {rewritten}")
