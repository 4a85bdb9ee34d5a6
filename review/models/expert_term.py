"""The terms for which experts serve in an agency's pool (domain §8.15)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS
from portal.accounts.rules import is_system
from portal.catalogue.enums import Band
from portal.catalogue.models import Series
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.pooling import SERVING, STANDING, Assessment, Origin
from review.enums.pooling import TermState as S
from review.guards import pooling as guards
from review.models.expert import Expert


class ExpertTermQuerySet(models.QuerySet["ExpertTerm"]):
    """Terms by reader and by day."""

    def at(self, actor: Actor) -> Self:
        """Return the terms that the actor's office sees: an agency its own pool, the bureau every one."""
        if BUREAU_DECIDERS & actor.roles:
            return self.all()
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(agency=actor.organisation)

    def of(self, actor: Actor) -> Self:
        """Return the own terms of the person who acts."""
        return self.filter(expert__person=actor.person) if actor.person is not None else self.none()

    def covering(self, on: dt.date) -> Self:
        """Return the appointed terms that the day ``on`` lies in, with the promise of secrecy given."""
        return self.filter(state=S.APPOINTED, starts_on__lte=on, ends_on__gte=on, promised_at__isnull=False)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*EVERYTHING)


EVERYTHING = ("expert__person", "expert__series", "expert__level", "agency", "series", "nominated_by")


