"""The transparency log: what happened to certificates, in an order that nobody can change behind the city's back."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Func, JSONField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

HASH_BYTES = 32
LONGEST_NUMBER = 40


def _is_a_hash(name: str, column: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Exact(Length(F(column)), HASH_BYTES))


class BeijingDay(Func):
    """The day in Beijing of an instant; unlike Django's own, the database can store and index it."""

    template = "(timezone('Asia/Shanghai', %(expressions)s))::date"
    output_field = models.DateField()


class _StaysForever(models.Model):
    class Meta:
        abstract = True
        triggers: ClassVar = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="is_not_truncated",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the certificate log is never truncated';",
            ),
        ]


class LogLeaf(_StaysForever):
    """One event in the life of a certificate, as it was logged.

    Nobody but the holder is shown it: the tree publishes its hash alone, and the random number in front keeps a reader
    of hashes from guessing names and numbers. ``number`` is read out of the record by the database itself, so that it
    cannot say anything else.
    """

    index = models.BigIntegerField(_("序号"), primary_key=True)
    record = models.TextField(_("记录"))
    nonce = models.BinaryField(_("随机数"), max_length=HASH_BYTES)
    number = models.GeneratedField(
        expression=KeyTextTransform("number", Cast("record", JSONField())),
        output_field=models.CharField(_("证书编号"), max_length=LONGEST_NUMBER),
        db_persist=True,
    )

    class Meta(_StaysForever.Meta):
        indexes = [models.Index(name="log_leaf_by_number", fields=["number", "index"])]
        constraints = [
            models.CheckConstraint(name="log_leaf_has_a_place", condition=Q(index__gte=0)),
            _is_a_hash("log_leaf_nonce_is_whole", "nonce"),
        ]

    def __str__(self) -> str:
        return str(self.index)

    @property
    def content(self) -> bytes:
        """What the leaf's hash is made from."""
        return bytes(self.nonce) + self.record.encode()


class LogNode(_StaysForever):
    """The hash of a complete subtree: the only ones that never change, and all that roots and proofs are made from."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=HASH_BYTES)

    class Meta(_StaysForever.Meta):
        indexes = [models.Index(name="log_leaf_by_hash", fields=["hash"], condition=Q(level=0))]
        constraints = [
            models.CheckConstraint(name="log_node_is_in_the_tree", condition=Q(level__gte=0, index__gte=0)),
            _is_a_hash("log_node_hash_is_whole", "hash"),
        ]

    def __str__(self) -> str:
        return f"{self.level}:{self.index}"


class LogCheckpoint(_StaysForever):
    """A root that was signed and handed out; the log can never again show a history that does not go on from it."""

    size = models.BigIntegerField(_("记录数"), primary_key=True)
    root = models.BinaryField(_("根"), max_length=HASH_BYTES)
    note = models.TextField(_("签名文本"))
    signed_at = models.DateTimeField(_("签名时间"))
    day = models.GeneratedField(
        expression=BeijingDay("signed_at"), output_field=models.DateField(_("日期")), db_persist=True
    )

    class Meta(_StaysForever.Meta):
        indexes = [models.Index(name="log_checkpoint_by_day", fields=["-day", "-size"])]
        constraints = [
            models.CheckConstraint(name="log_checkpoint_has_leaves", condition=Q(size__gt=0)),
            _is_a_hash("log_checkpoint_root_is_whole", "root"),
        ]

    def __str__(self) -> str:
        return str(self.size)


class LogStamp(_StaysForever):
    """An outside authority's time stamp (RFC 3161) on the text of a day's last checkpoint: it existed by then."""

    checkpoint = models.OneToOneField(LogCheckpoint, on_delete=models.PROTECT, primary_key=True, related_name="stamp")
    response = models.BinaryField(_("时间戳"))
    stamped_at = models.DateTimeField(_("时间戳时间"))

    class Meta(_StaysForever.Meta):
        pass

    def __str__(self) -> str:
        return str(self.checkpoint_id)
