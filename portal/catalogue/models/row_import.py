"""A sheet of rows between its upload and its confirmation."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.catalogue.models.edition import Edition
from portal.shared.models import Coded, Dated


class RowImport(Coded, Dated):
    """What a sheet said, read without fault; nothing of it counts until it is confirmed, and then it counts once.

    ``rows`` holds plain values by public codes, which are looked up again when it is confirmed.
    """

    CODE_PREFIX: ClassVar[str] = "DR"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="imports")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    file_name = models.CharField(_("文件名"), max_length=200)
    is_complete = models.BooleanField(_("完整目录"))
    rows = models.JSONField(default=list)
    applied_at = models.DateTimeField(_("确认时间"), null=True)

    class Meta:
        verbose_name = _("目录导入")

    def __str__(self) -> str:
        return self.file_name
