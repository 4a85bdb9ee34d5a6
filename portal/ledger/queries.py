"""Reading the ledger: the history of one subject, and the entry of an idempotency key."""

from django.db import models
from django.db.models import QuerySet

from portal.accounts.actors import Actor
from portal.ledger.models import Entry


def history_of(subject: models.Model) -> QuerySet[Entry]:
    """Return the entries of ``subject``, oldest first, with person and organisation at hand."""
    return (
        Entry.objects.filter(subject_type=subject._meta.label, subject_id=subject.pk)
        .select_related("person", "organisation")
        .order_by("pk")
    )


def unsealed() -> int:
    """Return how many entries wait for the sealer."""
    return Entry.objects.filter(seal=None).count()


def entry_of_key(key: str, actor: Actor) -> Entry | None:
    """Return the entry that ``actor`` wrote under the idempotency ``key``, or None."""
    return Entry.objects.filter(key=key, person=actor.person).first()
