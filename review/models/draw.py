"""The draw of a session's members: who could be drawn and why others could not, the two secrets, and the order."""

import datetime as dt
import secrets
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.sitting import DrawState
from review.guards import drawing as guards
from review.models.session import CommitteeSession


def new_secret() -> str:
    """Return the house's part of the seed: 256 random bits in hexadecimal."""
    return secrets.token_hex(32)


@state_machine
class Draw(Coded, Dated):
    """The draw of one session, by commit and reveal.

    ``eligible`` are codes of expert terms, sorted; ``eligible_hash`` fixes them. ``commitment`` binds ``secret`` before
    the commissioner gives ``share``; the seed needs both. ``excluded`` lists code, text, basis of whoever was left out.
    """

    CODE_PREFIX: ClassVar[str] = "CQ"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("session__committee__agency", "session__filing")

    session = models.OneToOneField(CommitteeSession, on_delete=models.PROTECT, related_name="draw")
    state = StateField(_("状态"), default=DrawState.FROZEN, choices=DrawState)
    eligible = models.JSONField(_("可抽取名单"))
    heads = models.JSONField(_("主任和副主任委员"))
    excluded = models.JSONField(_("不参加抽取名单"))
    related_limit = models.PositiveSmallIntegerField(_("允许的需回避人数"), default=0)
    young_share = models.PositiveSmallIntegerField(_("45周岁及以下占比"), null=True, blank=True)
    eligible_hash = models.CharField(_("名单摘要值"), max_length=64)
    secret = models.CharField(max_length=64, default=new_secret)
    commitment = models.CharField(_("承诺值"), max_length=64)
    frozen_at = models.DateTimeField(_("名单固定时间"))
    share = models.CharField(_("监督委员数值"), max_length=64, blank=True)
    seed = models.CharField(_("随机种子"), max_length=64, blank=True)
    order = models.JSONField(_("抽取顺序"), default=list, blank=True)
    seats = models.JSONField(_("首次抽中"), default=list, blank=True)
    drawn_at = models.DateTimeField(_("抽取时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("专家抽取")
        constraints = [
            models.CheckConstraint(
                name="drawn_with_both_secrets",
                condition=~Q(state=DrawState.DRAWN) | ~Q(share="") & ~Q(seed="") & Q(drawn_at__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="draws_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_drawn_order_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=DrawState.DRAWN),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(
        state,
        source=DrawState.FROZEN,
        target=DrawState.FROZEN,
        who=rules.prepares_draw,
        label=_("重新固定名单"),
        basis="R-116",
        guards=[guards.enough_to_draw],
    )
    def freeze_again(self, *, by: Actor, at: dt.datetime, pool: Any, **_facts: Any) -> None:
        """The pool changed before the commissioner took part: another set, another secret, another commitment."""
        self.frozen_at, self.secret = at, new_secret()
        self.eligible, self.heads, self.excluded = pool.eligible, pool.heads, pool.excluded
        self.related_limit, self.young_share = pool.related_limit, pool.young_share
        self.eligible_hash = pool.hash
        self.commitment = pool.commitment(self.session.code, self.secret)

    @transition(
        state,
        source=DrawState.FROZEN,
        target=DrawState.DRAWN,
        who=rules.shares_in_draw,
        label=_("参与抽取"),
        basis="R-115",
        guards=[guards.share_given, guards.nothing_changed_since],
        caution=True,
    )
    def give_share(
        self, *, by: Actor, at: dt.datetime, share: str, seed: str, order: list[str], seats: list[str], **_facts: Any
    ) -> None:
        """The commissioner's number opens the draw: nobody could know the order before, and nobody can withhold it now."""
        self.drawn_at, self.share, self.seed = at, share, seed
        self.order, self.seats = order, seats
