"""`manage.py found_bureau`: the bureau and its first leads, once, on an installation where nobody works yet."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.models import Person
from portal.entrance.domain.founding import found
from portal.shared import clock
from portal.shared.errors import Refusal


class Command(BaseCommand):
    help = (
        "Load the calendar and the catalogue's reference that the portal ships with, and register the bureau with its "
        "first leads, who have opened their accounts on the portal's own page before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the bureau's name, as the register of organisations has it")
        parser.add_argument("--credit-code", required=True, help="its unified social credit code")
        parser.add_argument(
            "--lead", action="append", required=True, metavar="ACCOUNT", help="who leads it; give at least two"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        people = Person.objects.in_bulk(options["lead"], field_name="username")
        unknown = [name for name in options["lead"] if name not in people]
        if unknown:
            raise CommandError(
                f"Nobody has the account {', '.join(unknown)}: they register on the portal's page first."
            )
        call_command("load_calendar", stdout=self.stdout)
        call_command("load_catalogue", stdout=self.stdout)
        try:
            bureau = found(options["credit_code"], options["name"], list(people.values()), at=clock.now())
        except Refusal as refused:
            raise CommandError(str(refused)) from refused
        leads = "、".join(one.full_name for one in people.values())
        self.stdout.write(f"{bureau.code} {bureau.name} stands, led by {leads}. They log in and admit everybody else.")
