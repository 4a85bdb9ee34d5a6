"""One person's application and its way from draft to the agency (domain §8.1)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications import guards, rules
from applications.enums import COUNTED, ENDED, GIVABLE_UP, LIVE, SHOWN_TO_APPLICANT, VOTED, Hold
from applications.enums import ApplicationState as S
from applications.models.agencys_half import AgencysHalf
from applications.models.committees_half import CommitteesHalf
from applications.models.on_paper import ApplicationOnPaper
from applications.models.reopened import ApplicationReopened
from applications.models.results_half import ResultsHalf
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import AGENCY_STAFF
from portal.accounts.rules import is_system
from portal.catalogue.enums import Channel
from portal.catalogue.models import AnnualSchedule, CatalogueEntry
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition

BEFORE_PUBLICITY = (S.SUBMITTED, S.WITH_EMPLOYER)
EVERYTHING = (
    "applicant",
    "employer",
    "entry__edition",
    "entry__specialty__series",
    "entry__level",
    "entry__committee__agency",
    "entry__schedule",
)


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications by reader."""

    def of(self, actor: Actor) -> Self:
        """Return the applications of the person who acts personally."""
        return self.filter(applicant=actor.person) if actor.acts_personally else self.none()

    def of_employer(self, actor: Actor) -> Self:
        """Return what the actor's organisation recommends, once it was submitted to it (R-070)."""
        return (
            self.filter(employer=actor.organisation, recommendation__isnull=False)
            if actor.organisation
            else self.none()
        )

    def of_agency(self, actor: Actor) -> Self:
        """Return what came to the committees of the actor's agency."""
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(entry__committee__agency=actor.organisation, recommended_at__isnull=False)

    def live(self) -> Self:
        """Return those that can still lead to a result."""
        return self.filter(state__in=LIVE)

    def counted(self) -> Self:
        """Return those of which a person has one a year: under way, or certified (A-25)."""
        return self.filter(state__in=COUNTED)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*EVERYTHING)


