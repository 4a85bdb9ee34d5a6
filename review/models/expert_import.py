"""A sheet of experts between its upload and its confirmation."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.shared.models import Coded, Dated


class ExpertImportQuerySet(models.QuerySet["ExpertImport"]):
    """Sheets by reader."""

    def waiting(self, actor: Actor) -> Self:
        """Return those that whoever acts uploaded for the agency for which they act, and that are not confirmed."""
        own = self.filter(agency=actor.organisation, uploaded_by=actor.person, applied_at=None)
        return own.select_related("agency").order_by("-pk")


class ExpertImport(Coded, Dated):
    """What a sheet of experts said, read without fault; nothing of it counts until it is confirmed, and then once.

    ``rows`` names people by their public codes: the numbers of their documents do not outlive the upload.
    """

    CODE_PREFIX: ClassVar[str] = "ZR"

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    file_name = models.CharField(_("文件名"), max_length=200)
    rows = models.JSONField(default=list)
    applied_at = models.DateTimeField(_("确认时间"), null=True)

    objects = ExpertImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("专家导入")

    def __str__(self) -> str:
        return self.file_name
