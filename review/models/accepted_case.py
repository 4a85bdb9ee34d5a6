"""One person of a reported batch: what the committee decided, what the checks found, and what the bureau did with it."""

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import VOTED, ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS
from portal.accounts.rules import is_system
from portal.catalogue.enums import LevelKey
from portal.documents.models import StoredFile
from portal.publicity.models import Notice
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.accepting import CaseState as C
from review.guards import accepting as guards
from review.models.agenda_item import AgendaItem
from review.models.result_acceptance import ResultAcceptance

LONGEST_NUMBER = 60
FROZEN = [
    "acceptance",
    "item",
    "application",
    "is_pass",
    "title",
    "level",
    "series",
    "specialty",
    "committee",
    "passed_on",
    "district_limited",
]


class AcceptedCaseQuerySet(models.QuerySet["AcceptedCase"]):
    """Persons of batches."""

    def at(self, actor: Actor) -> Self:
        """Return those that the actor's office sees: an agency its own, the bureau all."""
        if BUREAU_DECIDERS & actor.roles:
            return self
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(acceptance__session__committee__agency=actor.organisation)

    def to_be_shown(self) -> Self:
        """Return who passed, was accepted, and stands on no notice yet; whom a lead proposed to exempt waits for that."""
        passed = self.filter(state=C.ACCEPTED, is_pass=True, exemption_by=None)
        return passed.filter(application__state=ApplicationState.ACCEPTED)

    def to_be_exempted(self) -> Self:
        """Return who is proposed not to be shown and waits for a second approver (A-12)."""
        open_ones = self.filter(state=C.ACCEPTED, application__state=ApplicationState.ACCEPTED, exempted_by=None)
        return open_ones.exclude(exemption_by=None)

    def unfinished(self) -> Self:
        """Return who still needs something before a certificate: held, to be shown, or on show."""
        shown = [ApplicationState.ACCEPTED, ApplicationState.IN_RESULT_NOTICE]
        held = Q(state=C.HELD, application__state__in=sorted(VOTED))
        return self.filter(held | Q(state=C.ACCEPTED, application__state__in=shown))

    def uncertified(self) -> Self:
        """Return who is cleared and has no certificate yet."""
        return self.filter(state=C.ACCEPTED, is_pass=True, application__state=ApplicationState.CLEARED)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*AcceptedCase.FETCHED_WITH)