@state_machine
class Application(ApplicationOnPaper, AgencysHalf, CommitteesHalf, ResultsHalf, ApplicationReopened, Coded, Dated):
    """One application of one person in one year, along one row of the year's catalogue.

    ``hold`` stops it without changing its state. ``policy_code`` is the policy version in force at its submission.
    ``defects`` lists what to correct, each with ``text``, the ``place`` where it is put right, and its ``basis``.
    ``reopened_until`` lets a person correct after the individual window what an objection showed to be wrong.
    ``employer`` is who recommends: who pays the insurance, or the association that a freelancer chose.
    """

    CODE_PREFIX: ClassVar[str] = "SB"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = EVERYTHING

    applicant = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="applications", verbose_name=_("申报人")
    )
    entry = models.ForeignKey(
        CatalogueEntry, on_delete=models.PROTECT, related_name="applications", verbose_name=_("目录条目")
    )
    year = models.PositiveSmallIntegerField(_("评审年度"))
    channel = models.CharField(_("申报方式"), max_length=20, choices=Channel, default=Channel.ORDINARY)
    title = models.CharField(_("申报职称"), max_length=30)
    state = StateField(_("状态"), default=S.DRAFT, choices=S)
    hold = models.CharField(_("暂停"), max_length=20, choices=Hold, default=Hold.NONE)
    employer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("推荐单位"),
    )
    policy_code = models.CharField(max_length=30, blank=True)
    return_count = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    returns_allowed = models.PositiveSmallIntegerField(default=1)
    defects = models.JSONField(_("补正内容"), default=list, blank=True)
    reopened_until = models.DateTimeField(_("更正截止"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(_("首次提交时间"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    recommended_at = models.DateTimeField(_("推荐时间"), null=True, blank=True)
    state_since = models.DateTimeField(_("当前状态起始"))
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    end_reason = models.CharField(_("终止原因"), max_length=500, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("职称申报")
        constraints = [
            models.UniqueConstraint(
                name="one_live_application_a_year", fields=["applicant", "year"], condition=Q(state__in=sorted(COUNTED))
            ),
            models.CheckConstraint(
                name="ended_application_has_time", condition=Q(state__in=sorted(ENDED)) ^ Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="submitted_application_has_employer",
                condition=Q(state__in=[S.DRAFT, S.LAPSED, S.WITHDRAWN, S.DISQUALIFIED])
                | Q(employer__isnull=False, submitted_at__isnull=False) & ~Q(policy_code=""),
            ),
            models.CheckConstraint(
                name="only_freelancers_on_paper", condition=Q(on_paper=False) | Q(channel=Channel.FREELANCER)
            ),
            models.CheckConstraint(
                name="returned_no_more_than_allowed",
                condition=Q(return_count__lte=F("returns_allowed"), returns_allowed__lte=2),
            ),
        ]
        indexes = [
            models.Index(name="application_of_person", fields=["applicant", "-year"]),
            models.Index(name="application_of_employer", fields=["employer", "state", "submitted_at"]),
            models.Index(name="application_of_entry", fields=["entry", "state"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def schedule(self) -> AnnualSchedule | None:
        """The year's windows for the chosen row."""
        return self.entry.schedule

    @property
    def is_live(self) -> bool:
        """Whether it can still lead to a result."""
        return self.state in LIVE

    @property
    def is_certified(self) -> bool:
        """Whether a certificate was issued for it."""
        return bool(self.state == S.CERTIFIED)

    @property
    def state_before_acceptance(self) -> S:
        """The state as the person and the employer may know it: a vote shows as the evaluation that it ended (domain §9)."""
        return S.ON_AGENDA if self.state in VOTED else S(self.state)

    def state_shown_to(self, actor: Actor) -> Any:
        """Return the state in the words of the reader: the applicant's own, or the office's."""
        told = self.state_before_acceptance
        return SHOWN_TO_APPLICANT.get(told, told.label) if rules.is_applicant.test(actor, self) else told.label

    def _moved(self, at: dt.datetime) -> None:
        self.state_since = at

    def _ended(self, at: dt.datetime, reason: str = "") -> None:
        self.state_since = self.ended_at = at
        self.end_reason = reason

    @transition(
        state,
        source=S.DRAFT,
        target=S.SUBMITTED,
        who=rules.is_applicant,
        label=_("提交申报"),
        basis="R-063",
        guards=[
            guards.inside_the_window,
            guards.still_on_offer,
            guards.not_barred,
            guards.dossier_is_complete,
            guards.commitment_made,
        ],
        caution=True,
    )
    def submit(self, *, by: Actor, at: dt.datetime, dossier: Any, policy: str, **_facts: Any) -> None:
        """The person answers for the content; it is frozen and goes to whoever recommends."""
        self._moved(at)
        self.submitted_at = at
        self.first_submitted_at = self.first_submitted_at or at
        self.employer = dossier.employer
        self.policy_code = policy

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.WITH_EMPLOYER,
        who=rules.employs,
        label=_("受理"),
        basis="R-070",
        guards=[guards.still_insured_there],
    )
    def receive(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The employer opens it and begins to check."""
        self._moved(at)

    @transition(
        state,
        source=BEFORE_PUBLICITY,
        target=S.DRAFT,
        who=rules.is_applicant,
        label=_("取回修改"),
        basis="R-024",
        guards=[guards.inside_the_window, guards.not_yet_publicised],
    )
    def take_back(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person edits again; what was submitted is discarded."""
        self._moved(at)

    @transition(
        state,
        source=BEFORE_PUBLICITY,
        target=S.DRAFT,
        who=rules.follows_the_employer,
        label=_("退回申报人修改"),
        basis="R-071",
        guards=[guards.may_be_edited_again],
    )
    def send_back(
        self, *, by: Actor, at: dt.datetime, reopened_until: dt.datetime | None = None, **_facts: Any
    ) -> None:
        """The employer, or an objection that was upheld and can be put right, asks for changes."""
        self._moved(at)
        self.reopened_until = reopened_until

    @transition(
        state,
        source=[S.DRAFT, S.SUBMITTED, S.WITH_EMPLOYER, S.RESUBMITTED, S.RETURNED],
        target=S.NOT_RECOMMENDED,
        who=rules.follows_the_employer,
        label=_("不予推荐"),
        basis="R-071",
        guards=[guards.employer_refused],
        caution=True,
    )
    def not_recommend(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The employer does not recommend, at first or after a correction; the person may apply again next year.

        An objection can decide so even while the person corrects what another one showed to be wrong.
        """
        self._ended(at, reason)

    @transition(
        state,
        source=S.WITH_EMPLOYER,
        target=S.RECOMMENDED,
        who=rules.employs_as_head,
        label=_("单位推荐"),
        basis="R-073",
        guards=[guards.employer_recommended, guards.not_on_hold],
    )
    def recommend(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The employer publicised it without objection and answers for its opinion."""
        self._moved(at)
        self.recommended_at = at

    @transition(
        state,
        source=[S.DRAFT, S.SUBMITTED, S.WITH_EMPLOYER, S.RESUBMITTED],
        target=S.LAPSED,
        who=is_system,
        label=_("逾期失效"),
        basis="R-025",
        guards=[guards.time_is_over],
    )
    def lapse(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The window, or the employer's time to check again, is over."""
        self._ended(at, reason)

    @transition(
        state,
        source=S.RECOMMENDED,
        target=S.UNDER_REVIEW,
        who=rules.is_the_agency | is_system,
        label=_("机构受理"),
        basis="R-026",
    )
    def take(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The agency begins its first check."""
        self._moved(at)

    @transition(
        state,
        source=[S.UNDER_REVIEW, S.UNDER_SECOND_REVIEW],
        target=S.RETURNED,
        who=rules.is_the_agency | is_system,
        label=_("一次性告知退回补正"),
        basis="R-091",
        guards=[guards.not_returned_before, guards.every_defect_is_told, guards.nothing_holds_it],
        caution=True,
    )
    def return_once(self, *, by: Actor, at: dt.datetime, defects: list[dict[str, str]], **_facts: Any) -> None:
        """The agency tells once everything that must be corrected; again only where the bureau authorised it (A-09)."""
        self._moved(at)
        self.return_count += 1
        self.defects = defects

    @transition(
        state,
        source=S.RETURNED,
        target=S.RESUBMITTED,
        who=rules.is_applicant,
        label=_("提交补正"),
        basis="R-092",
        guards=[guards.dossier_is_complete, guards.commitment_made],
        caution=True,
    )
    def resubmit(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Corrected in time; the employer checks and recommends again (R-078)."""
        self._moved(at)
        self.submitted_at = at

    @transition(
        state,
        source=S.RESUBMITTED,
        target=S.RETURNED,
        who=is_system,
        label=_("异议成立，再次更正"),
        basis="A-08",
        guards=[guards.may_be_edited_again],
    )
    def correct_again(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """An objection to the corrected content was upheld and can be put right; the agency's one return is not counted again."""
        self._moved(at)
        self.defects = [{"text": reason, "place": "", "basis": "A-08"}]

    @transition(
        state,
        source=S.RETURNED,
        target=S.DEEMED_WITHDRAWN,
        who=is_system,
        label=_("逾期未补正，视为放弃"),
        basis="R-093",
    )
    def expire_correction(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The deadline passed without a correction; nobody decides this."""
        self._ended(at, reason)

    @transition(
        state,
        source=S.RESUBMITTED,
        target=S.UNDER_SECOND_REVIEW,
        who=rules.employs_as_head,
        label=_("单位复核推荐"),
        basis="R-078",
        guards=[guards.employer_recommended, guards.not_on_hold],
    )
    def confirm_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The employer stands by its recommendation of the corrected file."""
        self._moved(at)
        self.recommended_at = at

    @transition(
        state,
        source=sorted(GIVABLE_UP),
        target=S.WITHDRAWN,
        who=rules.is_applicant,
        label=_("撤回申报"),
        basis="A-25",
        caution=True,
    )
    def withdraw(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The person gives this year's application up; no disadvantage follows for the next."""
        self._ended(at, reason)

    @transition(
        state,
        source=sorted(LIVE),
        target=S.DISQUALIFIED,
        who=rules.disqualifies,
        label=_("取消申报资格"),
        basis="R-140",
        caution=True,
    )
    def disqualify(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """Fraud was established before a title existed."""
        self._ended(at, reason)
