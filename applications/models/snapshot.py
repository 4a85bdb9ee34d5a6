"""What was submitted: frozen content with its hash, and the files that belong to it."""

import hashlib
import json
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from portal.documents.models import StoredFile
from portal.shared.models import Coded


def canonical(content: Any) -> str:
    """Return the one spelling of plain JSON that is hashed: sorted keys, no blanks."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: Any) -> str:
    """Return the SHA-256 of plain JSON in its canonical spelling, as lower-case hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


class Snapshot(Coded):
    """The content of an application at one submission; never changed afterwards.

    ``number`` counts from 1. ``discarded_at`` marks one that was taken back or sent back before it had effect. The
    form is printed from it once, not before ``form_not_before``; then ``form`` is set.
    """

    CODE_PREFIX: ClassVar[str] = "KZ"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(_("版次"))
    content = models.JSONField(_("内容"))
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("提交时间"))
    discarded_at = models.DateTimeField(null=True, blank=True)
    form = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申报表")
    )
    form_attempts = models.PositiveSmallIntegerField(default=0)
    form_not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_snapshot_a_number", fields=["application", "number"])]
        indexes: ClassVar = [
            models.Index(name="snapshot_to_print", fields=["id"], condition=Q(form=None, discarded_at=None))
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="snapshots_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="snapshots_are_frozen", fields=["application", "number", "content", "sha256", "made_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}#{self.number}"

    @property
    def is_intact(self) -> bool:
        """Whether the content still has the hash under which it was submitted."""
        return digest_of(self.content) == self.sha256


class SnapshotFile(models.Model):
    """One file that a snapshot shows; who may read the snapshot may read the file."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_file_once_per_item", fields=["snapshot", "file", "item_code"])
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id}/{self.file_id}"
