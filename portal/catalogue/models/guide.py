"""What a committee publishes before the year begins: conditions, procedure, place, materials, and its standard (R-039)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.catalogue import guards
from portal.catalogue.enums import FOUND_ELSEWHERE, GuideState, Heading, Indicator
from portal.catalogue.four_eyes import another_prepared
from portal.catalogue.models.edition import Committee
from portal.catalogue.models.policy import PolicyVersion
from portal.catalogue.rules import keeps_guide, may_decide
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


@state_machine
class Guide(Coded, Dated):
    """The guide of one committee of one year with its criteria; applicants see it before they draft."""

    CODE_PREFIX: ClassVar[str] = "ZN"

    committee = models.OneToOneField(Committee, on_delete=models.PROTECT, related_name="guide")
    conditions = models.TextField(_("申报条件"))
    procedure = models.TextField(_("评审程序和方式"))
    place_and_time = models.TextField(_("时间地点"))
    materials = models.TextField(_("申报材料"))
    state = StateField(_("状态"), default=GuideState.DRAFT, choices=GuideState)
    published_at = models.DateTimeField(_("公布时间"), null=True)

    class Meta:
        verbose_name = _("评委会通知公告")

    def __str__(self) -> str:
        return str(self.committee)

    @property
    def committee_agency_id(self) -> int:
        """The agency that keeps the guide."""
        return self.committee.agency_id

    def policy_on(self, day: dt.date) -> PolicyVersion:
        """Return the policy version by which the standard is checked on ``day``."""
        return PolicyVersion.objects.in_force(day)

    @transition(
        state,
        source=GuideState.DRAFT,
        target=GuideState.CHECKED,
        who=keeps_guide,
        label=_("核查标准"),
        basis="R-040",
        guards=[
            guards.has_every_heading,
            guards.demands_no_barred_indicator,
            guards.papers_do_not_rule_practice,
            guards.counts_the_employers_assessment,
        ],
    )
    def verify(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The standard demands nothing that may not be demanded."""

    @transition(
        state,
        source=[GuideState.CHECKED, GuideState.APPROVED],
        target=GuideState.DRAFT,
        who=keeps_guide,
        label=_("退回修改"),
        basis="R-040",
    )
    def send_back(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The guide must be changed."""

    @transition(
        state,
        source=GuideState.CHECKED,
        target=GuideState.APPROVED,
        who=may_decide,
        label=_("批准"),
        basis="R-039",
        guards=[another_prepared],
    )
    def approve(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The bureau agrees with the guide."""

    @transition(
        state,
        source=GuideState.APPROVED,
        target=GuideState.PUBLISHED,
        who=keeps_guide,
        label=_("公布"),
        basis="R-039",
        guards=[guards.evaluation_has_not_begun],
        caution=True,
    )
    def publish(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """Applicants see it from now on."""
        self.published_at = at

    @transition(
        state,
        source=GuideState.PUBLISHED,
        target=GuideState.ARCHIVED,
        who=may_decide,
        label=_("归档"),
        basis="R-039",
    )
    def archive(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The year is over."""


class CriterionQuerySet(models.QuerySet["Criterion"]):
    """Lines of standards."""

    def scored(self) -> Self:
        """Return the lines that count points."""
        return self.filter(max_score__gt=0)

    def scored_by_people(self) -> Self:
        """Return the lines for which somebody gives points, without those whose points follow from another record."""
        return self.scored().exclude(indicator__in=FOUND_ELSEWHERE)

    def of_results(self) -> Self:
        """Return the lines under which a person shows results (R-044)."""
        return self.exclude(indicator__in=FOUND_ELSEWHERE)


class Criterion(models.Model):
    """One line of a standard; ``is_required`` makes it a condition, ``max_score`` its weight among the rest."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="criteria")
    heading = models.CharField(_("评价方面"), max_length=20, choices=Heading)
    indicator = models.CharField(_("指标"), max_length=30, choices=Indicator)
    text = models.CharField(_("内容"), max_length=300)
    is_required = models.BooleanField(_("必备条件"), default=False)
    max_score = models.PositiveSmallIntegerField(_("最高分"), default=0)
    order = models.PositiveSmallIntegerField(default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_criterion_a_place", fields=["guide", "order"])]

    def __str__(self) -> str:
        return self.text
