"""`manage.py check_invariants`: what must be true of the whole database (domain §13); reads only, at any time, anywhere."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.web.invariants import inspecting
from portal.web.invariants.findings import Breach, Invariant


class Command(BaseCommand):
    help = "Check every invariant in one read-only transaction; exit code 1 where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        if report(self):
            sys.exit(1)


def report(command: BaseCommand) -> int:
    """Print each invariant with its result and every breach by the code of its subject; return how many there are."""

    def tell(invariant: Invariant, breach: Breach) -> None:
        command.stdout.write(f"    {breach.subject}: {breach.why}")

    total = 0
    for result in inspecting.inspect(tell):
        total += result.breaches
        said = f"BROKEN {result.breaches} times" if result.breaches else "holds"
        command.stdout.write(f"§13.{result.invariant.number:<3} {said:<18} {result.invariant.name}")
    return total
