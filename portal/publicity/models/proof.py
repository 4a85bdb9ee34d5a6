"""What proves afterwards that a notice hung: how often it was opened, and the papers that say so."""

import datetime as dt
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal.documents.models import StoredFile
from portal.publicity.models.notice import Line, Notice
from portal.publicity.models.objection import Objection


class Opening(models.Model):
    """How often readers opened the page of a notice on one day: a sum, with nobody in it."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="openings")
    day = models.DateField(_("日期"))
    times = models.PositiveIntegerField(_("打开次数"), default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_sum_a_day", fields=["notice", "day"])]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.day}: {self.times}"


class ProofQuerySet(models.QuerySet["Proof"]):
    """Proofs by what remains to be done."""

    def order(self, notice: Notice, line: Line | None = None, *, at: dt.datetime) -> "Proof":
        """Have the proof written as soon as nothing is open any more; one that was ordered before is left alone."""
        proof, _made = self.get_or_create(notice=notice, line=line, defaults={"not_before": at})
        return proof

    def to_write(self, at: dt.datetime) -> Self:
        """Return the proofs that may be written now: not tried just before, and no objection open that they speak of."""
        open_ones = Objection.objects.awaiting()
        whole = Q(line=None) & ~Exists(open_ones.filter(line__notice=OuterRef("notice")))
        single = Q(line__isnull=False) & ~Exists(open_ones.filter(line=OuterRef("line")))
        return self.filter(whole | single, file=None, not_before__lte=at)


class Proof(models.Model):
    """The proof of publicity of a whole notice, or of one line alone; without a file it waits to be written (R-077).

    ``not_before`` is when to try next: whoever writes moves it ahead, so that a writer who dies is followed by another.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="proofs")
    line = models.OneToOneField(Line, on_delete=models.PROTECT, null=True, related_name="proof")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("生成时间"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()

    objects = ProofQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_proof_per_notice", fields=["notice"], condition=Q(line=None)),
            models.CheckConstraint(
                name="proof_made_has_time",
                condition=Q(file=None, made_at=None) | Q(file__isnull=False, made_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(name="proof_to_write", fields=["not_before"], condition=Q(file=None))]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="a_proof_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__file__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.line_id}"
