"""One session of a filed committee: who was drawn, who came, and how the meeting went (domain §8.6)."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF, BUREAU_DECIDERS, Role
from portal.accounts.rules import bureau_lead, is_system
from portal.catalogue.models import Committee
from portal.documents.models import StoredFile
from portal.shared import clock
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.sitting import (
    AFTER_SIGNING,
    BEFORE_OPENING,
    SEATED,
    BallotMode,
    MemberState,
    SessionState,
    StopDecision,
)
from review.guards import sitting as guards
from review.guards import voting
from review.models.committee_filing import CommitteeFiling

if TYPE_CHECKING:
    from review.models.session_member import SessionMember

S = SessionState
LONGEST_TEXT = 4000


class CommitteeSessionQuerySet(models.QuerySet["CommitteeSession"]):
    """Sessions by reader."""

    def of_agency(self, actor: Actor) -> Self:
        """Return the sessions of the committees of the actor's agency."""
        if actor.organisation is None or not AGENCY_STAFF & actor.roles:
            return self.none()
        return self.filter(committee__agency=actor.organisation)

    def of_member(self, actor: Actor) -> Self:
        """Return the sessions in which the expert has a seat at the agency acted for, once invited; none that were declined."""
        if actor.person is None or Role.EXPERT not in actor.roles:
            return self.none()
        told = sorted(SEATED - {MemberState.DRAWN})
        return self.filter(members__person=actor.person, members__state__in=told, committee__agency=actor.organisation)

    def asked_to_stop(self) -> Self:
        """Return the sessions whose commissioner asked to stop them and waits for the bureau's decision (A-47)."""
        asked = self.filter(stop_asked_at__isnull=False, stop_answered_at=None)
        return asked.exclude(state__in=[S.CANCELLED, S.VOIDED])

    def of_commissioner(self, actor: Actor) -> Self:
        """Return the sessions that the actor watches (R-115)."""
        return self.filter(commissioner=actor.person) if Role.COMMISSIONER in actor.roles else self.none()

    def for_reader(self, actor: Actor) -> Self:
        """Return whatever the actor may see in any of their capacities; the bureau sees all (domain §9)."""
        if BUREAU_DECIDERS & actor.roles:
            return self
        mine = [self.of_agency(actor), self.of_member(actor), self.of_commissioner(actor)]
        return self.filter(reduce(or_, (Q(pk__in=found.values("pk")) for found in mine)))

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*CommitteeSession.FETCHED_WITH)


