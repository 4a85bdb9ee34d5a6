"""Up to when a subject has been settled in the ring at work, so that its steps need not ask again.

Sound because the ring holds the subject's lock: nobody else sets a deadline on it meanwhile, and where the ring's own
handler sets or moves one, what was noted is forgotten.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

_settled: ContextVar[tuple[str, int, dt.datetime, int] | None] = ContextVar("settled", default=None)
_changes: ContextVar[int] = ContextVar("changes", default=0)


@contextmanager
def up_to(subject: models.Model, at: dt.datetime) -> Iterator[None]:
    """Note within the block that nothing due on ``subject`` before ``at`` waits, as the caller has seen."""
    token = _settled.set((subject._meta.label, subject.pk, at, _changes.get()))
    try:
        yield
    finally:
        _settled.reset(token)


def covers(subject: models.Model, at: dt.datetime) -> bool:
    """Return whether the ring at work has settled ``subject`` up to ``at`` and no deadline was set or moved since."""
    noted = _settled.get()
    if noted is None:
        return False
    label, pk, settled_at, changes = noted
    return (label, pk, changes) == (subject._meta.label, subject.pk, _changes.get()) and at <= settled_at


def forget() -> None:
    """Let every ring at work ask again, also one around the present one: a deadline was set or moved."""
    _changes.set(_changes.get() + 1)
