"""Reading the ledger: the history of one subject, and the entry of an idempotency key."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q, QuerySet

from portal.accounts.actors import Actor
from portal.ledger.models import Entry


def history_of(*subjects: models.Model) -> QuerySet[Entry]:
    """Return the entries of all ``subjects`` together, oldest first, with person and organisation at hand."""
    told = reduce(or_, (Q(subject_type=one._meta.label, subject_id=one.pk) for one in subjects))
    return Entry.objects.filter(told).select_related("person", "organisation").order_by("pk")


def unsealed() -> int:
    """Return how many entries wait for the sealer."""
    return Entry.objects.filter(seal=None).count()


def entry_of_key(key: str, actor: Actor) -> Entry | None:
    """Return the entry that ``actor`` wrote under the idempotency ``key``, or None."""
    return Entry.objects.filter(key=key, person=actor.person).first()
