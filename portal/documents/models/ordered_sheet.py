"""A sheet that is too long to be written while somebody waits for the page: what was asked for, by whom, and the file."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.documents.enums import SheetStage
from portal.documents.models.file import StoredFile
from portal.shared.models import Coded, Dated


class OrderedSheetQuerySet(models.QuerySet[Any]):
    """Sheets by reader and by what is to be done."""

    def of(self, actor: Actor) -> Self:
        """Return those that whoever acts asked for, at the organisation for which they act."""
        if actor.person is None or actor.organisation is None:
            return self.none()
        return self.filter(person=actor.person, agency=actor.organisation)

    def waiting(self) -> Self:
        """Return those that are neither written nor given up yet."""
        return self.filter(finished_at=None)


class OrderedSheet(Coded, Dated):
    """One order. ``criteria`` and ``keys`` are the filter and the columns as they were asked for, never words looked for.

    ``agency`` is the office for which the person asked. ``not_before`` is when another worker may try, should the one at
    work not come back. ``file`` is kept for a few days; then None again. What was given up has no ``rows``.
    """

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理人"))
    asked_at = models.DateTimeField(_("提交时间"))
    criteria = models.JSONField(default=dict)
    keys = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    finished_at = models.DateTimeField(_("办结时间"), null=True)
    rows = models.PositiveIntegerField(_("件数"), null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = OrderedSheetQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_%(class)s_at_a_time", fields=["person", "agency"], condition=Q(finished_at=None)
            )
        ]
        indexes: ClassVar = [
            models.Index(name="%(class)s_waiting", fields=["not_before"], condition=Q(finished_at=None)),
            models.Index(name="%(class)s_kept", fields=["finished_at"], condition=Q(file__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def stage(self) -> SheetStage:
        """How far the sheet is."""
        if self.finished_at is None:
            return SheetStage.WAITING
        if self.rows is None:
            return SheetStage.FAILED
        return SheetStage.GONE if self.file_id is None else SheetStage.READY
