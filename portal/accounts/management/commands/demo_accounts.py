"""Prints the demonstration accounts, one line per desk, creating what is missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import demo


class Command(BaseCommand):
    help = "Create and print the demonstration accounts (demonstrations only)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            accounts = demo.load()
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        for account in accounts:
            self.stdout.write(f"{account.username:18} {demo.PASSWORD:14} {account.desk}（{account.full_name}）")
