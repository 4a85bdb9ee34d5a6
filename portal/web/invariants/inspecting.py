"""Inspecting everything, in one read-only transaction: the same on a demonstration and beside a running production."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from portal.web.invariants import applications, certificates, records, times, votes
from portal.web.invariants.findings import Breach, Invariant

ALL = tuple(
    sorted(
        (
            certificates.COMPLETE_WAY,
            certificates.DISTRICTS,
            votes.COUNTS,
            votes.SECRECY,
            votes.RELATIONS,
            votes.AUTHORITY,
            applications.RETURNS,
            applications.ACTORS,
            applications.MAY_APPLY,
            times.NOTICES,
            times.TIMERS,
            times.COUNTING,
            records.REPLAY,
            records.PUBLIC_PAGES,
        ),
        key=lambda one: one.number,
    )
)
Tell = Callable[[Invariant, Breach], None]


@dataclass(frozen=True)
class Result:
    """How many breaches of one invariant there are."""

    invariant: Invariant
    breaches: int


def inspect(tell: Tell) -> Iterator[Result]:
    """Look for breaches of every invariant and yield each with their number; ``tell`` hears of each breach at once.

    Everything is read as of one moment, nothing is written and nothing kept: beside a running portal the answer is that
    of the moment of the beginning.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # inside somebody's transaction, a test's, it is too late to choose
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for invariant in ALL:
            number = 0
            for breach in invariant.breaches():
                number += 1
                tell(invariant, breach)
            yield Result(invariant, number)
