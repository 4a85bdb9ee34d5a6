"""`manage.py make_certificates`: what the worker does every few seconds, by hand, until nothing is due.

Any number of these may run at once, on any number of machines.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from certificates.domain import making


class Command(BaseCommand):
    help = "Write the papers of numbered certificates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{making.work_off(seconds=options['seconds'])} certificates came into force.")
