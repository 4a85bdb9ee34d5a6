"""A file on its way: which bytes have arrived, until when the rest may follow, and what became of it."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.documents.models.file import StoredFile
from portal.shared.models import Coded, Dated


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads by who makes them and by how they stand."""

    def made_by(self, actor: Actor) -> Self:
        """Return the uploads that this person makes in the same capacity; nobody else ever meets them."""
        if actor.person is None:
            return self.none()
        return self.filter(person=actor.person, organisation=actor.organisation)

    def arriving(self) -> Self:
        """Return the uploads of which bytes are still missing."""
        return self.filter(offset__lt=F("length"))

    def to_finish(self) -> Self:
        """Return the uploads that arrived whole and have become neither a file nor a refusal."""
        return self.filter(offset=F("length"), file=None, refusal__isnull=True)


class Upload(Coded, Dated):
    """A file that arrives in pieces and may be resumed until ``expires_at``.

    ``offset`` counts the bytes that are safely stored. When it reaches ``length`` the upload becomes a ``file`` or,
    where the file is not acceptable, a ``refusal`` (reasons as the API shows them); never both.
    """

    CODE_PREFIX: ClassVar[str] = "L"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("上传人"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("代表单位")
    )
    purpose = models.CharField(_("用途"), max_length=40)
    original_name = models.CharField(_("文件名"), max_length=120)
    length = models.BigIntegerField(_("总字节数"))
    offset = models.BigIntegerField(_("已收到字节数"), default=0)
    expires_at = models.DateTimeField(_("续传截止时间"))
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, null=True, related_name="+")
    refusal = models.JSONField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="upload_by_person", fields=["person", "organisation"]),
            models.Index(name="upload_by_expiry", fields=["expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="upload_stays_in_its_length", condition=Q(offset__gte=0, offset__lte=F("length"), length__gt=0)
            ),
            models.CheckConstraint(name="upload_ends_one_way", condition=Q(file=None) | Q(refusal__isnull=True)),
            models.CheckConstraint(
                name="upload_ends_complete",
                condition=Q(file=None, refusal__isnull=True) | Q(offset=F("length")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.length

    @property
    def has_ended(self) -> bool:
        """Whether the upload has become a file or a refusal."""
        return self.file_id is not None or self.refusal is not None

    def has_expired(self, at: dt.datetime) -> bool:
        """Return whether the time for sending the rest is over."""
        return not self.is_complete and self.expires_at <= at


class UploadPart(models.Model):
    """A piece of an upload: ``size`` bytes from ``offset`` on, stored under ``key``."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset = models.BigIntegerField()
    size = models.BigIntegerField()
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_part_per_offset", fields=["upload", "offset"]),
            models.CheckConstraint(name="part_is_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}+{self.offset}"
