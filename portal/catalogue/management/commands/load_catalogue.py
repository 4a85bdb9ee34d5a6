"""`manage.py load_catalogue`: levels, series, names of titles and policy versions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.catalogue import demo
from portal.catalogue.loading import load_reference


class Command(BaseCommand):
    help = "Load levels, series, titles and policy versions that the portal ships with; what stands is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--illustrative", action="store_true", help="Also publish the illustrative editions; demonstrations only."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        versions = load_reference()
        self.stdout.write(f"New policy versions: {', '.join(versions) or 'none'}.")
        if options["illustrative"]:
            self.stdout.write(f"Edition in place: {demo.load().code}.")
