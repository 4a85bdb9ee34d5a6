"""Scans of the papers that an association sealed, one of each (R-083, R-084)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.enums import SealedPaper
from applications.models.application import Application
from portal.documents.models import StoredFile


class SealedScan(models.Model):
    """The scan of one sealed paper as the draft has it; what was submitted stands in the snapshot."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="scans")
    paper = models.CharField(_("材料"), max_length=20, choices=SealedPaper)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("上传时间"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_scan_a_paper", fields=["application", "paper"])]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.paper}"
