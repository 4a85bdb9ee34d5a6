"""Who sits in a session: drawn, asked, come, gone; and the three who watch the count (domain §8.6)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.filing import Duty
from review.enums.sitting import GIVEN_BACK, HEADS, SEATED
from review.enums.sitting import MemberState as M
from review.guards import members as guards
from review.models.expert_term import ExpertTerm
from review.models.session import CommitteeSession


class SessionMemberQuerySet(models.QuerySet["SessionMember"]):
    """Seats of sessions."""

    def seated(self) -> Self:
        """Return who has a seat: drawn and not declined."""
        return self.filter(state__in=SEATED)

    def present(self) -> Self:
        """Return who is in the room."""
        return self.filter(state=M.PRESENT)


@state_machine
class SessionMember(Coded, Dated):
    """That an expert has a seat in a session. ``place`` counts from 1 in the draw's order, over the whole eligible set.

    Accepting includes the promise of secrecy and to keep out of cases with a relation. ``left_at`` is the last time
    the member left; who comes back is present again.
    """

    CODE_PREFIX: ClassVar[str] = "WY"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("session__committee__agency", "person", "term")

    session = models.ForeignKey(CommitteeSession, on_delete=models.PROTECT, related_name="members")
    term = models.ForeignKey(ExpertTerm, on_delete=models.PROTECT, related_name="sessions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats_in_sessions")
    place = models.PositiveSmallIntegerField(_("抽取顺序"))
    duty = models.CharField(_("职务"), max_length=10, choices=Duty, default=Duty.MEMBER)
    is_chair = models.BooleanField(_("主持会议"), default=False)
    state = StateField(_("状态"), default=M.DRAWN, choices=M)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("递补")
    )
    passed_over = models.JSONField(_("递补时略过"), default=list, blank=True)
    invited_at = models.DateTimeField(_("邀请时间"), null=True, blank=True)
    promised_at = models.DateTimeField(_("签署保密和回避承诺时间"), null=True, blank=True)
    declined_at = models.DateTimeField(_("不参加的时间"), null=True, blank=True)
    decline_reason = models.CharField(_("不参加的原因"), max_length=300, blank=True)
    checked_in_at = models.DateTimeField(_("签到时间"), null=True, blank=True)
    left_at = models.DateTimeField(_("离场时间"), null=True, blank=True)

    objects = SessionMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("参会委员")
        constraints = [
            models.UniqueConstraint(name="one_seat_a_session", fields=["session", "person"]),
            models.UniqueConstraint(name="one_place_in_the_order", fields=["session", "place"]),
            models.UniqueConstraint(name="one_chair_a_session", fields=["session"], condition=Q(is_chair=True)),
            models.CheckConstraint(
                name="came_after_promising",
                condition=~Q(state__in=[M.ACCEPTED, M.PRESENT, M.LEFT]) | Q(promised_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_present(self) -> bool:
        """Whether the member is in the room."""
        return bool(self.state == M.PRESENT)

    @property
    def can_chair(self) -> bool:
        """Whether the filing names the member as chair or deputy (R-114)."""
        return self.duty in HEADS

    @transition(
        state, source=M.DRAWN, target=M.INVITED, who=rules.seats_member_or_system, label=_("邀请"), basis="E-11"
    )
    def invite(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The expert is told when and where, and asked to come."""
        self.invited_at = at

    @transition(
        state,
        source=M.INVITED,
        target=M.ACCEPTED,
        who=rules.is_the_member,
        label=_("接受邀请并签署承诺"),
        basis="E-11",
        guards=[guards.promise_made, guards.before_opening],
    )
    def accept(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The expert comes, and promises secrecy and to keep out where there is a relation."""
        self.promised_at = at

    @transition(
        state,
        source=sorted(GIVEN_BACK),
        target=M.DECLINED,
        who=rules.gives_seat_back,
        label=_("不参加"),
        basis="A-52",
        guards=[guards.before_opening, guards.reason_given],
        caution=True,
    )
    def decline(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The seat falls free; the next of the draw's order takes it."""
        self.declined_at, self.decline_reason, self.is_chair = at, reason.strip(), False

    @transition(
        state,
        source=[M.ACCEPTED, M.LEFT],
        target=M.PRESENT,
        who=rules.is_the_member_or_seats,
        label=_("签到"),
        basis="A-02",
        guards=[guards.doors_are_open, guards.serves_on_the_day],
    )
    def check_in(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The member is in the room: on time, late, or again; the vote of a later case is theirs."""
        self.checked_in_at, self.left_at = self.checked_in_at or at, None

    @transition(
        state,
        source=M.PRESENT,
        target=M.LEFT,
        who=rules.is_the_member_or_seats,
        label=_("离场"),
        basis="A-02",
        guards=[guards.doors_are_open],
    )
    def leave(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The member left the room: no proxy, no later vote (E-09); before the opening, they have not come yet."""
        self.left_at = at
        if self.session.opened_at is None:
            self.checked_in_at = None


class Scrutineer(Dated):
    """One of the three members who watch the count (监票人): two of three must act, the chair is none of them."""

    session = models.ForeignKey(CommitteeSession, on_delete=models.PROTECT, related_name="scrutineers")
    member = models.OneToOneField(SessionMember, on_delete=models.PROTECT, related_name="scrutiny")
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("监票人")
        ordering = ["session", "place"]
        constraints = [
            models.UniqueConstraint(name="one_scrutineer_a_place", fields=["session", "place"]),
            models.CheckConstraint(name="three_scrutineers", condition=Q(place__gte=1, place__lte=3)),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.place}"
