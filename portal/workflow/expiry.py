"""Timers are facts: before a step is judged, what has fallen due on its subject is executed first.

The timers live in a room above this one, which registers here how it settles them.
"""

import datetime as dt
from collections.abc import Callable

from django.db import models

Settler = Callable[[models.Model, dt.datetime], None]

_settlers: list[Settler] = []


def register_settler(settler: Settler) -> None:
    """Have ``settler(subject, at)`` called before every step and before every page of a subject; it must be idempotent."""
    if settler not in _settlers:
        _settlers.append(settler)


def settle_due(subject: models.Model, at: dt.datetime) -> None:
    """Execute every expiry of ``subject`` that lies at or before ``at``, each in its own transaction."""
    for settler in _settlers:
        settler(subject, at)
