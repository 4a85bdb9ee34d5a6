"""`manage.py load_demo`: the demonstration's year."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.web import demonstration


class Command(BaseCommand):
    help = "Load the demonstration's accounts, catalogue, schedule and notices; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        demonstration.load()
        self.stdout.write("The demonstration's year is loaded.")
