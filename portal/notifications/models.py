"""Messages as they stand in the inbox, their ways out of the portal, and what people do not want to receive."""

import datetime as dt
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Membership, Organisation, Person
from portal.accounts.rules import is_system
from portal.notifications.enums import FAULTS, NEEDS_STAFF, Channel, DeliveryState, Occasion
from portal.notifications.guards import address_is_known, still_matters
from portal.notifications.rules import looks_after_deliveries
from portal.shared.models import Coded
from portal.workflow import StateField, state_machine, transition

WHAT_WAS_TOLD_STAYS = """
    IF (to_jsonb(NEW) - '{person_id,read_at,lapsed_at}'::text[]) <> (to_jsonb(OLD) - '{person_id,read_at,lapsed_at}'::text[])
       OR (OLD.person_id IS NOT NULL AND NEW.person_id IS DISTINCT FROM OLD.person_id)
       OR (OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at) THEN
        RAISE EXCEPTION 'what was told, and when it was read, is never changed';
    END IF;
    RETURN NEW;
"""


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Messages by whose they are and whether they were read."""

    def in_inbox_of(self, person: Person, *, on: dt.date) -> Self:
        """Return a person's messages: their own, and those of organisations where they hold a role on the day ``on``."""
        held = Membership.objects.in_force(on).filter(person=person).values("organisation")
        return self.filter(Q(organisation=None) | Q(organisation__in=held), person=person)

    def unread(self) -> Self:
        """Return the messages that still ask for attention."""
        return self.filter(read_at=None, lapsed_at=None)

    def about(self, row: models.Model) -> Self:
        """Return the messages about one row."""
        return self.filter(about_type=row._meta.label, about_id=row.pk)


class Notification(Coded):
    """One message to one person: the words as they were told, kept unchanged as evidence.

    ``organisation`` is set where it reached the person as the holder of a role there; they see it as long as they
    hold one. Without a person it waits until somebody takes one of ``roles``, or it went ``outside``: to somebody
    without an account. ``lapsed_at`` is when the task of a reminder ended.
    """

    CODE_PREFIX: ClassVar[str] = "XX"

    kind = models.CharField(max_length=80)
    occasion = models.CharField(_("类别"), max_length=5, choices=Occasion)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="notifications", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    roles = models.CharField(max_length=200, blank=True)
    outside = models.BooleanField(default=False)
    subject = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("正文"))
    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    about_code = models.CharField(max_length=20, blank=True)
    registered = models.BooleanField(default=False)
    posted_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    lapsed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="inbox", fields=["person", "-posted_at", "-id"]),
            models.Index(name="inbox_unread", fields=["person"], condition=Q(read_at=None, lapsed_at=None)),
            models.Index(name="notification_by_subject", fields=["about_type", "about_id"]),
            models.Index(name="notification_to_nobody", fields=["id"], condition=Q(person=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="waits_only_for_a_role",
                condition=Q(person__isnull=False) | Q(outside=True) | Q(organisation__isnull=False) & ~Q(roles=""),
            ),
            models.CheckConstraint(name="outside_has_no_account", condition=Q(outside=False) | Q(person=None)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="what_was_told_stays", operation=pgtrigger.Update, when=pgtrigger.Before, func=WHAT_WAS_TOLD_STAYS
            ),
            pgtrigger.Protect(name="what_was_told_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"

    @property
    def is_sealed(self) -> bool:
        """Whether this is registered mail that was not received yet, whose words are therefore not shown."""
        return self.registered and self.read_at is None

    @property
    def is_unread(self) -> bool:
        """Whether it still asks for attention."""
        return self.read_at is None and self.lapsed_at is None


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries by what they need."""

    def due(self, at: dt.datetime) -> Self:
        """Return the deliveries with which something is to be done now, and which no worker holds."""
        return self.filter(not_before__lte=at)

    def needing_staff(self) -> Self:
        """Return the deliveries that ended without reaching anybody and still matter."""
        return self.filter(state__in=NEEDS_STAFF, notification__lapsed_at=None)


@state_machine
class Delivery(Coded):
    """One message on its way out of the portal by one channel.

    ``not_before`` says when something is next to be done: try to send, or ask what became of it; empty when nothing
    is. It is also the lease: who takes the row moves it ahead, and if they die it comes due again. ``attempts``
    counts the takes since the last change of state, ``round`` the times that staff began anew.
    """

    CODE_PREFIX: ClassVar[str] = "FS"

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    line = models.CharField(_("内容"), max_length=200)
    state = StateField(_("状态"), default=DeliveryState.WAITING, choices=DeliveryState)
    round = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    not_before = models.DateTimeField(null=True)
    last_error = models.CharField(_("原因"), max_length=60, blank=True)
    sent_to = models.CharField(_("收件地址"), max_length=80, blank=True)
    receipt = models.CharField(_("回执编号"), max_length=120, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="delivery_due", fields=["not_before", "id"], condition=Q(not_before__isnull=False)),
            models.Index(name="delivery_needs_staff", fields=["-ended_at"], condition=Q(state__in=sorted(NEEDS_STAFF))),
        ]
        constraints = [
            models.UniqueConstraint(name="one_delivery_per_channel", fields=["notification", "channel"]),
            models.CheckConstraint(
                name="waiting_comes_due", condition=~Q(state=DeliveryState.WAITING) | Q(not_before__isnull=False)
            ),
            models.CheckConstraint(
                name="sent_has_its_time",
                condition=~Q(state__in=[DeliveryState.SENT, DeliveryState.ARRIVED]) | Q(sent_at__isnull=False),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="what_was_sent_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("code", "notification", "channel", "line"),
            ),
            pgtrigger.Protect(name="deliveries_are_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.channel} {self.state}"

    @property
    def message_id(self) -> str:
        """The name of the message with the provider: the same for every attempt of a round."""
        return f"{self.code}-{self.round}"

    @property
    def why(self) -> str:
        """Why it did not arrive, in words for staff; the code itself where nobody wrote words for it."""
        return str(FAULTS.get(self.last_error, self.last_error))

    @transition(
        state,
        source=[DeliveryState.WAITING, DeliveryState.FAILED, DeliveryState.CANCELLED],
        target=DeliveryState.SENT,
        who=is_system,
        label=_("发出"),
        basis="R-107",
    )
    def mark_sent(self, *, by: Actor, at: dt.datetime, receipt: str, ask_at: dt.datetime | None) -> None:
        """The provider took it; true also where a slower worker says so after another gave up."""
        self.receipt = receipt
        self.sent_at = at
        self._pause(ask_at)

    @transition(
        state, source=DeliveryState.SENT, target=DeliveryState.ARRIVED, who=is_system, label=_("送达"), basis="R-107"
    )
    def confirm_arrival(self, *, by: Actor, at: dt.datetime) -> None:
        """The operator reports that it reached the telephone."""
        self._end(at)

    @transition(
        state, source=DeliveryState.SENT, target=DeliveryState.FAILED, who=is_system, label=_("退回"), basis="R-107"
    )
    def bounce(self, *, by: Actor, at: dt.datetime, why: str) -> None:
        """The operator reports that it did not arrive."""
        self._end(at, why)

    @transition(
        state, source=DeliveryState.WAITING, target=DeliveryState.FAILED, who=is_system, label=_("放弃"), basis="R-107"
    )
    def give_up(self, *, by: Actor, at: dt.datetime, why: str) -> None:
        """It was refused for good, or tried too often."""
        self._end(at, why)

    @transition(
        state,
        source=DeliveryState.WAITING,
        target=DeliveryState.IMPOSSIBLE,
        who=is_system,
        label=_("无收件地址"),
        basis="R-107",
    )
    def find_no_address(self, *, by: Actor, at: dt.datetime) -> None:
        """The addressee has no number or address for this channel; staff must reach them otherwise."""
        self._end(at, "no_address")

    @transition(
        state,
        source=DeliveryState.WAITING,
        target=DeliveryState.CANCELLED,
        who=is_system,
        label=_("取消"),
        basis="R-107",
    )
    def cancel(self, *, by: Actor, at: dt.datetime) -> None:
        """The task that it reminds of is done."""
        self._end(at)

    @transition(
        state,
        source=[DeliveryState.FAILED, DeliveryState.IMPOSSIBLE],
        target=DeliveryState.WAITING,
        who=looks_after_deliveries,
        label=_("重新发送"),
        basis="R-107",
        guards=[still_matters, address_is_known],
    )
    def retry(self, *, by: Actor, at: dt.datetime) -> None:
        """Staff begins anew; the provider sees a new message."""
        self.round += 1
        self.ended_at = None
        self._pause(at)

    def _pause(self, until: dt.datetime | None) -> None:
        self.attempts = 0
        self.not_before = until
        self.last_error = ""

    def _end(self, at: dt.datetime, why: str = "") -> None:
        self.not_before = None
        self.ended_at = at
        self.last_error = why


class Declined(models.Model):
    """That a person does not want to be told of an occasion by a channel that may be declined."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    occasion = models.CharField(max_length=5, choices=Occasion)
    channel = models.CharField(max_length=10, choices=Channel)

    class Meta:
        constraints = [models.UniqueConstraint(name="declined_once", fields=["person", "occasion", "channel"])]

    def __str__(self) -> str:
        return f"{self.occasion} {self.channel}"
