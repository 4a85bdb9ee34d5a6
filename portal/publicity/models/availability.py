"""When the notices could be read, and when not."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """Since when, and until when last, the public board answered without a longer silence."""

    since = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.since}–{self.last_seen_at}"


class Outage(models.Model):
    """A time in which the public board did not answer; long ones lengthen the notices that ran (§8.8 #3)."""

    began_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"))
    lengthens = models.BooleanField(_("顺延公示期"), default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="outage_ends", condition=Q(ended_at__gt=F("began_at")))]

    def __str__(self) -> str:
        return f"{self.began_at}–{self.ended_at}"