@state_machine
class CommitteeSession(Coded, Dated):
    """One meeting of a committee whose members were drawn from its filed roll.

    ``size`` is the odd number of seats, copied from the filing; with a seat replaced it stays the same (A-52).
    ``policy_code`` is the policy version of the day of the meeting, for quorum and sizes; the share of votes is that of
    each application's own version. ``revision`` grows with every visible move: live screens follow it.
    """

    CODE_PREFIX: ClassVar[str] = "HY"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("committee__agency", "filing", "commissioner", "count_sheet")

    filing = models.ForeignKey(
        CommitteeFiling, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("评委会备案")
    )
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("评审委员会")
    )
    title = models.CharField(_("名称"), max_length=80)
    mode = models.CharField(_("表决方式"), max_length=12, choices=BallotMode, default=BallotMode.ELECTRONIC)
    starts_at = models.DateTimeField(_("开会时间"))
    place = models.CharField(_("地点"), max_length=200)
    size = models.PositiveSmallIntegerField(_("委员人数"))
    policy_code = models.CharField(max_length=30)
    state = StateField(_("状态"), default=S.DRAFT, choices=S)
    state_since = models.DateTimeField(_("当前状态起始"))
    revision = models.PositiveIntegerField(default=0)
    commissioner = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("监督委员")
    )
    commissioner_came_at = models.DateTimeField(_("监督委员到场时间"), null=True, blank=True)
    commissioner_absence = models.CharField(_("监督委员未到场的原因"), max_length=300, blank=True)
    remarks = models.TextField(_("监督委员意见"), max_length=LONGEST_TEXT, blank=True)
    remarked_at = models.DateTimeField(_("监督委员意见时间"), null=True, blank=True)
    stop_asked_at = models.DateTimeField(_("监督委员建议停止会议的时间"), null=True, blank=True)
    stop_reason = models.CharField(_("监督委员建议停止会议的理由"), max_length=500, blank=True)
    stop_decision = models.CharField(_("对停止会议建议的决定"), max_length=10, choices=StopDecision, blank=True)
    stop_answer = models.CharField(_("决定的理由"), max_length=500, blank=True)
    stop_answered_at = models.DateTimeField(_("决定的时间"), null=True, blank=True)
    opened_at = models.DateTimeField(_("开会签到后宣布开会时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("闭会时间"), null=True, blank=True)
    minutes = models.TextField(_("会议记录"), max_length=20000, blank=True)
    signed_at = models.DateTimeField(_("签署时间"), null=True, blank=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signature = models.CharField(_("计票结果摘要值"), max_length=64, blank=True)
    count_sheet = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("计票单")
    )
    end_reason = models.CharField(_("取消或者认定无效的理由"), max_length=500, blank=True)

    objects = CommitteeSessionQuerySet.as_manager()

    seen: list[tuple[int, int, str]] | None = None

    class Meta:
        verbose_name = _("评审会议")
        constraints = [
            models.CheckConstraint(name="session_has_three_seats", condition=Q(size__gte=3)),
            models.CheckConstraint(
                name="signed_session_has_signature",
                condition=~Q(state__in=[S.SIGNED, S.REPORTED])
                | Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(signature=""),
            ),
            models.CheckConstraint(
                name="answered_stop_has_reason",
                condition=Q(stop_answered_at=None, stop_decision="", stop_answer="")
                | Q(stop_answered_at__isnull=False, stop_asked_at__isnull=False)
                & ~Q(stop_decision="")
                & ~Q(stop_answer=""),
            ),
            models.CheckConstraint(
                name="ended_session_has_reason", condition=~Q(state__in=[S.CANCELLED, S.VOIDED]) | ~Q(end_reason="")
            ),
        ]
        indexes = [models.Index(name="session_of_committee", fields=["committee", "-starts_at"])]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> dt.date:
        """The Beijing day of the meeting."""
        return clock.day_of(self.starts_at)

    @property
    def waits_for_stop_answer(self) -> bool:
        """Whether the commissioner asked to stop the meeting and the bureau has not decided yet (A-47)."""
        is_asked = self.stop_asked_at is not None and self.stop_answered_at is None
        return is_asked and self.state not in {S.CANCELLED, S.VOIDED}

    def standing(self) -> list[tuple[int, int, str]]:
        """Return key, number and state of each case in the agenda's order: read anew but for a page, which reads it once."""
        if self.seen is not None:
            return self.seen
        return list(self.items.order_by("order").values_list("pk", "order", "state"))

    def watchers(self) -> set[tuple[int, int]]:
        """Return place and member of each scrutineer: from what was read for a page, or anew."""
        if self.seen is None:
            return set(self.scrutineers.values_list("place", "member"))
        return {(one.scrutiny.place, one.pk) for one in self.members.all() if hasattr(one, "scrutiny")}

    def in_the_room(self) -> "list[SessionMember]":
        """Return who is present, with the terms they serve: from what was read for a page, or anew."""
        members = self.members.select_related("person", "term").order_by("place")
        return [one for one in (members if self.seen is None else self.members.all()) if one.is_present]

    def read_once(self) -> None:
        """Read for one page who sits in the session and how its cases stand: whatever the page asks is told from it.

        A step never does so: it locks the row, and asks for what holds then.
        """
        seats = self.members.select_related("person", "term", "replaced_by", "scrutiny").order_by("place")
        models.prefetch_related_objects([self], models.Prefetch("members", seats))
        self.seen = self.standing()

    @property
    def is_on_paper(self) -> bool:
        """Whether scrutineers enter totals of ballots on paper."""
        return self.mode == BallotMode.PAPER

    def _moved(self, at: dt.datetime) -> None:
        self.state_since = at
        self.revision += 1

    @transition(
        state,
        source=S.DRAFT,
        target=S.DRAWN,
        who=is_system,
        label=_("抽取专家"),
        basis="R-116",
        guards=[guards.filing_in_force, guards.size_is_lawful],
    )
    def draw_members(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The commissioner's share opened the draw; the order and the seats follow from it."""
        self._moved(at)

    @transition(
        state,
        source=S.DRAWN,
        target=S.CONVENED,
        who=rules.prepares_session,
        label=_("召集会议"),
        basis="E-11",
        guards=[guards.filing_in_force, guards.everybody_accepted, guards.chair_named],
    )
    def convene(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Every seat is taken by somebody who promised secrecy; people can be put on the agenda."""
        self._moved(at)

    @transition(
        state,
        source=S.CONVENED,
        target=S.OPEN,
        who=rules.chairs_session,
        label=_("宣布开会"),
        basis="A-03",
        guards=[
            guards.on_the_day,
            guards.filing_in_force,
            guards.agency_may_evaluate,
            guards.everybody_in_the_room_serves,
            guards.quorum_at_opening,
            guards.scrutineers_present,
            voting.joint_key_ready,
            guards.commissioner_accounted_for,
            guards.something_to_decide,
        ],
        caution=True,
    )
    def open_session(self, *, by: Actor, at: dt.datetime, commissioner_absence: str = "", **_facts: Any) -> None:
        """Enough of the committee came; from here on only the chair moves the agenda."""
        self._moved(at)
        self.opened_at = at
        self.commissioner_absence = "" if self.commissioner_came_at else commissioner_absence.strip()

    @transition(
        state,
        source=S.OPEN,
        target=S.CLOSED,
        who=rules.chairs_session_or_system,
        label=_("宣布闭会"),
        basis="R-114",
        guards=[guards.every_item_settled],
        caution=True,
    )
    def close_session(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Every case was decided, put off or removed; nobody votes any more."""
        self._moved(at)
        self.closed_at = at

    @transition(
        state,
        source=S.CLOSED,
        target=S.SIGNED,
        who=rules.signs_session,
        label=_("签署计票结果"),
        basis="E-11",
        guards=[guards.totals_reconcile, guards.minutes_written, guards.commissioner_remarked],
        caution=True,
    )
    def sign(self, *, by: Actor, at: dt.datetime, signature: str, **_facts: Any) -> None:
        """The chair answers for the count; nothing of it changes any more."""
        self._moved(at)
        self.signed_at, self.signed_by, self.signature = at, by.person, signature

    @transition(
        state,
        source=S.SIGNED,
        target=S.REPORTED,
        who=rules.reports_session,
        label=_("报送验收"),
        basis="R-120",
        guards=[guards.something_was_decided],
    )
    def report(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The results went to the bureau for acceptance."""
        self._moved(at)

    @transition(
        state,
        source=sorted(BEFORE_OPENING),
        target=S.CANCELLED,
        who=rules.cancels_session,
        label=_("取消会议"),
        basis="R-118",
        guards=[guards.reason_given],
        caution=True,
    )
    def cancel(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The session will not take place; its cases wait for another one."""
        self._moved(at)
        self.end_reason = reason.strip()

    @transition(
        state,
        source=sorted(AFTER_SIGNING),
        target=S.VOIDED,
        who=bureau_lead,
        label=_("认定会议无效"),
        basis="A-23",
        guards=[guards.reason_given, guards.not_before_the_bureau],
        caution=True,
    )
    def void(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The procedure was violated: other members vote again in another session (R-152)."""
        self._moved(at)
        self.end_reason = reason.strip()
