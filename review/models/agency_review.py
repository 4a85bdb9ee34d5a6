"""The agency's check of one application (domain §8.3)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import Hold
from applications.models import Application, Snapshot
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS
from portal.catalogue.models import Committee
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.checking import CHECKED_IN, FIRST_CHECK_IN, OPEN, WITH_THE_AGENCY, Ground, Proposal
from review.enums.checking import ReviewState as S
from review.guards import checking as guards
from review.models.reopened import ReviewReopened

EVERYTHING = (
    "application__applicant",
    "application__employer",
    "application__entry__edition",
    "application__entry__specialty__series",
    "application__entry__level",
    "application__entry__committee__agency",
    "application__entry__schedule",
    "agency",
    "committee",
    "assignee",
    "proposed_by",
    "snapshot",
)

# What a proposal needs, in the first check and in the second.
BEFORE_PROPOSING = (
    guards.not_suspended,
    guards.nothing_proposed,
    guards.handled_by_maker,
    guards.proposal_chosen,
    guards.everything_decided,
    guards.no_defect_when_passing,
    guards.defects_when_returning,
    guards.returned_only_once,
    guards.reason_when_rejecting,
    guards.rule_when_rejecting,
)


class AgencyReviewQuerySet(models.QuerySet["AgencyReview"]):
    """Reviews by reader and by what is to be done."""

    def at(self, actor: Actor) -> Self:
        """Return those that came to the agency for which the actor works there (R-090)."""
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(agency=actor.organisation)

    def seen_by(self, actor: Actor) -> Self:
        """Return those of the actor's agency, or all for the bureau that supervises it (domain §9)."""
        return self.all() if BUREAU_DECIDERS & actor.roles else self.at(actor)

    def awaiting(self) -> Self:
        """Return those with which the agency has something to do."""
        return self.filter(state__in=WITH_THE_AGENCY)

    def running(self) -> Self:
        """Return those whose clocks run: neither the agency is suspended (R-152) nor the person looked into (R-148)."""
        return self.filter(suspended_since=None).exclude(application__hold=Hold.INVESTIGATION)

    def proposed(self) -> Self:
        """Return those that wait for the lead's confirmation."""
        return self.filter(state__in=CHECKED_IN).exclude(proposal="")

    def overdue(self) -> Self:
        """Return those whose first check was not done in time (R-097)."""
        return self.filter(state__in=FIRST_CHECK_IN, overdue=True)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*EVERYTHING)


