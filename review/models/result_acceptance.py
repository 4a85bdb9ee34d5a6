"""A batch of results before the bureau: reported, checked, accepted in whole or in part, or refused (domain §8.7)."""

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS
from portal.accounts.rules import is_system
from portal.documents.models import StoredFile
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.accepting import UNDECIDED, PaperKind
from review.enums.accepting import AcceptanceState as S
from review.guards import accepting as guards
from review.models.session import CommitteeSession

LONGEST_TEXT = 2000


class ResultAcceptanceQuerySet(models.QuerySet["ResultAcceptance"]):
    """Batches by reader."""

    def at(self, actor: Actor) -> Self:
        """Return the batches that the actor's office sees: an agency its own, the bureau all."""
        if BUREAU_DECIDERS & actor.roles:
            return self
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(session__committee__agency=actor.organisation)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*ResultAcceptance.FETCHED_WITH)


@state_machine
class ResultAcceptance(Coded, Dated):
    """One session's results, reported once; a session that was voided reports no more.

    ``digest`` is the SHA-256 of the whole batch as it was last reported, in canonical JSON. ``checks`` are the results
    of the checks of the batch as the decision saw them; those of a person stand with the person.
    """

    CODE_PREFIX: ClassVar[str] = "YS"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = (
        "session__committee__agency",
        "session__filing",
        "taken_by",
        "decided_by",
    )

    session = models.OneToOneField(CommitteeSession, on_delete=models.PROTECT, related_name="acceptance")
    state = StateField(_("状态"), default=S.SUBMITTED, choices=S)
    state_since = models.DateTimeField(_("当前状态起始"))
    statement = models.TextField(_("情况说明"), max_length=LONGEST_TEXT, blank=True)
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("报送人"))
    reported_at = models.DateTimeField(_("报送时间"))
    digest = models.CharField(_("批次摘要值"), max_length=64)
    taken_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    taken_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    asked = models.TextField(_("退回补正的内容"), max_length=LONGEST_TEXT, blank=True)
    answer = models.TextField(_("补正说明"), max_length=LONGEST_TEXT, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    checks = models.JSONField(_("核查结果"), default=list, blank=True)

    objects = ResultAcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审结果验收")
        constraints = [
            models.CheckConstraint(
                name="decided_batch_has_decision",
                condition=Q(state__in=sorted(UNDECIDED)) | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="another_decided_the_batch",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("taken_by")),
            ),
            models.CheckConstraint(
                name="batch_not_accepted_has_reason",
                condition=~Q(state__in=[S.PARTLY_ACCEPTED, S.REFUSED]) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(name="acceptance_by_state", fields=["state", "reported_at"])]

    def __str__(self) -> str:
        return self.code

    @property
    def policy_code(self) -> str:
        """The policy version of the session's day, as the ledger notes it."""
        return self.session.policy_code

    def unfinished(self) -> Any:
        """Return the cases that still need something of the bureau before certificates: held, to be shown, or on show."""
        return self.cases.unfinished()

    def uncertified(self) -> Any:
        """Return the cases of people who are cleared and wait for their certificate."""
        return self.cases.uncertified()

    def _decided(self, by: Actor, at: dt.datetime, reason: str, checks: list[Any]) -> None:
        self.state_since = self.decided_at = at
        self.decided_by, self.reason, self.checks = by.person, reason.strip(), checks

    @transition(
        state,
        source=S.SUBMITTED,
        target=S.CHECKING,
        who=rules.takes_batches,
        label=_("受理验收"),
        basis="R-148",
        guards=[guards.not_in_the_batch, guards.papers_attached],
    )
    def take(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Somebody of the bureau looks the batch over; another one will decide."""
        self.state_since = self.taken_at = at
        self.taken_by = by.person

    @transition(
        state,
        source=S.CHECKING,
        target=S.SENT_BACK,
        who=rules.takes_batches,
        label=_("退回补正材料"),
        basis="A-23",
        guards=[guards.not_in_the_batch, guards.reason_given],
    )
    def send_back(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """Papers are incomplete; while the agency completes them the promise does not run."""
        self.state_since, self.asked, self.answer = at, reason.strip(), ""

    @transition(
        state,
        source=S.SENT_BACK,
        target=S.SUBMITTED,
        who=rules.reports_batch,
        label=_("补正后重新报送"),
        basis="A-23",
        guards=[guards.papers_attached, guards.answered],
    )
    def report_again(self, *, by: Actor, at: dt.datetime, answer: str, digest: str, **_facts: Any) -> None:
        """The papers are complete; the batch is frozen anew with them."""
        self.state_since, self.answer, self.digest = at, answer.strip(), digest

    @transition(
        state,
        source=S.CHECKING,
        target=S.ACCEPTED,
        who=rules.decides_batches,
        label=_("全部验收"),
        basis="R-121",
        guards=[
            guards.another_checked,
            guards.not_in_the_batch,
            guards.papers_attached,
            guards.record_is_unchanged,
            guards.checks_hold,
        ],
    )
    def accept(self, *, by: Actor, at: dt.datetime, found: Any, **_facts: Any) -> None:
        """Everything holds; every result of the batch stands and may be publicised."""
        self._decided(by, at, "", found.rows)

    @transition(
        state,
        source=S.CHECKING,
        target=S.PARTLY_ACCEPTED,
        who=rules.decides_batches,
        label=_("部分验收"),
        basis="A-23",
        guards=[
            guards.another_checked,
            guards.not_in_the_batch,
            guards.papers_attached,
            guards.record_is_unchanged,
            guards.some_held_some_not,
            guards.reason_given,
            guards.checks_hold,
        ],
    )
    def accept_partly(self, *, by: Actor, at: dt.datetime, reason: str, found: Any, **_facts: Any) -> None:
        """Some persons are held and looked into; the results of the others stand."""
        self._decided(by, at, reason, found.rows)

    @transition(
        state,
        source=S.CHECKING,
        target=S.REFUSED,
        who=rules.decides_batches,
        label=_("验收不通过"),
        basis="R-152",
        guards=[guards.another_checked, guards.not_in_the_batch, guards.reason_given],
        caution=True,
    )
    def refuse(self, *, by: Actor, at: dt.datetime, reason: str, found: Any, **_facts: Any) -> None:
        """The procedure was violated: the session is void and other members vote again."""
        self._decided(by, at, reason, found.rows)

    @transition(
        state,
        source=[S.ACCEPTED, S.PARTLY_ACCEPTED],
        target=S.PUBLICISED,
        who=is_system,
        label=_("公示办结"),
        basis="R-123",
        guards=[guards.everybody_went_on],
    )
    def finish_publicity(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Everybody of the batch is cleared or ended; what is left is to issue certificates."""
        self.state_since = at

    @transition(
        state,
        source=S.PUBLICISED,
        target=S.CERTIFIED,
        who=is_system,
        label=_("证书核发办结"),
        basis="R-123",
        guards=[guards.everybody_is_certified],
    )
    def finish(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Whoever passed and was not stopped on the way has a certificate."""
        self.state_since = at

    @transition(
        state,
        source=[S.PUBLICISED, S.CERTIFIED],
        target=S.ACCEPTED,
        who=is_system,
        label=_("复查决定恢复办理"),
        basis="A-24",
    )
    def go_on(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A result of the batch stands again and is still to be shown; by now nobody of the batch is held."""
        self.state_since = at


class AcceptancePaper(Dated):
    """One paper of a batch, as it was attached; nothing attached is ever taken away."""

    acceptance = models.ForeignKey(ResultAcceptance, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("材料"), max_length=12, choices=PaperKind)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(_("提交时间"))

    class Meta:
        verbose_name = _("验收材料")
        ordering = ["attached_at", "pk"]
        triggers = [pgtrigger.Protect(name="papers_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.acceptance_id}/{self.kind}"
