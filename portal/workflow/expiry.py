"""Timers are facts: before a step is judged, what has fallen due on its subject is executed first.

The timers live in a room above this one, which registers here how it settles them.
"""

import datetime as dt
from collections.abc import Callable

from django.db import models

Settler = Callable[[models.Model, dt.datetime], bool]

_settlers: list[Settler] = []


def register_settler(settler: Settler) -> None:
    """Have ``settler(subject, at)`` called before every step and before every page of a subject; it must be idempotent."""
    if settler not in _settlers:
        _settlers.append(settler)


def settle_due(subject: models.Model, at: dt.datetime) -> bool:
    """Execute every expiry of ``subject`` that lies at or before ``at``, each in its own transaction.

    Returns whether anything was due, so that who holds the row knows that it may have changed.
    """
    moved = [settler(subject, at) for settler in _settlers]  # every one of them, whatever the first found
    return any(moved)
