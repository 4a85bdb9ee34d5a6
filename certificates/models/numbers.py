"""The last number given in each series of a year."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.catalogue.models import Series


class NumberSeries(models.Model):
    """How far the numbers of one title series in one year have come; the row is locked while one is taken.

    It only counts up, and never without rows of certificates in the same transaction: no number is left out.
    """

    year = models.PositiveSmallIntegerField(_("年度"))
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = _("证书编号")
        constraints: ClassVar = [models.UniqueConstraint(name="one_count_a_series_and_year", fields=["year", "series"])]
        triggers: ClassVar = [
            pgtrigger.Protect(name="counts_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="counts_go_up",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__last__lt=pgtrigger.F("old__last")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.series_id}: {self.last}"