@state_machine
class ExpertTerm(Coded, Dated):
    """One expert's service in the pool of one agency for one series and band.

    ``number`` counts the terms, 0 before the first appointment; a renewal goes on in the same row. ``starts_on`` and
    ``ends_on`` are inclusive. ``allowed_number`` is the term over the limit that the bureau allowed (A-31).
    """

    CODE_PREFIX: ClassVar[str] = "PQ"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = EVERYTHING[:-1]

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="terms", verbose_name=_("专家"))
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="expert_terms", verbose_name=_("评审服务机构")
    )
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+", verbose_name=_("系列"))
    band = models.CharField(_("评委会级别"), max_length=20, choices=Band)
    state = StateField(_("状态"), default=S.NOMINATED, choices=S)
    number = models.PositiveSmallIntegerField(_("届数"), default=0)
    starts_on = models.DateField(_("聘期起始"), null=True, blank=True)
    ends_on = models.DateField(_("聘期截止"), null=True, blank=True)

    origin = models.CharField(_("推荐方式"), max_length=20, choices=Origin)
    nominated_at = models.DateTimeField(_("推荐时间"))
    nominated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("推荐人"))
    nominator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("推荐单位")
    )
    grounds = models.CharField(_("推荐理由"), max_length=500, blank=True)
    consented_at = models.DateTimeField(_("本人同意时间"), null=True, blank=True)
    forwarded_at = models.DateTimeField(_("机构审核时间"), null=True, blank=True)
    opinion = models.CharField(_("机构审核意见"), max_length=500, blank=True)
    promised_at = models.DateTimeField(_("签署承诺时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    allowed_number = models.PositiveSmallIntegerField(_("批准的届数"), null=True, blank=True)
    allowed_reason = models.CharField(_("批准理由"), max_length=500, blank=True)
    assessment = models.CharField(_("履职考核"), max_length=10, choices=Assessment, default=Assessment.NONE, blank=True)
    assessment_remark = models.CharField(_("考核说明"), max_length=500, blank=True)
    assessed_at = models.DateTimeField(_("考核时间"), null=True, blank=True)

    objects = ExpertTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("专家聘期")
        constraints = [
            models.UniqueConstraint(
                name="one_standing_a_pool",
                fields=["expert", "agency", "series", "band"],
                condition=Q(state__in=sorted(STANDING)),
            ),
            models.CheckConstraint(
                name="serving_needs_a_term",
                condition=~Q(state__in=sorted(SERVING))
                | Q(number__gte=1, starts_on__isnull=False, ends_on__gte=F("starts_on"), consented_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="term_of_pool", fields=["agency", "series", "band", "state"])]

    def __str__(self) -> str:
        return self.code

    @property
    def next_number(self) -> int:
        """The number that another appointment would have: all terms in this pool count together (A-31)."""
        pool = {"expert": self.expert_id, "agency": self.agency_id, "series": self.series_id, "band": self.band}
        served = ExpertTerm.objects.filter(**pool).aggregate(most=Max("number"))["most"] or 0
        return served + 1

    def covers(self, on: dt.date) -> bool:
        """Return whether the expert serves on the day: what ``covering`` asks of the database, of a row at hand."""
        if self.state != S.APPOINTED or self.starts_on is None or self.ends_on is None:
            return False
        return self.promised_at is not None and self.starts_on <= on <= self.ends_on

    @property
    def is_serving(self) -> bool:
        """Whether the person is in the pool now, drawn or not."""
        return self.state in SERVING

    @transition(
        state,
        source=S.NOMINATED,
        target=S.NOMINATED,
        who=rules.is_the_expert,
        label=_("同意入库"),
        basis="R-160",
    )
    def consent(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person agrees to be an expert."""
        self.consented_at = at

    @transition(
        state,
        source=S.NOMINATED,
        target=S.NOMINATED,
        who=rules.checks_it,
        label=_("提出审核意见"),
        basis="R-160",
        guards=[
            guards.consented,
            guards.title_sufficient,
            guards.field_stated,
            guards.not_barred,
            guards.opinion_given,
        ],
    )
    def forward(self, *, by: Actor, at: dt.datetime, opinion: str, **_facts: Any) -> None:
        """The agency looked at the person and passes them on to the bureau."""
        self.forwarded_at, self.opinion = at, opinion

    @transition(
        state,
        source=S.NOMINATED,
        target=S.VETTED,
        who=rules.vets,
        label=_("审核通过"),
        basis="R-160",
        guards=[
            guards.consented,
            guards.looked_over,
            guards.title_sufficient,
            guards.title_verified,
            guards.field_stated,
            guards.not_barred,
        ],
    )
    def vet(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The bureau agrees, the title verified by data."""

    @transition(
        state,
        source=S.NOMINATED,
        target=S.DECLINED,
        who=rules.declines,
        label=_("不予入库"),
        basis="R-160",
        guards=[guards.reason_given],
        caution=True,
    )
    def decline(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The bureau, or the person, says no."""
        self.reason = reason

    @transition(
        state,
        source=S.VETTED,
        target=S.VETTED,
        who=rules.allows_more,
        label=_("批准超届聘任"),
        basis="A-31",
        guards=[guards.beyond_the_terms, guards.reason_given],
    )
    def allow_more(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The bureau lets the person serve once more than the limit, for a reason."""
        self._allow(reason)

    @transition(
        state,
        source=S.VETTED,
        target=S.APPOINTED,
        who=rules.appoints,
        label=_("聘任"),
        basis="R-163",
        guards=[
            guards.another_nominated,
            guards.title_sufficient,
            guards.not_barred,
            guards.term_not_too_long,
            guards.terms_left,
        ],
    )
    def appoint(
        self, *, by: Actor, at: dt.datetime, starts_on: dt.date, ends_on: dt.date, number: int, **_facts: Any
    ) -> None:
        """The person serves from one day to another, once the promise of secrecy and recusal is given."""
        self._begin(starts_on, ends_on, number)

    @transition(
        state,
        source=S.APPOINTED,
        target=S.APPOINTED,
        who=rules.is_the_expert,
        label=_("签署保密和回避承诺"),
        basis="R-116",
        guards=[guards.promise_read],
    )
    def promise(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The expert promises secrecy and to keep out of cases of their own; only then are they drawn."""
        self.promised_at = at

    @transition(
        state,
        source=S.APPOINTED,
        target=S.PAUSED,
        who=rules.checks_it,
        label=_("暂停抽取"),
        basis="R-160",
        guards=[guards.reason_given],
    )
    def pause(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """On leave or under investigation: not drawn for a while."""
        self.reason = reason

    @transition(
        state,
        source=S.PAUSED,
        target=S.APPOINTED,
        who=rules.checks_it,
        label=_("恢复抽取"),
        basis="R-160",
        guards=[guards.not_barred],
    )
    def resume(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Drawn again from now on."""
        self.reason = ""

    @transition(
        state,
        source=sorted(SERVING),
        target=S.ENDED,
        who=rules.ends_term,
        label=_("结束聘期"),
        basis="R-163",
        guards=[guards.over_or_explained],
        caution=True,
    )
    def end(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The term is over, or somebody gave a reason to end it."""
        self.reason = reason

    @transition(
        state,
        source=S.ENDED,
        target=S.ENDED,
        who=rules.checks_it,
        label=_("履职考核"),
        basis="R-164",
        guards=[guards.assessment_explained],
    )
    def assess(self, *, by: Actor, at: dt.datetime, assessment: str, remark: str = "", **_facts: Any) -> None:
        """The agency judges the duty of the term that is over."""
        self.assessment, self.assessment_remark, self.assessed_at = assessment, remark, at

    @transition(
        state,
        source=S.ENDED,
        target=S.ENDED,
        who=rules.allows_more,
        label=_("批准超届续聘"),
        basis="A-31",
        guards=[guards.beyond_the_terms, guards.reason_given],
    )
    def allow_renewal(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The bureau lets the person go on beyond the limit, for a reason."""
        self._allow(reason)

    @transition(
        state,
        source=S.ENDED,
        target=S.APPOINTED,
        who=rules.renews,
        label=_("续聘"),
        basis="R-164",
        guards=[
            guards.duty_passed,
            guards.title_sufficient,
            guards.not_barred,
            guards.term_not_too_long,
            guards.terms_left,
        ],
    )
    def renew(
        self, *, by: Actor, at: dt.datetime, starts_on: dt.date, ends_on: dt.date, number: int, **_facts: Any
    ) -> None:
        """The bureau appoints the person for another term, after the last one was judged good."""
        self._begin(starts_on, ends_on, number)

    @transition(
        state,
        source=[*sorted(SERVING), S.ENDED, S.VETTED],
        target=S.DISQUALIFIED,
        who=rules.disqualifies,
        label=_("取消专家资格"),
        basis="R-144",
        guards=[guards.bar_decided],
        caution=True,
    )
    def disqualify(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """A decision of the integrity archive takes the qualification away; no draw knows the person any more."""
        self.reason = reason

    @transition(
        state,
        source=S.DISQUALIFIED,
        target=S.PAUSED,
        who=is_system,
        label=_("恢复专家资格"),
        basis="A-45",
        guards=[guards.bar_lifted],
    )
    def reinstate(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The decision was quashed while the term runs: the agency lets the person be drawn again."""
        self.reason = reason

    @transition(
        state,
        source=S.DISQUALIFIED,
        target=S.VETTED,
        who=is_system,
        label=_("恢复待聘任"),
        basis="A-45",
        guards=[guards.bar_lifted],
    )
    def reinstate_vetted(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The decision was quashed before the first appointment: that may follow again."""
        self.reason = ""

    @transition(
        state,
        source=S.DISQUALIFIED,
        target=S.ENDED,
        who=is_system,
        label=_("恢复为聘期结束"),
        basis="A-45",
        guards=[guards.bar_lifted],
    )
    def reinstate_ended(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The decision was quashed after the term had run out: another one may follow."""
        self.reason = ""

    def _allow(self, reason: str) -> None:
        self.allowed_number, self.allowed_reason = self.next_number, reason

    def _begin(self, starts_on: dt.date, ends_on: dt.date, number: int) -> None:
        self.starts_on, self.ends_on, self.number = starts_on, ends_on, number
        self.promised_at, self.reason = None, ""
        self.assessment, self.assessment_remark, self.assessed_at = Assessment.NONE, "", None
