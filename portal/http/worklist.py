"""What waits for me: each room registers a query, the desk page shows them together."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from rules.predicates import Predicate

from portal.accounts.actors import Actor


@dataclass(frozen=True)
class Waiting:
    """One group of things that wait: how many, until when the first, and where to go."""

    label: str | Promise
    count: int
    address: str
    first_due_at: dt.datetime | None = None


Query = Callable[[Actor, dt.datetime], list[Waiting]]

_queries: dict[str, tuple[Predicate, Query]] = {}


def register(name: str, who: Predicate, query: Query) -> None:
    """Have ``query(actor, at)`` asked on the desk of every actor for whom ``who`` holds; ``name`` is unique."""
    _queries[name] = (who, query)


def waiting_for(actor: Actor, at: dt.datetime) -> list[Waiting]:
    """Return what waits for ``actor``: groups with something in them, soonest due first."""
    found = [group for who, query in _queries.values() if who.test(actor) for group in query(actor, at) if group.count]
    return sorted(found, key=lambda group: (group.first_due_at is None, group.first_due_at or at))
