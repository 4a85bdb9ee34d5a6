"""What the agency found, item by item, on one version of the content."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Snapshot
from portal.accounts.models import Person
from portal.shared.models import Dated
from review.enums.checking import Verdict
from review.models.agency_review import AgencyReview


class Finding(Dated):
    """What was found about one item of the checklist, on one version of the content.

    ``field`` names the very field of the item that a defect is about, where there is one. ``carried`` marks what was found right before a correction and did not change since. ``version`` is the review's
    count at the last change, by which a page that was made earlier learns that somebody else wrote.
    """

    review = models.ForeignKey(AgencyReview, on_delete=models.CASCADE, related_name="findings")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(_("审核项目"), max_length=60)
    verdict = models.CharField(_("审核结果"), max_length=20, choices=Verdict)
    text = models.CharField(_("告知申报人的内容"), max_length=500, blank=True)
    basis = models.CharField(_("依据"), max_length=10, blank=True)
    field = models.CharField(_("需补正的栏目"), max_length=40, blank=True)
    carried = models.BooleanField(_("沿用首次审核结果"), default=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_finding_an_item", fields=["review", "snapshot", "item"]),
            models.CheckConstraint(
                name="defect_is_told",
                condition=~Q(verdict=Verdict.DEFECT) | ~Q(text="") & ~Q(basis=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}/{self.item}"
