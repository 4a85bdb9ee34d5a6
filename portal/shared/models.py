"""Abstract bases of the portal's tables, and the one row of the demonstration clock."""

import datetime as dt
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from portal.shared.codes import new_code


class Dated(models.Model):
    """A row that remembers when it was made and last changed, by the database's clock (never used by a rule)."""

    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: "models.Field[Any, Any]") -> Any:  # noqa: N802 (Django's own name)
        """Return the words of a choice; Django's own way translates every choice of the field for each value shown."""
        value = getattr(self, field.attname)
        return force_str(_words_of(field).get(value, value), strings_only=True)


@cache
def _words_of(field: "models.Field[Any, Any]") -> dict[Any, Any]:
    return dict(field.flatchoices)


class Coded(models.Model):
    """A row that people meet under a random public code, such as ``ZC-7HK2M9QWXA``."""

    CODE_PREFIX: ClassVar[str]

    code = models.CharField(_("编号"), max_length=20, unique=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.code:
            self.code = new_code(self.CODE_PREFIX)
        super().save(*args, **kwargs)


class DemoClock(models.Model):
    """By how much the demonstration clock differs from real time; one row, absent in production."""

    ONLY: ClassVar[int] = 1

    offset = models.DurationField(_("偏移"), default=dt.timedelta)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="only_one_demo_clock", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return str(self.offset)