@state_machine
class AcceptedCase(Coded, Dated):
    """One result as it was reported; everything the certificate needs is copied here once and never changes.

    ``level`` is the catalogue's key. ``passed_on`` is the day of the vote (A-32). ``district_limited`` names the
    district outside which the title does not hold, and is empty for every other channel (R-128). ``is_restricted`` is
    set by an exemption from the public list (A-12). ``checks`` are the results as the decision saw them. ``decision`` and
    its number name the review that had others vote again after the outcome was told. What an upheld objection or a
    withdrawn notice found to be a clerical error stands beside what was reported, which stays.
    """

    CODE_PREFIX: ClassVar[str] = "YR"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = (
        "acceptance__session__committee__agency",
        "application__applicant",
        "application__employer",
        "application__entry__committee",
        "item",
        "notice",
    )

    acceptance = models.ForeignKey(ResultAcceptance, on_delete=models.PROTECT, related_name="cases")
    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="accepted_case")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="accepted_cases")
    state = StateField(_("状态"), default=C.REPORTED, choices=C)
    state_since = models.DateTimeField(_("当前状态起始"))
    is_pass = models.BooleanField(_("表决通过"))
    title = models.CharField(_("职称"), max_length=30)
    level = models.CharField(_("级别"), max_length=20, choices=LevelKey)
    series = models.CharField(_("系列"), max_length=60)
    specialty = models.CharField(_("专业"), max_length=60)
    committee = models.CharField(_("评审委员会"), max_length=80)
    passed_on = models.DateField(_("评审通过日期"))
    district_limited = models.CharField(_("限定使用的区"), max_length=30, blank=True)
    checks = models.JSONField(_("核查结果"), default=list, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("结果公示")
    )
    shown_unit = models.CharField(_("更正后公示的工作单位"), max_length=200, blank=True)
    shown_specialty = models.CharField(_("更正后公示的专业"), max_length=60, blank=True)
    correction_reason = models.CharField(_("更正公示内容的理由"), max_length=500, blank=True)
    exemption_reason = models.CharField(_("不公开公示的理由"), max_length=500, blank=True)
    exemption_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    exempted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    exempted_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    is_restricted = models.BooleanField(_("限制查验"), default=False)
    decision_number = models.CharField(_("复查决定文号"), max_length=LONGEST_NUMBER, blank=True)
    decision = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复查决定书")
    )

    objects = AcceptedCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("验收人员")
        ordering = ["acceptance", "item__order"]
        constraints = [
            models.UniqueConstraint(
                name="one_standing_result_an_application",
                fields=["application"],
                condition=Q(state__in=[C.REPORTED, C.ACCEPTED, C.HELD]),
            ),
            models.CheckConstraint(
                name="exempted_by_two",
                condition=Q(is_restricted=False)
                | Q(exemption_by__isnull=False, exempted_by__isnull=False)
                & ~Q(exempted_by=models.F("exemption_by"))
                & ~Q(exemption_reason=""),
            ),
            models.CheckConstraint(name="held_has_reason", condition=~Q(state=C.HELD) | ~Q(reason="")),
            models.CheckConstraint(
                name="decision_has_number", condition=Q(decision=None, decision_number="") | ~Q(decision_number="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="results_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="results_are_frozen", fields=FROZEN),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def policy_code(self) -> str:
        """The policy version of the application, as the ledger notes it."""
        return self.application.policy_code

    @property
    def unit_in_force(self) -> str:
        """The employer as the public page names it, once corrected."""
        return self.shown_unit or (self.application.employer.name if self.application.employer else "")

    @property
    def specialty_in_force(self) -> str:
        """The specialty as public page and certificate name it, once corrected."""
        return self.shown_specialty or self.specialty

    @property
    def waits_for_second_approver(self) -> bool:
        """Whether somebody proposed not to show the person, and nobody decided on it yet."""
        is_accepted = self.state == C.ACCEPTED and self.application.state == ApplicationState.ACCEPTED
        return is_accepted and self.exemption_by_id is not None and self.exempted_by_id is None

    @property
    def waits_for_a_new_notice(self) -> bool:
        """Whether the person was on a notice that cleared nobody: struck to be corrected, or withdrawn with it."""
        is_accepted = self.state == C.ACCEPTED and self.application.state == ApplicationState.ACCEPTED
        return is_accepted and self.notice_id is not None

    @transition(state, source=C.REPORTED, target=C.ACCEPTED, who=is_system, label=_("验收"), basis="R-121")
    def accept(self, *, by: Actor, at: dt.datetime, found: Any, **_facts: Any) -> None:
        """The lead accepted the batch with this person."""
        self.state_since, self.checks = at, found.rows

    @transition(state, source=C.REPORTED, target=C.HELD, who=is_system, label=_("暂缓验收"), basis="A-23")
    def hold(self, *, by: Actor, at: dt.datetime, reason: str, found: Any, **_facts: Any) -> None:
        """The lead accepted the batch without this person, whose result is looked into."""
        self.state_since, self.reason, self.checks = at, reason.strip(), found.rows

    @transition(
        state,
        source=C.HELD,
        target=C.ACCEPTED,
        who=rules.decides_batches,
        label=_("补充验收"),
        basis="A-23",
        guards=[
            guards.another_checked_it,
            guards.waits_for_acceptance,
            guards.nothing_holds_it,
            guards.reason_given,
            guards.case_holds,
        ],
    )
    def release(self, *, by: Actor, at: dt.datetime, reason: str, found: Any, **_facts: Any) -> None:
        """What was looked into came to nothing: the result stands like those of the others."""
        self.state_since, self.reason, self.checks = at, reason.strip(), found.rows

    @transition(
        state,
        source=C.HELD,
        target=C.REVOTED,
        who=rules.decides_batches,
        label=_("责令重新评审"),
        basis="A-24",
        guards=[guards.another_checked_it, guards.waits_for_acceptance, guards.reason_given],
        caution=True,
    )
    def order_revote(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The procedure was faulty for this person: others vote again in another session."""
        self.state_since, self.reason = at, reason.strip()

    @transition(
        state,
        source=C.ACCEPTED,
        target=C.REVOTED,
        who=rules.decides_batches,
        label=_("按复查决定重新评审"),
        basis="A-24",
        guards=[
            guards.was_told_of_failing,
            guards.another_checked_it,
            guards.decision_shown,
            guards.reason_given,
        ],
        caution=True,
    )
    def revote_on_appeal(
        self,
        *,
        by: Actor,
        at: dt.datetime,
        reason: str,
        decision_number: str,
        decision: StoredFile | None,
        **_facts: Any,
    ) -> None:
        """A review or appeal was upheld after the outcome was told; the bureau carries its decision out (domain §8.17 #6)."""
        self.state_since, self.reason = at, reason.strip()
        self.decision_number, self.decision = decision_number.strip()[:LONGEST_NUMBER], decision

    @transition(state, source=[C.REPORTED, C.HELD], target=C.VOIDED, who=is_system, label=_("结果作废"), basis="A-23")
    def void(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The session was voided, or this outcome on appeal; it does not stand."""
        self.state_since, self.reason = at, reason.strip()

    @transition(
        state,
        source=[C.REPORTED, C.ACCEPTED, C.HELD],
        target=C.CLOSED,
        who=is_system,
        label=_("申报已终止"),
        basis="R-140",
    )
    def close(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The application ended: disqualified, or its result was not recognised."""
        self.state_since = at

    @transition(state, source=C.CLOSED, target=C.ACCEPTED, who=is_system, label=_("复查决定恢复评审结果"), basis="A-24")
    def stand_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A review was upheld: the result counts, and waits for a new notice; the line that was struck stays so."""
        self.state_since = at

    @transition(
        state,
        source=C.ACCEPTED,
        target=C.ACCEPTED,
        who=rules.decides_batches,
        label=_("提出不公开公示"),
        basis="A-12",
        guards=[guards.may_be_exempted, guards.reason_given],
        caution=True,
    )
    def propose_exemption(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """A lead finds the result not fit for disclosure and says why; nothing follows before a second agrees."""
        self.exemption_reason, self.exemption_by = reason.strip(), by.person

    @transition(
        state,
        source=C.ACCEPTED,
        target=C.ACCEPTED,
        who=rules.takes_batches,
        label=_("批准不公开公示"),
        basis="R-213",
        guards=[guards.may_be_exempted, guards.exemption_proposed, guards.second_approver],
        caution=True,
    )
    def approve_exemption(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A second approver agrees: no public list shows this person, and checks of the certificate are restricted."""
        self.exempted_by, self.exempted_at, self.is_restricted = by.person, at, True

    @transition(
        state,
        source=C.ACCEPTED,
        target=C.ACCEPTED,
        who=rules.takes_batches,
        label=_("不批准不公开公示"),
        basis="A-12",
        guards=[guards.exemption_proposed, guards.second_approver, guards.may_be_exempted],
    )
    def decline_exemption(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The second approver does not agree: the result is publicised like every other."""
        self.exemption_reason, self.exemption_by = "", None

    @transition(
        state,
        source=C.ACCEPTED,
        target=C.ACCEPTED,
        who=rules.takes_batches,
        label=_("更正公示内容"),
        basis="A-08",
        guards=[
            guards.waits_for_a_new_notice,
            guards.not_ones_own,
            guards.something_is_corrected,
            guards.reason_given,
        ],
    )
    def correct_shown(
        self, *, by: Actor, at: dt.datetime, reason: str, unit: str, specialty: str, **_facts: Any
    ) -> None:
        """A clerical error of the notice is put right before it is posted anew; title, series and level were voted on."""
        self.shown_unit, self.shown_specialty = unit.strip(), specialty.strip()
        self.correction_reason = reason.strip()
