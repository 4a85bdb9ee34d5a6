"""Reading the ledger: the history of one subject, and the entry of an idempotency key."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from portal.accounts.actors import Actor
from portal.ledger.models import Entry


def history_of(*subjects: models.Model) -> QuerySet[Entry]:
    """Return the entries of all ``subjects`` together, oldest first, with person and organisation at hand."""
    told = reduce(or_, (Q(subject_type=one._meta.label, subject_id=one.pk) for one in subjects))
    return Entry.objects.filter(told).select_related("person", "organisation").order_by("pk")


@dataclass(frozen=True)
class Event:
    """One entry as a desk tells it, in the office's words; ``who`` names people of the reader's own organisation only."""

    at: dt.datetime
    words: Any
    who: str
    note: str
    basis: str


def history_beside(
    subject: models.Model, about: models.Model, *, steps: Collection[str], without: Collection[str]
) -> QuerySet[Entry]:
    """Return all of ``subject`` and these ``steps`` of what it is ``about``, newest first, but for the steps ``without``."""
    of_about = Q(subject_type=about._meta.label, subject_id=about.pk, step__in=steps)
    told = Entry.objects.filter(Q(subject_type=subject._meta.label, subject_id=subject.pk) | of_about)
    return told.exclude(step__in=without).select_related("person", "organisation").order_by("-pk")


def unsealed() -> int:
    """Return how many entries wait for the sealer."""
    return Entry.objects.filter(seal=None).count()


def entry_of_key(key: str, actor: Actor) -> Entry | None:
    """Return the entry that ``actor`` wrote under the idempotency ``key``, or None."""
    return Entry.objects.filter(key=key, person=actor.person).first()
