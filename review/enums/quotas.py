"""States of a quota for targeted titles (domain §8.18, Quota)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuotaState(models.TextChoices):
    """Where one version of a quota stands."""

    PROPOSED = "proposed", _("待批准")
    IN_FORCE = "in_force", _("执行中")
    REPLACED = "replaced", _("已调整")
    DECLINED = "declined", _("未批准")


QUOTA_TONES = {
    QuotaState.PROPOSED: "action",
    QuotaState.IN_FORCE: "good",
    QuotaState.REPLACED: "ended",
    QuotaState.DECLINED: "ended",
}
