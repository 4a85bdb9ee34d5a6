"""The year's catalogue: which committee of which agency evaluates which level of which specialty, and how.

An edition is one year's; it is published in revisions. A row holds from the revision that lists it up to the one that
changes or drops it, so that an application keeps pointing at the very row it was made under, what is published stays
as it is while the next revision is prepared, and every earlier revision can be shown again.
"""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.catalogue import guards
from portal.catalogue.enums import REVIEWABLE, Band, EditionState, Method
from portal.catalogue.four_eyes import another_prepared
from portal.catalogue.models.revised import RevisedQuerySet
from portal.catalogue.models.series import Level, Specialty
from portal.catalogue.rules import may_decide, may_prepare
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions by what the public may see."""

    def public(self) -> Self:
        """Return the editions that were published at least once."""
        return self.filter(revision__gte=1)


@state_machine
class Edition(Coded, Dated):
    """The catalogue of one evaluation year (R-020).

    ``revision`` is the one in public force, 0 before the first; ``state`` tells how the next one is getting on.
    ``is_illustrative`` marks data made up for demonstrations, which every page says.
    """

    CODE_PREFIX: ClassVar[str] = "BJ"

    year = models.PositiveSmallIntegerField(_("评审年度"))
    title = models.CharField(_("名称"), max_length=120)
    source = models.CharField(_("依据文件"), max_length=300, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    is_illustrative = models.BooleanField(_("演示数据"), default=False)
    state = StateField(_("状态"), default=EditionState.PREPARING, choices=EditionState)
    revision = models.PositiveSmallIntegerField(_("公布版次"), default=0)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度目录")
        constraints = [
            models.UniqueConstraint(
                name="one_real_edition_a_year", fields=["year"], condition=Q(is_illustrative=False)
            ),
            models.CheckConstraint(
                name="published_edition_has_time", condition=Q(revision=0) ^ Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def working_revision(self) -> int:
        """The revision that changes go into."""
        return self.revision + 1

    @property
    def is_being_prepared(self) -> bool:
        """Whether its rows may be changed now."""
        return bool(self.state == EditionState.PREPARING)

    @transition(
        state,
        source=EditionState.PREPARING,
        target=EditionState.SUBMITTED,
        who=may_prepare,
        label=_("提交审批"),
        basis="R-020",
        guards=[
            guards.has_entries,
            guards.every_entry_knows_its_calendar,
            guards.exams_come_first_where_required,
            guards.junior_engineering_is_by_district,
        ],
    )
    def submit(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The revision is complete and waits for approval."""

    @transition(
        state,
        source=[EditionState.SUBMITTED, EditionState.APPROVED],
        target=EditionState.PREPARING,
        who=may_decide,
        label=_("退回修改"),
        basis="R-020",
        guards=[guards.reason_given],
    )
    def send_back(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The revision must be changed."""

    @transition(
        state,
        source=EditionState.SUBMITTED,
        target=EditionState.APPROVED,
        who=may_decide,
        label=_("批准"),
        basis="R-020",
        guards=[another_prepared],
    )
    def approve(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """Another person than those who prepared it agrees."""

    @transition(
        state,
        source=EditionState.APPROVED,
        target=EditionState.PUBLISHED,
        who=may_prepare,
        label=_("发布"),
        basis="R-003",
        caution=True,
    )
    def publish(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The revision becomes the closed list of who may evaluate."""
        self.revision += 1
        self.published_at = at

    @transition(
        state,
        source=EditionState.PUBLISHED,
        target=EditionState.PREPARING,
        who=may_prepare,
        label=_("编制修订版"),
        basis="R-020",
        guards=[guards.reason_given],
    )
    def amend(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """A next revision is being prepared; the published one goes on holding."""

    @transition(
        state,
        source=EditionState.PUBLISHED,
        target=EditionState.CLOSED,
        who=may_decide,
        label=_("结束年度"),
        basis="R-029",
        guards=[guards.no_schedule_is_running],
        caution=True,
    )
    def close(self, *, by: Actor, at: dt.datetime, **_: Any) -> None:
        """The year is over; the edition stays readable."""


class Committee(Coded, Dated):
    """An evaluation committee of one year; without ``district`` it serves the whole city.

    ``correction_workdays`` and ``payment_workdays`` are the agency's own periods inside the policy's range, fixed
    before the year starts (A-09, A-10); empty means the policy's.
    """

    CODE_PREFIX: ClassVar[str] = "PW"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="committees")
    name = models.CharField(_("评审委员会"), max_length=80)
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="committees", verbose_name=_("评审服务机构")
    )
    band = models.CharField(_("级别"), max_length=20, choices=Band)
    is_by_series = models.BooleanField(_("按系列组建"), default=False)
    district = models.CharField(_("服务区域"), max_length=20, choices=District, blank=True)
    telephone = models.CharField(_("咨询电话"), max_length=40, blank=True)
    online_defence = models.BooleanField(_("线上答辩试点"), default=False)
    correction_workdays = models.PositiveSmallIntegerField(_("补正期限（工作日）"), null=True, blank=True)
    payment_workdays = models.PositiveSmallIntegerField(_("缴费期限（工作日）"), null=True, blank=True)

    class Meta:
        verbose_name = _("评审委员会")
        constraints = [
            models.UniqueConstraint(name="one_committee_name_a_year", fields=["edition", "name", "band"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_words(self) -> str:
        """Return where the committee serves, in words."""
        return str(District(self.district).label) if self.district else str(_("全市"))


class CatalogueEntryQuerySet(RevisedQuerySet["CatalogueEntry"]):
    """Entries by revision."""

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related("edition", "specialty__series", "level", "committee__agency", "schedule")


class CatalogueEntry(Coded, Dated):
    """That one level of one specialty is evaluated in a year: how, and by which committee on which calendar.

    Exam-only and not-offered levels are rows too, so that a page can explain why no application is possible (A-39).
    """

    CODE_PREFIX: ClassVar[str] = "ML"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="entries")
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, related_name="entries")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(_("取得方式"), max_length=20, choices=Method)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    schedule = models.ForeignKey(
        "catalogue.AnnualSchedule", on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    telephone = models.CharField(_("咨询电话"), max_length=40, blank=True)
    since_revision = models.PositiveSmallIntegerField(default=1)
    until_revision = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = CatalogueEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("目录条目")
        constraints = [
            models.UniqueConstraint(
                name="one_open_row_per_committee",
                fields=["edition", "specialty", "level", "committee"],
                condition=Q(until_revision=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="reviewed_levels_have_a_committee",
                condition=Q(method__in=sorted(REVIEWABLE)) ^ Q(committee__isnull=True),
            ),
            models.CheckConstraint(
                name="row_ends_after_it_begins",
                condition=Q(until_revision=None) | Q(until_revision__gt=F("since_revision")),
            ),
        ]
        indexes = [models.Index(name="entry_by_specialty", fields=["specialty", "level", "edition"])]

    def __str__(self) -> str:
        return f"{self.specialty} {self.level}"

    @property
    def agency(self) -> Organisation | None:
        """The agency behind the committee."""
        return self.committee.agency if self.committee else None

    @property
    def district(self) -> str:
        """The district to which the row is limited, or an empty text."""
        return self.committee.district if self.committee else ""

    @property
    def contact(self) -> str:
        """The telephone number to show: the row's, the committee's or the agency's (R-007)."""
        if self.telephone or self.committee is None:
            return self.telephone
        return self.committee.telephone or self.committee.agency.telephone

    @property
    def is_reviewable(self) -> bool:
        """Whether one can apply at all (A-39)."""
        return self.method in REVIEWABLE
