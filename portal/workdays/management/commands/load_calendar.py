"""`manage.py load_calendar`: put the shipped holiday notices in force."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.workdays.loading import load_shipped_years


class Command(BaseCommand):
    help = "Load the holiday notices that the portal ships with; years already in force are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_shipped_years()
        self.stdout.write(f"Loaded: {', '.join(map(str, loaded)) or 'nothing new'}.")
