"""Kinds of deadline: each room above registers in its wiring what happens when one of its kind rings."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Ring = Callable[[Any, dt.datetime], None]
Remind = Callable[[Any, int, dt.datetime], None]


@dataclass(frozen=True)
class DeadlineKind:
    """What a kind of deadline means.

    ``ring(subject, at)`` executes the expiry; ``at`` is the instant at which the deadline was due, so that the
    result is the same however late it is called. ``remind(subject, remaining, at)`` posts the reminder that
    ``remaining`` working days are left; ``reminders`` lists when.
    """

    name: str
    label: str | Promise
    basis: str
    ring: Ring
    reminders: tuple[int, ...] = ()
    remind: Remind | None = None


_kinds: dict[str, DeadlineKind] = {}


def register(kind: DeadlineKind) -> None:
    """Make ``kind`` known; raises ValueError for a name already taken or reminders that nobody sends."""
    if kind.name in _kinds and _kinds[kind.name] != kind:
        raise ValueError(f"The deadline kind {kind.name} is registered twice.")
    if kind.reminders and kind.remind is None:
        raise ValueError(f"The deadline kind {kind.name} has reminders but nobody who sends them.")
    _kinds[kind.name] = kind


def kind_named(name: str) -> DeadlineKind:
    """Return the kind; raises LookupError for a name that no room registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"No room registered the deadline kind {name!r}.") from None


def all_kinds() -> list[DeadlineKind]:
    """Return every kind, by name."""
    return sorted(_kinds.values(), key=lambda kind: kind.name)
