"""Makes the keys that this installation seals with, or a new one of them."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.sealing.founding import Founder, add, found
from portal.sealing.keys import Purpose
from portal.shared import clock

YEARS = 10


class Command(BaseCommand):
    help = "Make the ring of sealing keys in SEALING_KEYS, which must not exist; or, with --anew, one new key in it."
    requires_system_checks: list[str] = []  # they refuse a start without keys

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", default=str(settings.PORTAL_OWNER), help="who seals, in the certificate")
        parser.add_argument("--rsa", action="store_true", help="RSA-3072 instead of P-256 for PDF files")
        parser.add_argument("--anew", choices=[*Purpose], help="put a new key in use and keep the old ones to verify")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SEALING["keys"]:
            raise CommandError("SEALING_KEYS names no folder.")
        place = Path(settings.SEALING["keys"])
        now = clock.now()
        founder = Founder(
            options["organisation"], now - dt.timedelta(days=1), now + dt.timedelta(days=365 * YEARS), options["rsa"]
        )
        if options["anew"]:
            self._anew(place, Purpose(options["anew"]), founder)
        elif not found(place, founder):
            raise CommandError(f"{place} is there; nothing was changed.")
        else:
            self.stdout.write(f"The keys stand in {place}: back them up now, offline, and give them to nobody.")

    def _anew(self, place: Path, purpose: Purpose, founder: Founder) -> None:
        if not place.exists():
            raise CommandError(f"{place} is not there: make the whole ring first.")
        made = add(place, purpose, founder)
        self.stdout.write(f"The key {made} signs from the next start on; restart web and worker.")
