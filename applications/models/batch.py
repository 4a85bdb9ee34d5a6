"""One click for many people: what was asked, by whom and when, and what became of each."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import BatchKind
from applications.models.recommendation import Recommendation
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.publicity.models import Notice
from portal.shared.models import Coded, Dated


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches by reader."""

    def at(self, actor: Actor) -> Self:
        """Return those of the actor's organisation."""
        return self.filter(organisation=actor.organisation) if actor.organisation else self.none()

    def waiting(self) -> Self:
        """Return those that are not worked off yet."""
        return self.filter(finished_at=None)


class Batch(Coded, Dated):
    """What somebody asked for many people at once; ``asked_at`` is the instant on which the rules judge all of them.

    A notice is posted for all or for nobody: ``reasons`` says why not. A recommendation is signed for each by itself.
    """

    CODE_PREFIX: ClassVar[str] = "PL"

    kind = models.CharField(_("事项"), max_length=20, choices=BatchKind)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理人"))
    asked_at = models.DateTimeField(_("提交时间"))
    asked = models.JSONField(default=dict)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    finished_at = models.DateTimeField(_("办结时间"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(name="batch_waiting", fields=["id"], condition=Q(finished_at=None))]

    def __str__(self) -> str:
        return self.code


class BatchItem(models.Model):
    """One person of a batch: done, refused with ``reasons``, or still waiting."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="+")
    own: Any = models.JSONField(default=dict)
    handled_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_person_once_a_batch", fields=["batch", "recommendation"])
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.recommendation_id}"

    @property
    def is_done(self) -> bool:
        """Whether what was asked happened for this person."""
        return self.handled_at is not None and not self.reasons
