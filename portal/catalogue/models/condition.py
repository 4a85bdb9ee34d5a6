"""What a level asks for in education, years and the title before: ways of which one is enough (R-057).

A set belongs to one year and is revised with it, like the rows of the catalogue: what is published goes on holding
while the next revision is prepared.
"""

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from portal.catalogue.enums import Audience, EducationLevel, LevelKey, SkillGrade
from portal.catalogue.models.edition import Edition
from portal.catalogue.models.revised import RevisedQuerySet
from portal.catalogue.models.series import Level, Series, Specialty, TitleName
from portal.shared.models import Coded, Dated

MOST_YEARS = 50
YEARS = ("work_years", "title_years", "skill_years")


def ways() -> "tuple[str, Prefetch[Any]]":
    """Return what is fetched with a set of conditions: its ways, and the names of the series' titles."""
    return "routes", Prefetch("series__title_names", TitleName.objects.select_related("level").order_by("order"))


class ConditionSetQuerySet(RevisedQuerySet["ConditionSet"]):
    """Sets by revision, with what every page shows of them."""

    def with_all(self) -> Self:
        """Fetch with each set its place and its ways."""
        return self.select_related("edition", "series", "level", "specialty").with_ways()

    def with_ways(self) -> Self:
        """Fetch with each set its ways and the names of the series' titles; two queries more."""
        return self.prefetch_related(*ways())

    def in_order(self) -> Self:
        """Order as a printed list: by series, highest level first, exceptions for single specialties last."""
        return self.order_by("series__code", "-level__rank", F("specialty__code").asc(nulls_first=True), "pk")


class ConditionSet(Coded, Dated):
    """The conditions of one level of one series in one year; with ``specialty`` they hold for that one instead.

    ``may_be_first`` says that the level may be a person's first title in the series, by education (A-26). ``source``
    names the document; ``is_illustrative`` marks numbers that no document available to us states, which every page says.
    """

    CODE_PREFIX: ClassVar[str] = "TJ"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="condition_sets")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+", verbose_name=_("系列"))
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("级别"))
    specialty = models.ForeignKey(
        Specialty, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("专业")
    )
    may_be_first = models.BooleanField(_("可以凭学历首次申报"), default=False)
    note = models.TextField(_("其他条件"), max_length=1000, blank=True)
    exceptional = models.TextField(_("破格条件"), max_length=1000, blank=True)
    source = models.CharField(_("依据文件"), max_length=300, blank=True)
    is_illustrative = models.BooleanField(_("演示数据，数值待核实"), default=False)
    since_revision = models.PositiveSmallIntegerField(default=1)
    until_revision = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ConditionSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报条件")
        constraints = [
            models.UniqueConstraint(
                name="one_open_set_of_conditions",
                fields=["edition", "series", "level", "specialty"],
                condition=Q(until_revision=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="conditions_end_after_they_begin",
                condition=Q(until_revision=None) | Q(until_revision__gt=F("since_revision")),
            ),
            models.CheckConstraint(
                name="conditions_name_source_or_illustrate", condition=Q(is_illustrative=True) | ~Q(source="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.specialty or self.series} {self.level}"


class Condition(models.Model):
    """One way to a level: everything that it asks for is needed, and one way is enough.

    Years are whole calendar years to the cut-off day of policy (A-30): ``work_years`` of professional work after the
    education, ``title_years`` since the title, ``skill_years`` since the grade of skill. ``audience`` opens a way to
    people who move in from government (R-062) or to skilled workers (R-250) alone.
    """

    conditions = models.ForeignKey(ConditionSet, on_delete=models.CASCADE, related_name="routes")
    order = models.PositiveSmallIntegerField(default=0)
    audience = models.CharField(_("适用对象"), max_length=10, choices=Audience, default=Audience.GENERAL)
    education = models.CharField(_("学历或者学位不低于"), max_length=10, choices=EducationLevel, blank=True)
    work_years = models.PositiveSmallIntegerField(
        _("从事本专业技术工作年限"), default=0, validators=[MaxValueValidator(MOST_YEARS)]
    )
    title_level = models.CharField(_("已取得职称"), max_length=20, choices=LevelKey, blank=True)
    title_years = models.PositiveSmallIntegerField(
        _("取得职称后年限"), default=0, validators=[MaxValueValidator(MOST_YEARS)]
    )
    skill = models.CharField(_("职业技能等级不低于"), max_length=20, choices=SkillGrade, blank=True)
    skill_years = models.PositiveSmallIntegerField(
        _("取得技能等级后年限"), default=0, validators=[MaxValueValidator(MOST_YEARS)]
    )
    text = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("申报途径")
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(name="one_route_a_place", fields=["conditions", "order"]),
            models.CheckConstraint(
                name="route_asks_for_something", condition=~Q(education="") | ~Q(title_level="") | ~Q(skill="")
            ),
            models.CheckConstraint(
                name="route_education_is_known", condition=Q(education="") | Q(education__in=EducationLevel.values)
            ),
            models.CheckConstraint(
                name="route_title_is_known", condition=Q(title_level="") | Q(title_level__in=LevelKey.values)
            ),
            models.CheckConstraint(name="route_years_since_a_title", condition=Q(title_years=0) | ~Q(title_level="")),
            models.CheckConstraint(
                name="skill_is_asked_of_skilled_workers",
                condition=Q(audience=Audience.SKILLED, skill__in=SkillGrade.values)
                | Q(audience__in=[Audience.GENERAL, Audience.MOVER], skill="", skill_years=0),
            ),
            models.CheckConstraint(
                name="route_years_are_a_working_life",
                condition=Q(**{f"{name}__lte": MOST_YEARS for name in YEARS}),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conditions_id}/{self.order}"
