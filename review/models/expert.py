"""Experts: what a person brings as one (domain §8.15)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.catalogue.models import Level, Series
from portal.documents.models import StoredFile
from portal.shared.models import Coded, Dated


class Expert(Coded, Dated):
    """What a person brings as an expert: the title held, the field, and where they work.

    ``title_checked_at`` stands only where somebody looked at the certificate by hand, because no register knew it
    (A-46); what a register knows is asked anew each time. ``is_new_research`` marks a new R&D body (R-161).
    """

    CODE_PREFIX: ClassVar[str] = "ZJ"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="expert", verbose_name=_("专家"))
    employer_name = models.CharField(_("工作单位"), max_length=200)
    employer_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    is_non_public = models.BooleanField(_("非公有制企业"), default=False)
    is_new_research = models.BooleanField(_("新型研发机构"), default=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+", verbose_name=_("职称系列"))
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("职称级别"))
    title = models.CharField(_("职称名称"), max_length=40)
    certificate_number = models.CharField(_("证书编号"), max_length=60, blank=True)
    field = models.CharField(_("研究领域"), max_length=200)
    title_checked_at = models.DateTimeField(_("人工核验时间"), null=True, blank=True)
    title_checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title_proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("评审专家")
        constraints = [
            models.CheckConstraint(
                name="checked_by_hand_by_somebody",
                condition=Q(title_checked_at=None, title_checked_by=None)
                | Q(title_checked_at__isnull=False, title_checked_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.person.full_name
