"""Makes the database that testers copy, before they begin."""

from typing import Any

from django.core.management.base import BaseCommand

from tests.fixtures import side_by_side


class Command(BaseCommand):
    help = "Make the filled database of the tests anew; whoever then sets FILLED does not make it again."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        side_by_side.fill()
