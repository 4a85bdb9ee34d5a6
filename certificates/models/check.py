"""Who checked a certificate when, and the codes with which a holder lets an employer check a restricted one."""

import datetime as dt
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import CertificateState, CheckWay
from certificates.models.certificate import Certificate
from portal.accounts.models import Organisation

DIGEST_LENGTH = 64


class CertificateCheck(models.Model):
    """One answer about one certificate, as its holder sees it: no name, address or person of whoever asked.

    ``organisation`` is whom a logged-in asker acted for, empty for the public. Questions that found nothing leave no row.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="checks")
    at = models.DateTimeField(_("查验时间"))
    way = models.CharField(_("查验方式"), max_length=20, choices=CheckWay)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("查验单位")
    )
    result = models.CharField(_("查验结果"), max_length=12, choices=CertificateState)
    shows_face = models.BooleanField(_("是否显示证面信息"))

    class Meta:
        verbose_name = _("证书查验记录")
        indexes: ClassVar = [models.Index(name="checks_of_a_certificate", fields=["certificate", "-at", "-id"])]
        triggers: ClassVar = [
            pgtrigger.Protect(name="checks_are_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.at:%Y-%m-%d %H:%M}"


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    """Codes by whether they still open something."""

    def open(self, at: dt.datetime) -> Self:
        """Return those that were not used and have not run out."""
        return self.filter(used_at=None, ends_at__gt=at)


class OneTimeCode(models.Model):
    """What the holder of a restricted certificate tells an employer so that it may check once (A-12).

    The code itself is shown once and not kept: ``digest`` is its blind index.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="one_time_codes")
    digest = models.CharField(max_length=DIGEST_LENGTH, unique=True)
    made_at = models.DateTimeField(_("生成时间"))
    ends_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True)
    used_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("使用单位")
    )

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("一次性查验码")
        ordering: ClassVar = ["-made_at", "-pk"]
        indexes: ClassVar = [models.Index(name="codes_of_a_certificate", fields=["certificate", "-made_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_used_code_has_user",
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="codes_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="codes_are_used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__used_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.made_at:%Y-%m-%d %H:%M}"
