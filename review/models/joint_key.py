"""The key that the ballots of one session are encrypted with: made by three scrutineers in their browsers."""

import datetime as dt
from functools import cached_property
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import is_system
from portal.ballot.ceremony import SEATS, Ceremony, read_announcement
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.voting import LIVE_KEYS, KeyState
from review.guards import voting as guards
from review.models.session import CommitteeSession
from review.models.session_member import SessionMember


class Octets(models.BinaryField):  # type: ignore[type-arg]  # it takes none when it runs
    """Bytes that come back as bytes."""

    def from_db_value(self, value: memoryview | None, *_others: object) -> bytes | None:
        return None if value is None else bytes(value)


@state_machine
class JointKey(Coded, Dated):
    """One try of three scrutineers to make a key; the last live one counts, as long as they are still the scrutineers."""

    CODE_PREFIX: ClassVar[str] = "MY"

    session = models.ForeignKey(CommitteeSession, on_delete=models.PROTECT, related_name="joint_keys")
    state = StateField(_("状态"), default=KeyState.MAKING, choices=KeyState)
    ready_at = models.DateTimeField(_("生成时间"), null=True, blank=True)
    end_reason = models.CharField(_("作废原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("表决密钥")
        constraints = [
            models.UniqueConstraint(
                name="one_live_key_a_session", fields=["session"], condition=Q(state__in=sorted(LIVE_KEYS))
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def ceremony(self) -> Ceremony | None:
        """All announcements, checked again; none before the last of them came."""
        told = [seat.announcement for seat in self.seats.order_by("seat")]
        if len(told) < len(SEATS) or not all(told):
            return None
        read = (read_announcement(self.session.code, seat, one) for seat, one in zip(SEATS, told, strict=True))
        return Ceremony(self.session.code, tuple(read))

    @property
    def announced(self) -> str:
        """What the scrutineers announced, in the order of their seats, as browsers read it: each device checks it itself."""
        return ",".join((one.announcement or b"").hex() for one in self.seats.order_by("seat"))

    @transition(
        state,
        source=KeyState.MAKING,
        target=KeyState.READY,
        who=is_system,
        label=_("生成表决密钥"),
        basis="R-111",
        guards=[guards.everybody_confirmed],
    )
    def make_ready(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """All three confirmed the same transcript: ballots can be encrypted with it."""
        self.ready_at = at

    @transition(
        state,
        source=sorted(LIVE_KEYS),
        target=KeyState.ENDED,
        who=rules.ends_joint_key,
        label=_("作废并重新生成密钥"),
        basis="R-111",
        guards=[guards.before_first_vote, guards.key_reason_given],
        caution=True,
    )
    def end(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """A device is lost, the digits differ, or others count now: three begin again."""
        self.end_reason = reason.strip()


class KeySeat(Dated):
    """What one scrutineer published: 160 bytes, and later 64 of confirmation. Nothing secret is here."""

    joint_key = models.ForeignKey(JointKey, on_delete=models.PROTECT, related_name="seats")
    seat = models.PositiveSmallIntegerField()
    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="key_seats")
    announcement = Octets(max_length=160, null=True, blank=True)
    confirmation = Octets(max_length=64, null=True, blank=True)

    class Meta:
        verbose_name = _("监票人密钥")
        ordering = ["joint_key", "seat"]
        constraints = [
            models.UniqueConstraint(name="one_scrutineer_a_seat", fields=["joint_key", "seat"]),
            models.UniqueConstraint(name="one_seat_a_scrutineer", fields=["joint_key", "member"]),
            models.CheckConstraint(name="seats_are_three", condition=Q(seat__gte=1, seat__lte=3)),
            models.CheckConstraint(
                name="announced_before_confirmed", condition=Q(confirmation=None) | Q(announcement__isnull=False)
            ),
        ]
        triggers = [pgtrigger.Protect(name="key_seats_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.joint_key_id}/{self.seat}"


class SealedShare(models.Model):
    """A share on its way from one scrutineer's browser to another's, which alone can open it."""

    joint_key = models.ForeignKey(JointKey, on_delete=models.PROTECT, related_name="shares")
    sender = models.PositiveSmallIntegerField()
    recipient = models.PositiveSmallIntegerField()
    sealed = Octets(max_length=80)

    class Meta:
        verbose_name = _("密钥分享")
        constraints = [
            models.UniqueConstraint(name="one_share_a_way", fields=["joint_key", "sender", "recipient"]),
            models.CheckConstraint(name="shares_go_to_others", condition=~Q(sender=F("recipient"))),
        ]
        triggers = [pgtrigger.Protect(name="shares_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.joint_key_id}:{self.sender}→{self.recipient}"
