"""A sheet of experts between its upload and its confirmation."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, Person
from portal.shared.models import Coded, Dated


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

    class Meta:
        verbose_name = _("专家导入")

    def __str__(self) -> str:
        return self.file_name
