"""What belongs to one draft alone: its sheets, and the results chosen as representative works."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.archive import ArchiveItem
from applications.models.filled import Filled
from applications.sections import SheetKind
from portal.catalogue.models import Criterion
from portal.shared.models import Dated


class Sheet(Dated, Filled):
    """One section of one application that is filled in once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sheets")
    kind = models.CharField(_("部分"), max_length=20, choices=SheetKind)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_sheet_a_kind", fields=["application", "kind"])]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.kind}"


class RepresentativeWork(models.Model):
    """A result of the archive that this application shows, under the indicator of the committee's menu (R-044)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="works")
    item = models.ForeignKey(ArchiveItem, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="a_work_once", fields=["application", "item"])]
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.item_id}"
