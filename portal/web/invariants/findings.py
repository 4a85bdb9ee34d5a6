"""What a check is and what it finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

AT_ONCE = 500


@dataclass(frozen=True)
class Breach:
    """One thing that must not be: the public code of the subject, and what is wrong with it."""

    subject: str
    why: str


Find = Callable[[], Iterator[Breach]]


@dataclass(frozen=True)
class Invariant:
    """One invariant by its number in domain §13, with everything that is looked for."""

    number: int
    name: str
    checks: tuple[Find, ...]

    def breaches(self) -> Iterator[Breach]:
        """Yield every breach, one by one."""
        for check in self.checks:
            yield from check()


def found_by(statement: str, why: str, **values: object) -> Find:
    """Return a check that is one query: its first column names the subject of a breach, further ones go into ``why``."""

    def find() -> Iterator[Breach]:
        for subject, *more in rows_of(statement, values):
            yield Breach(str(subject), why.format(*more))

    return find


def rows_of(statement: str, values: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a query through a cursor on the server, so that a million of them need no memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows
