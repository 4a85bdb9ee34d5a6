"""Timers as rows: what falls due on which subject, when, by which count of days, and what happened to it."""

from typing import ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.shared.models import Dated

WAITING = Q(rung_at=None, lifted_at=None)


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Deadlines by what became of them."""

    def waiting(self) -> Self:
        """Return those that neither rang nor were lifted; paused ones among them."""
        return self.filter(WAITING)

    def of(self, subject: models.Model) -> Self:
        """Return those of ``subject``."""
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)


class Deadline(Dated):
    """One deadline of one subject.

    Ends by a count of working days after ``started_at`` (``workdays``), or at a fixed instant (``workdays`` empty).
    ``due_at`` is the exclusive bound at which it rings, empty while the clock stands still. A deadline that was
    once told to people never moves earlier.
    """

    kind = models.CharField(_("类型"), max_length=60)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    started_at = models.DateTimeField(_("起算时间"))
    workdays = models.PositiveSmallIntegerField(_("工作日"), null=True)
    due_at = models.DateTimeField(_("截止时间"), null=True)
    is_provisional = models.BooleanField(_("暂定"), default=False)
    basis = models.CharField(_("依据"), max_length=60)
    days = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    rung_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_again_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_waiting_deadline_per_kind", fields=["kind", "subject_type", "subject_id"], condition=WAITING
            ),
            models.CheckConstraint(name="rung_or_lifted", condition=Q(rung_at=None) | Q(lifted_at=None)),
            models.CheckConstraint(name="due_after_start", condition=Q(due_at=None) | Q(due_at__gte=F("started_at"))),
        ]
        indexes: ClassVar = [
            models.Index(name="deadline_due", fields=["due_at", "id"], condition=WAITING),
            models.Index(name="deadline_of_subject", fields=["subject_type", "subject_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at}"


class Pause(models.Model):
    """A time in which something kept the clock of a deadline still, and why.

    Several causes may hold one clock at a time: each is ended by its own end alone, and the clock runs on after the last.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="pauses")
    cause = models.CharField(max_length=60)
    paused_at = models.DateTimeField(_("暂停时间"))
    resumed_at = models.DateTimeField(_("恢复时间"), null=True)
    reason = models.CharField(_("原因"), max_length=200)
    basis = models.CharField(_("依据"), max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_open_pause_a_cause", fields=["deadline", "cause"], condition=Q(resumed_at=None)
            ),
            models.CheckConstraint(
                name="pause_ends_after_start", condition=Q(resumed_at=None) | Q(resumed_at__gte=F("paused_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paused_at}–{self.resumed_at}"


class Reminder(models.Model):
    """A message to be sent while some working days of a deadline remain; it dies with the deadline."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="reminders")
    remaining = models.PositiveSmallIntegerField(_("剩余工作日"))
    remind_at = models.DateTimeField(_("提醒时间"))
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_reminder_per_remainder", fields=["deadline", "remaining"])
        ]
        indexes: ClassVar = [
            models.Index(name="reminder_due", fields=["remind_at", "id"], condition=Q(reminded_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} -{self.remaining}"
