"""The personal archive (R-009): facts and results that a person keeps from year to year, with who vouches for them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import Source
from applications.models.filled import Filled
from applications.sections import ItemKind
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.documents.models import StoredFile
from portal.shared.models import Coded, Dated


class ArchiveItemQuerySet(models.QuerySet["ArchiveItem"]):
    """Items by owner and use."""

    def of(self, actor: Actor) -> Self:
        """Return the items of the person who acts personally."""
        return self.filter(person=actor.person) if actor.acts_personally else self.none()

    def kept(self) -> Self:
        """Return the items that were not removed."""
        return self.filter(removed_at=None)


class ArchiveItem(Coded, Dated, Filled):
    """One fact or result of a person.

    What a register or an agency vouched for stays verified with its source and is not edited by hand; where it is
    wrong the person says so in ``dispute`` and proves it with a file.
    """

    CODE_PREFIX: ClassVar[str] = "DA"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="archive", verbose_name=_("所有人"))
    kind = models.CharField(_("类别"), max_length=20, choices=ItemKind)
    source = models.CharField(_("来源"), max_length=20, choices=Source, default=Source.OWN)
    source_key = models.CharField(max_length=80, blank=True, editable=False)
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核验单位")
    )
    dispute = models.CharField(_("与实际不符的说明"), max_length=300, blank=True)
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True)

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("业绩档案")
        constraints = [
            models.UniqueConstraint(
                name="one_item_per_register_row",
                fields=["person", "kind", "source", "source_key"],
                condition=~Q(source_key=""),
            ),
            models.CheckConstraint(
                name="own_items_are_not_verified", condition=~Q(source=Source.OWN) | Q(verified_at=None)
            ),
        ]
        indexes = [models.Index(name="archive_of_person", fields=["person", "kind"])]

    def __str__(self) -> str:
        return self.code

    @property
    def is_verified(self) -> bool:
        """Whether a register or an agency vouches for it and the person does not object."""
        return self.verified_at is not None and not self.dispute

    @property
    def is_editable(self) -> bool:
        """Whether the person fills it in by hand."""
        return bool(self.source == Source.OWN)

    @property
    def title(self) -> str:
        """The item in a few words, for lists."""
        first = [str(self.content.get(field.name, "")) for field in self.section.fields if not field.choices]
        return " ".join(word for word in first[:2] if word) or str(self.get_kind_display())


class Evidence(Coded, Dated):
    """A file that proves one item."""

    CODE_PREFIX: ClassVar[str] = "ZM"

    item = models.ForeignKey(ArchiveItem, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("说明"), max_length=60, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("证明材料")
        constraints = [
            models.UniqueConstraint(name="one_proof_per_file", fields=["item", "file"], condition=Q(removed_at=None))
        ]

    def __str__(self) -> str:
        return self.code
