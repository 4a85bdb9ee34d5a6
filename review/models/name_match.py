"""That an expert's name stands in what a person shows of their work: a hint for the agency, not yet a recusal (A-48)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.models import Person
from portal.shared.models import Coded, Dated


class NameMatch(Coded, Dated):
    """A name found in free text: the agency judges whether it is the expert's and, if so, whether they worked together.

    ``is_related`` is empty until then. ``place`` says where the name was found, never what stands around it.
    """

    CODE_PREFIX: ClassVar[str] = "TM"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="name_matches")
    expert = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("专家"))
    place = models.CharField(_("出现位置"), max_length=200)
    found_at = models.DateTimeField(_("发现时间"))
    is_related = models.BooleanField(_("是否成果合作者"), null=True, blank=True)
    remark = models.CharField(_("核对情况"), max_length=300, blank=True)
    judged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(_("核对时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("待核对的同名")
        constraints = [
            models.UniqueConstraint(name="one_name_match_an_expert", fields=["application", "expert"]),
            models.CheckConstraint(
                name="judged_match_has_its_judge",
                condition=Q(is_related=None, judged_by=None, judged_at=None)
                | Q(is_related__isnull=False, judged_by__isnull=False, judged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code
