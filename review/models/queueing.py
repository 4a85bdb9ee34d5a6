"""How somebody likes the agency's queue: kept filters, chosen columns; and files given to clerks many at once."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.documents.models import OrderedSheet
from portal.shared.models import Coded, Dated
from review.enums.queueing import LONGEST_NAME, LONGEST_NOTE
from review.models.agency_review import AgencyReview


class OwnQuerySet(models.QuerySet[Any]):
    """Rows that belong to one person at one organisation."""

    def of(self, actor: Actor) -> Self:
        """Return those of whoever acts, in the organisation for which they act."""
        if actor.person is None or actor.organisation is None:
            return self.none()
        return self.filter(person=actor.person, organisation=actor.organisation)


class SavedFilter(Coded, Dated):
    """A narrowing of the queue that one person kept under a name; never holds words that were looked for."""

    CODE_PREFIX: ClassVar[str] = "SX"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("名称"), max_length=LONGEST_NAME)
    criteria = models.JSONField(default=dict)
    is_default = models.BooleanField(_("默认打开"), default=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("常用筛选")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_filter_of_a_name", fields=["person", "organisation", "name"]),
            models.UniqueConstraint(
                name="one_default_filter", fields=["person", "organisation"], condition=Q(is_default=True)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ChosenColumns(Dated):
    """Which columns one person sees in the queue, from left to right."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    keys = models.JSONField(default=list)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_choice_of_columns", fields=["person", "organisation"])
        ]

    def __str__(self) -> str:
        return f"{self.person_id}/{self.organisation_id}"


class AllotmentQuerySet(models.QuerySet["Allotment"]):
    """Bulk assignments by reader."""

    def at(self, actor: Actor) -> Self:
        """Return those of the actor's agency."""
        return self.filter(agency=actor.organisation) if actor.organisation else self.none()

    def waiting(self) -> Self:
        """Return those that are not worked off yet."""
        return self.filter(finished_at=None)


class Allotment(Coded, Dated):
    """That many files shall be given to clerks at once; ``asked_at`` is the instant on which the rules judge all of them."""

    CODE_PREFIX: ClassVar[str] = "FP"

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("办理人"))
    asked_at = models.DateTimeField(_("提交时间"))
    note = models.CharField(_("说明"), max_length=LONGEST_NOTE, blank=True)
    finished_at = models.DateTimeField(_("办结时间"), null=True)

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量分配")
        indexes: ClassVar = [models.Index(name="allotment_waiting", fields=["id"], condition=Q(finished_at=None))]

    def __str__(self) -> str:
        return self.code


class AllottedFile(models.Model):
    """One file of a bulk assignment: given, refused with ``reasons``, or still waiting."""

    allotment = models.ForeignKey(Allotment, on_delete=models.CASCADE, related_name="files")
    review = models.ForeignKey(AgencyReview, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    handled_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_file_once_an_allotment", fields=["allotment", "review"])
        ]
        indexes: ClassVar = [
            models.Index(name="allotted_waiting", fields=["allotment", "id"], condition=Q(handled_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.allotment_id}/{self.review_id}"

    @property
    def is_done(self) -> bool:
        """Whether the file was given to the clerk."""
        return self.handled_at is not None and not self.reasons


class QueueExport(OrderedSheet):
    """A sheet of the queue that is too long to be written while somebody waits for the page."""

    CODE_PREFIX: ClassVar[str] = "DC"

    class Meta(OrderedSheet.Meta):
        verbose_name = _("审核列表导出")
