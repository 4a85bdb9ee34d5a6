"""What titles there are: series, their specialties, the five levels, and the name of each title."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.catalogue.enums import SENIOR, Band, LevelKey, Mode, NameSource
from portal.shared.models import Dated


class Level(models.Model):
    """One of the five levels with what follows from it; ``rank`` grows with the level."""

    key = models.CharField(_("级别"), max_length=20, choices=LevelKey, unique=True)
    rank = models.PositiveSmallIntegerField(_("次序"), unique=True)
    fee_band = models.CharField(_("收费档"), max_length=20, choices=Band)
    committee_band = models.CharField(_("评委会级别"), max_length=20, choices=Band)
    needs_defence = models.BooleanField(_("现场答辩"))

    def __str__(self) -> str:
        return str(LevelKey(self.key).label)

    @property
    def is_senior(self) -> bool:
        """Whether it is one of the two senior levels."""
        return self.key in SENIOR


class Series(models.Model):
    """One of the 27 national series; ``code`` is its number in the Ministry's list, an internal code of ours."""

    code = models.CharField(_("系列代码"), max_length=2, unique=True)
    name = models.CharField(_("系列"), max_length=30, unique=True)
    full_name = models.CharField(_("系列全称"), max_length=40)
    mode = models.CharField(_("评价方式"), max_length=20, choices=Mode)
    practice_oriented = models.BooleanField(_("实践性强"), default=False)
    industry_authority = models.CharField(_("行业主管部门"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("系列")
        constraints = [models.CheckConstraint(name="series_code_is_two_digits", condition=Q(code__regex=r"^\d{2}$"))]

    def __str__(self) -> str:
        return self.name


class TitleName(models.Model):
    """What a title is called: one series and level, where needed one branch (医, 药, 护, 技)."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="title_names")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    branch = models.CharField(_("类别"), max_length=20, blank=True)
    name = models.CharField(_("职称名称"), max_length=30)
    source = models.CharField(_("出处"), max_length=1, choices=NameSource)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_title_per_branch", fields=["series", "level", "branch"])]

    def __str__(self) -> str:
        return self.name


class SpecialtyQuerySet(models.QuerySet["Specialty"]):
    """Specialties by day and by words."""

    def valid(self, on: dt.date) -> Self:
        """Return the specialties that exist on the day ``on``, both ends included."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)


class Specialty(Dated):
    """What is evaluated within a series; ``code`` is the series' two digits and three of its own."""

    code = models.CharField(_("专业代码"), max_length=5, unique=True)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="specialties", verbose_name=_("系列"))
    name = models.CharField(_("专业"), max_length=40)
    branch = models.CharField(_("职称类别"), max_length=20, blank=True)
    requires_matching_major = models.BooleanField(_("须所学专业对口"), default=False)
    exception_forbidden = models.BooleanField(_("不接受破格申报"), default=False)
    valid_from = models.DateField(_("设立日期"))
    valid_until = models.DateField(_("停用日期"), null=True, blank=True)
    origin = models.CharField(_("设立依据"), max_length=200, blank=True)

    objects = SpecialtyQuerySet.as_manager()

    class Meta:
        verbose_name = _("专业")
        constraints = [
            models.UniqueConstraint(name="one_specialty_name_per_series", fields=["series", "name"]),
            models.CheckConstraint(name="specialty_code_is_five_digits", condition=Q(code__regex=r"^\d{5}$")),
            models.CheckConstraint(
                name="specialty_ends_after_start", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.name