@state_machine
class AgencyReview(ReviewReopened, Coded, Dated):
    """What the agency behind the chosen committee does with one application.

    ``proposal`` is what the person who checked proposes; another, the lead, confirms it or sends it back.
    ``suspended_since`` stops it without changing its state while the agency may not evaluate (R-152).
    ``snapshot`` is the frozen content that is checked; ``due_at`` the end of the first check, exclusive.
    ``version`` counts every change of the findings, for pages and programs that were made from an older one.
    """

    CODE_PREFIX: ClassVar[str] = "SH"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = EVERYTHING

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="review")
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("评审服务机构")
    )
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("评审委员会")
    )
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+", verbose_name=_("审核的版本"))
    state = StateField(_("状态"), default=S.QUEUED, choices=S)
    state_since = models.DateTimeField(_("当前状态起始"))
    arrived_at = models.DateTimeField(_("送达时间"))
    due_at = models.DateTimeField(_("首次审核截止"))
    overdue = models.BooleanField(_("逾期未审核"), default=False)
    suspended_since = models.DateTimeField(_("暂停自"), null=True, blank=True)
    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    proposal = models.CharField(_("审核意见"), max_length=10, choices=Proposal, blank=True)
    proposed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出意见的人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), null=True, blank=True)
    reason = models.CharField(_("不通过的原因"), max_length=500, blank=True)
    basis = models.CharField(_("依据"), max_length=10, choices=Ground, blank=True)
    remark = models.CharField(_("复核人的意见"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人")
    )
    decided_at = models.DateTimeField(_("作出结论时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = AgencyReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构审核")
        constraints = [
            models.CheckConstraint(
                name="review_proposed_by_somebody",
                condition=Q(proposal="", proposed_by=None, proposed_at=None)
                | ~Q(proposal="") & Q(proposed_by__isnull=False, proposed_at__isnull=False),
            ),
            models.CheckConstraint(name="review_by_four_eyes", condition=~Q(decided_by=F("proposed_by"))),
            models.CheckConstraint(
                name="review_decided_by_somebody",
                condition=~Q(state__in=[S.PASSED, S.REJECTED])
                | Q(decided_by__isnull=False, proposed_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rejection_has_reason_and_rule",
                condition=~Q(state=S.REJECTED) | ~Q(reason="") & ~Q(basis=""),
            ),
            models.CheckConstraint(
                name="checked_by_somebody",
                condition=~Q(state__in=sorted(CHECKED_IN)) | Q(assignee__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="review_queue_of_agency", fields=["agency", "state", "due_at", "id"]),
            models.Index(name="review_of_committee", fields=["committee", "state", "due_at"]),
            models.Index(name="review_of_assignee", fields=["assignee", "state", "due_at"]),
            models.Index(name="review_overdue", fields=["agency", "due_at"], condition=Q(overdue=True)),
            models.Index(name="review_to_confirm", fields=["agency", "proposed_at"], condition=~Q(proposal="")),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        """Whether the agency, or the applicant who corrects, still has something to do."""
        return self.state in OPEN

    @property
    def is_second(self) -> bool:
        """Whether the file was returned before: what did not change stands."""
        return self.application.return_count > 0

    def _moved(self, at: dt.datetime) -> None:
        self.state_since = at

    def _proposes(self, by: Actor, at: dt.datetime, *, proposal: str, reason: str = "", basis: str = "") -> None:
        self.proposal, self.proposed_by, self.proposed_at = proposal, by.person, at
        rejects = proposal == Proposal.REJECT
        self.reason, self.basis = (reason, basis) if rejects else ("", "")
        self.remark = ""

    def _reconsiders(self, reason: str) -> None:
        self.proposal, self.proposed_by, self.proposed_at = "", None, None
        self.reason, self.basis, self.remark = "", "", reason

    def _decided(self, by: Actor, at: dt.datetime) -> None:
        self._moved(at)
        self.decided_by, self.decided_at, self.overdue = by.person, at, False

    @transition(
        state,
        source=S.QUEUED,
        target=S.CHECKING,
        who=rules.checks_it,
        label=_("开始审核"),
        basis="R-090",
        guards=[guards.not_suspended, guards.not_anothers],
    )
    def take(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Somebody of the agency begins to check, and answers for it from now on."""
        self._moved(at)
        self.assignee = by.person

    @transition(
        state,
        source=S.CHECKING,
        target=S.CHECKING,
        who=rules.checks_it,
        label=_("提出审核意见"),
        basis="R-090",
        guards=BEFORE_PROPOSING,
    )
    def propose(self, *, by: Actor, at: dt.datetime, proposal: str, **facts: Any) -> None:
        """Who checked proposes to pass, to return once, or to reject; the lead confirms it."""
        self._proposes(by, at, proposal=proposal, reason=facts.get("reason", ""), basis=facts.get("basis", ""))

    @transition(
        state,
        source=S.RECHECKING,
        target=S.RECHECKING,
        who=rules.checks_it,
        label=_("提出复审意见"),
        basis="R-092",
        guards=BEFORE_PROPOSING,
    )
    def propose_again(self, *, by: Actor, at: dt.datetime, proposal: str, **facts: Any) -> None:
        """After the correction: pass or reject; a second return only where the bureau authorised it (A-09)."""
        self._proposes(by, at, proposal=proposal, reason=facts.get("reason", ""), basis=facts.get("basis", ""))

    @transition(
        state,
        source=S.CHECKING,
        target=S.CHECKING,
        who=rules.checks_it,
        label=_("撤回意见重新审核"),
        basis="R-096",
        guards=[guards.something_proposed, guards.own_or_lead, guards.remark_unless_own],
    )
    def reconsider(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The lead does not confirm, or the person who proposed looks again."""
        self._reconsiders(reason)

    @transition(
        state,
        source=S.RECHECKING,
        target=S.RECHECKING,
        who=rules.checks_it,
        label=_("撤回意见重新复审"),
        basis="R-096",
        guards=[guards.something_proposed, guards.own_or_lead, guards.remark_unless_own],
    )
    def reconsider_again(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The same in the second check."""
        self._reconsiders(reason)

    @transition(
        state,
        source=sorted(CHECKED_IN),
        target=S.RETURNED,
        who=rules.leads_it,
        label=_("确认退回补正"),
        basis="R-091",
        guards=[
            guards.not_suspended,
            guards.return_proposed,
            guards.another_proposed,
            guards.returned_only_once,
            guards.everything_decided,
            guards.defects_when_returning,
            guards.not_corrected_by_a_review,
        ],
        caution=True,
    )
    def return_once(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The applicant is told everything at once; the file is away until it is corrected."""
        self._reconsiders("")
        self._moved(at)
        self.overdue = False

    @transition(
        state,
        source=S.RETURNED,
        target=S.RECHECKING,
        who=rules.system,
        label=_("补正后送达"),
        basis="R-092",
    )
    def come_back(self, *, by: Actor, at: dt.datetime, snapshot: Snapshot, **_facts: Any) -> None:
        """The corrected file arrives, confirmed by the employer."""
        self._moved(at)
        self.snapshot = snapshot

    @transition(
        state,
        source=sorted(CHECKED_IN),
        target=S.PASSED,
        who=rules.leads_it,
        label=_("确认通过"),
        basis="R-096",
        guards=[
            guards.not_suspended,
            guards.passing_proposed,
            guards.another_proposed,
            guards.everything_decided,
            guards.no_defect_when_passing,
            guards.not_corrected_by_a_review,
        ],
    )
    def pass_review(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Every item was found right by one and confirmed by another."""
        self._decided(by, at)

    @transition(
        state,
        source=sorted(CHECKED_IN),
        target=S.REJECTED,
        who=rules.leads_it,
        label=_("确认不通过"),
        basis="R-090",
        guards=[
            guards.not_suspended,
            guards.rejection_proposed,
            guards.another_proposed,
            guards.not_corrected_by_a_review,
        ],
        caution=True,
    )
    def reject(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A condition is not met; the applicant learns reason, rule and rights."""
        self._decided(by, at)

    @transition(
        state,
        source=S.RETURNED,
        target=S.CLOSED_EXPIRED,
        who=rules.system,
        label=_("逾期未补正"),
        basis="R-093",
        guards=[guards.application_ended],
    )
    def expire(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Not corrected in time; nobody decides this."""
        self._moved(at)

    @transition(
        state,
        source=sorted(OPEN),
        target=S.CLOSED,
        who=rules.system,
        label=_("申报终止"),
        basis="R-067",
        guards=[guards.application_ended],
    )
    def close(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The application ended otherwise: withdrawn, lapsed or disqualified."""
        self._moved(at)
        self.overdue = False
