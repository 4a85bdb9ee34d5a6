"""One person's case in a session: from the list to the outcome, with who kept out and who could vote (domain §8.6)."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.accounts.rules import is_system
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.defending import Relation
from review.enums.sitting import BEFORE_VOTE, DECIDED, LIVE_ITEMS, ItemState, RecusalSource
from review.guards import agenda as guards
from review.guards import voting
from review.models.panel_opinion import PanelOpinion
from review.models.session import CommitteeSession
from review.models.session_member import SessionMember

I = ItemState  # noqa: E741 - the state of an item, as S is that of a session
LONGEST_TEXT = 3000
LONGEST_DISCUSSION = 500
COUNTS = ("present_for_item", "agree", "against", "abstain", "not_cast")
ANY_COUNT_CHANGED = reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in COUNTS))


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    """Cases of sessions."""

    def shown_to_member(self, actor: Actor) -> Self:
        """Return the cases of sessions in which the expert sits, without those that the expert keeps out of (A-48)."""
        if actor.person is None or Role.EXPERT not in actor.roles:
            return self.none()
        seats = SessionMember.objects.seated().filter(person=actor.person)
        kept_out = ItemRecusal.objects.filter(member__person=actor.person)
        return self.filter(session__in=seats.values("session"), session__committee__agency=actor.organisation).exclude(
            pk__in=kept_out.values("item")
        )

    def for_reader(self, actor: Actor) -> Self:
        """Return the cases of sessions that the actor may see; whoever keeps out of a case does not find it (A-48)."""
        found = self.filter(session__in=CommitteeSession.objects.for_reader(actor))
        if Role.EXPERT not in actor.roles:
            return found
        return found.exclude(pk__in=ItemRecusal.objects.filter(member__person=actor.person).values("item"))

    def decided_on_devices(self) -> Self:
        """Return the cases whose outcome came out of encrypted ballots; on paper they were counted by hand."""
        return self.filter(state__in=DECIDED, paper_count=None, pk__in=ItemVoter.objects.with_key().values("item"))

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(*AgendaItem.FETCHED_WITH)


@state_machine
class AgendaItem(Coded, Dated):
    """One applicant in one session. The counts are empty until the vote; ``not_cast`` is whatever was not cast in time.

    ``discussion`` is what whoever led the case wrote of its discussion, for the minutes. ``present_for_item`` is how many
    rows ``roll`` holds, frozen when the vote opens (A-02).
    """

    CODE_PREFIX: ClassVar[str] = "YC"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = (
        "session__committee__agency",
        "application__applicant",
        "application__employer",
        "application__entry__committee",
        "application__entry__level",
        "application__entry__specialty__series",
    )

    session = models.ForeignKey(CommitteeSession, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="agenda_items")
    order = models.PositiveSmallIntegerField(_("序号"))
    state = StateField(_("状态"), default=I.LISTED, choices=I)
    state_since = models.DateTimeField(_("当前状态起始"))
    reason = models.CharField(_("暂缓或者移出的原因"), max_length=500, blank=True)
    discussion = models.CharField(_("讨论情况"), max_length=LONGEST_DISCUSSION, blank=True)
    present_for_item = models.PositiveSmallIntegerField(_("出席人数"), null=True, blank=True)
    agree = models.PositiveSmallIntegerField(_("同意"), null=True, blank=True)
    against = models.PositiveSmallIntegerField(_("反对"), null=True, blank=True)
    abstain = models.PositiveSmallIntegerField(_("弃权"), null=True, blank=True)
    not_cast = models.PositiveSmallIntegerField(_("未投或者无效"), null=True, blank=True)
    opened_at = models.DateTimeField(_("开始投票时间"), null=True, blank=True)
    counted_at = models.DateTimeField(_("投票截止时间"), null=True, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("评审事项")
        ordering = ["session", "order"]
        constraints = [
            models.UniqueConstraint(
                name="one_live_item_an_application", fields=["application"], condition=Q(state__in=sorted(LIVE_ITEMS))
            ),
            models.UniqueConstraint(
                name="one_item_a_number", fields=["session", "order"], deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="counts_add_up",
                condition=~Q(state__in=[*sorted(DECIDED), I.VOIDED])
                | Q(present_for_item__gte=1, **{f"{name}__isnull": False for name in COUNTS[1:]})
                & Q(present_for_item=F("agree") + F("against") + F("abstain") + F("not_cast")),
            ),
            models.CheckConstraint(
                name="voted_on_with_a_roll",
                condition=~Q(state__in=[I.VOTING, I.COUNTED]) | Q(present_for_item__gte=1, opened_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_counts_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=[*sorted(DECIDED), I.VOIDED]) & ANY_COUNT_CHANGED,
            ),
            pgtrigger.Protect(name="items_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def policy_code(self) -> str:
        """The policy version that holds for the application."""
        return self.application.policy_code

    @property
    def leader(self) -> SessionMember | None:
        """Who leads this case: the chair, or the first deputy of the order, in the room and without relation to it."""
        kept_out = {one.member_id for one in self.recusals.all()}
        able = [one for one in self.session.members.all() if one.is_present and (one.is_chair or one.can_chair)]
        heads = [one for one in able if one.pk not in kept_out]
        return min(heads, key=lambda one: (not one.is_chair, one.place), default=None)

    def panel_opinions(self) -> models.QuerySet[PanelOpinion]:
        """Return what the panel that heard the person handed in, without that of members who keep out (A-48)."""
        handed_in = PanelOpinion.objects.counted().filter(defence__application=self.application_id)
        return handed_in.exclude(expert__in=self.recusals.values("member__person"))

    def member_opinions(self) -> "models.QuerySet[ItemOpinion]":
        """Return what members of the session wrote, without those who keep out since (A-48)."""
        return self.opinions.exclude(member__in=self.recusals.values("member"))

    def _moved(self, at: dt.datetime) -> None:
        self.state_since = at

    @transition(
        state,
        source=I.LISTED,
        target=I.PRESENTED,
        who=rules.chairs_item,
        label=_("提请评议"),
        basis="R-113",
        guards=[
            guards.session_is_open,
            guards.no_other_item_open,
            guards.application_not_held,
            guards.recommendation_shown,
            guards.opinions_written,
        ],
    )
    def present(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The members discuss the case with the employer's opinion and the written opinions before them."""
        self._moved(at)

    @transition(
        state,
        source=I.PRESENTED,
        target=I.VOTING,
        who=rules.chairs_item,
        label=_("开始投票"),
        basis="R-111",
        guards=[
            guards.session_is_open,
            guards.application_not_held,
            guards.opinions_left,
            guards.everybody_serves,
            guards.quorum_for_item,
            voting.everybody_has_a_key,
            voting.two_can_open,
        ],
    )
    def open_vote(self, *, by: Actor, at: dt.datetime, present: int, **_facts: Any) -> None:
        """Who is present and has no relation may vote; the roll is frozen."""
        self._moved(at)
        self.opened_at, self.present_for_item = at, present

    @transition(
        state,
        source=I.VOTING,
        target=I.COUNTED,
        who=rules.chairs_item_or_system,
        label=_("截止投票"),
        basis="R-111",
        caution=True,
    )
    def close_vote(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Nobody votes on it any more; what was not cast counts as not agreeing."""
        self._moved(at)
        self.counted_at = at

    @transition(
        state,
        source=I.COUNTED,
        target=I.DECIDED_PASS,
        who=is_system,
        label=_("通过"),
        basis="R-112",
        guards=[guards.totals_fit, guards.enough_agree],
    )
    def pass_item(self, *, by: Actor, at: dt.datetime, totals: Any, **_facts: Any) -> None:
        """Enough of those present agreed."""
        self._decide(totals, at)

    @transition(
        state,
        source=I.COUNTED,
        target=I.DECIDED_FAIL,
        who=is_system,
        label=_("未通过"),
        basis="R-112",
        guards=[guards.totals_fit, guards.too_few_agree],
    )
    def fail_item(self, *, by: Actor, at: dt.datetime, totals: Any, **_facts: Any) -> None:
        """Too few of those present agreed."""
        self._decide(totals, at)

    def _decide(self, totals: Any, at: dt.datetime) -> None:
        self._moved(at)
        self.agree, self.against, self.abstain = totals.agree, totals.against, totals.abstain
        self.not_cast = totals.not_cast

    @transition(
        state,
        source=sorted(BEFORE_VOTE),
        target=I.DEFERRED,
        who=rules.chairs_items_session_or_system,
        label=_("暂缓表决"),
        basis="A-03",
        guards=[guards.session_is_open, guards.reason_given],
        caution=True,
    )
    def defer(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """Not enough members, or more evidence is needed: another session decides."""
        self._moved(at)
        self.reason = reason.strip()

    @transition(
        state,
        source=sorted(BEFORE_VOTE),
        target=I.REMOVED,
        who=rules.lists_items_or_system,
        label=_("移出议程"),
        basis="A-08",
        guards=[guards.reason_given],
        caution=True,
    )
    def remove(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """Held, disqualified, withdrawn by leave, or the session was cancelled."""
        self._moved(at)
        self.reason = reason.strip()

    @transition(
        state, source=sorted(DECIDED), target=I.VOIDED, who=is_system, label=_("认定无效"), basis="A-23", caution=True
    )
    def void(self, *, by: Actor, at: dt.datetime, reason: str = "", **_facts: Any) -> None:
        """The bureau voided the session, or an appeal was upheld; the counts stay for the record."""
        self._moved(at)
        self.reason = reason.strip()


class ItemVoterQuerySet(models.QuerySet["ItemVoter"]):
    """Rights to vote."""

    def with_key(self) -> Self:
        """Return those that are used on a device."""
        return self.filter(roll_key__isnull=False)

    def missing(self) -> list[str]:
        """Return the names of those who have not voted on their devices yet, as drawn; of paper nobody here knows."""
        rows = self.with_key().filter(ballot=None).order_by("member__place")
        return list(rows.values_list("member__person__full_name", flat=True))


class ItemVoter(models.Model):
    """That a member may vote on a case: present and without relation when its vote opened. Nothing else is known here."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="roll")
    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="+")

    objects = ItemVoterQuerySet.as_manager()

    class Meta:
        verbose_name = _("投票人")
        constraints = [models.UniqueConstraint(name="one_right_a_member", fields=["item", "member"])]
        triggers = [pgtrigger.Protect(name="rolls_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.member_id}"


class ItemRecusal(Dated):
    """That a member keeps out of a case: sees nothing of it, does not vote, and is no part of its total (A-02, A-48)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="recusals")
    relation = models.CharField(_("关系"), max_length=20, choices=Relation)
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    source = models.CharField(_("来源"), max_length=10, choices=RecusalSource)
    declared_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("事项回避")
        constraints = [models.UniqueConstraint(name="one_recusal_a_member", fields=["item", "member"])]
        triggers = [pgtrigger.Protect(name="item_recusals_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.member_id}×{self.item_id}"


class ItemOpinion(Dated):
    """The written opinion of a member on a case that no panel heard: at least three divide the work (E-10)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="opinions")
    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="opinions")
    text = models.TextField(_("书面意见"), max_length=LONGEST_TEXT)
    written_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("委员书面意见")
        constraints = [models.UniqueConstraint(name="one_opinion_a_member", fields=["item", "member"])]

    def __str__(self) -> str:
        return f"{self.member_id}:{self.item_id}"


class PaperCount(Dated):
    """The totals of ballots on paper: entered by one scrutineer, confirmed by another who counted on their own."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="paper_count")
    agree = models.PositiveSmallIntegerField(_("同意"))
    against = models.PositiveSmallIntegerField(_("反对"))
    abstain = models.PositiveSmallIntegerField(_("弃权"))
    entered_by = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("录入时间"))
    confirmed_by = models.ForeignKey(SessionMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("纸质计票")
        constraints = [
            models.CheckConstraint(
                name="confirmed_by_another_scrutineer",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
            )
        ]

    def __str__(self) -> str:
        return str(self.item_id)
