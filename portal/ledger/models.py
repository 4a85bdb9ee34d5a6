"""The ledger: one row per step and per reading of sensitive data, appended once and never changed."""

from typing import ClassVar

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, Person

READ = "read"


def _never_truncated(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'the ledger is never truncated';",
    )


class Seal(models.Model):
    """A batch of committed entries under one hash, chained to the batch before it."""

    id = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    entries = models.IntegerField()
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Protect(name="seals_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            _never_truncated("seals_are_not_truncated"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.hash_hex}"

    @property
    def hash_hex(self) -> str:
        """The seal's hash in hexadecimal, as it is published."""
        return bytes(self.hash).hex()


class Entry(models.Model):
    """That somebody took a step on something, or read what is sensitive.

    ``at`` is the time by the portal's clock on which the rules rest; ``recorded_at`` is the database's own.
    Every column but ``seal`` is covered by the hash of the seal. Ballot choices never enter ``facts``.
    """

    at = models.DateTimeField(_("时间"))
    recorded_at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    step = models.CharField(_("步骤"), max_length=60)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    actor_kind = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    roles = models.CharField(max_length=120, blank=True)
    note = models.TextField(_("说明"), blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    basis = models.CharField(_("依据"), max_length=60, blank=True)
    policy = models.CharField(max_length=30, blank=True)
    key = models.CharField(max_length=64, blank=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, null=True, related_name="sealed", db_index=False)

    class Meta:
        indexes = [
            models.Index(name="entry_by_subject", fields=["subject_type", "subject_id", "id"]),
            models.Index(name="entry_by_person", fields=["person", "id"], condition=Q(person__isnull=False)),
            models.Index(name="entry_by_seal", fields=["seal", "id"]),
            models.Index(name="entry_unsealed", fields=["id"], condition=Q(seal=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_step_per_key",
                fields=["key", "person"],
                nulls_distinct=False,
                condition=~Q(key=""),
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="entries_stay",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
                       AND to_jsonb(NEW) - 'seal_id' = to_jsonb(OLD) - 'seal_id' THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'ledger entries are never changed';
                """,
            ),
            pgtrigger.Protect(name="entries_are_not_deleted", operation=pgtrigger.Delete),
            _never_truncated("entries_are_not_truncated"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id} {self.step}"
