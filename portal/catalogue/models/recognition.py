"""Which associations may recommend freelancers, by whose recognition, since when and until when (R-082)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue import guards
from portal.catalogue.enums import Recogniser
from portal.catalogue.enums import RecognitionState as S
from portal.catalogue.four_eyes import another_prepared
from portal.catalogue.rules import may_decide
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    """Recognitions by day."""

    def holding_on(self, day: dt.date) -> Self:
        """Return those that hold on ``day``; one that was ended still held before its end."""
        return self.filter(
            Q(until=None) | Q(until__gte=day),
            Q(ended_on=None) | Q(ended_on__gt=day),
            state__in=[S.RECOGNISED, S.ENDED],
            recognised_on__lte=day,
        )


@state_machine
class Recognition(Coded, Dated):
    """The recognition of one association by one authority; ``until`` and the day before ``ended_on`` are last days.

    ``authority`` names the industry authority where it is neither of the two that the law names.
    """

    CODE_PREFIX: ClassVar[str] = "RK"

    association = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="recognitions", verbose_name=_("协会、学会")
    )
    recogniser = models.CharField(_("认可部门"), max_length=20, choices=Recogniser)
    authority = models.CharField(_("行业主管部门名称"), max_length=100, blank=True)
    document = models.CharField(_("认可文件名称和文号"), max_length=200)
    recognised_on = models.DateField(_("认可日期"))
    until = models.DateField(_("认可截止日期"), null=True, blank=True)
    ended_on = models.DateField(_("终止认可日期"), null=True, blank=True)
    state = StateField(_("状态"), default=S.PROPOSED, choices=S)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("协会、学会认可")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="recognition_ends_after_start", condition=Q(until=None) | Q(until__gte=F("recognised_on"))
            ),
            models.CheckConstraint(
                name="ended_recognition_has_a_day", condition=Q(state=S.ENDED) ^ Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="industry_authority_is_named", condition=Q(recogniser=Recogniser.INDUSTRY) ^ Q(authority="")
            ),
            models.UniqueConstraint(
                name="one_recognition_a_day",
                fields=["association", "recognised_on"],
                condition=Q(state__in=[S.PROPOSED, S.RECOGNISED]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.association)

    @property
    def by_whom(self) -> str:
        """The authority in words."""
        return self.authority or str(self.get_recogniser_display())

    @transition(
        state,
        source=S.PROPOSED,
        target=S.RECOGNISED,
        who=may_decide,
        label=_("批准列入"),
        basis="R-082",
        guards=[another_prepared],
    )
    def approve(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """From now on the association may recommend freelancers for the time of its recognition."""

    @transition(
        state,
        source=S.PROPOSED,
        target=S.DECLINED,
        who=may_decide,
        label=_("不予列入"),
        basis="R-082",
        guards=[guards.reason_given],
        caution=True,
    )
    def decline(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The document does not bear the recognition; a right one can be proposed anew."""

    @transition(
        state,
        source=S.RECOGNISED,
        target=S.ENDED,
        who=may_decide,
        label=_("终止认可"),
        basis="R-082",
        guards=[guards.reason_given, guards.ends_from_today],
        caution=True,
    )
    def end(self, *, by: Actor, at: dt.datetime, ended_on: dt.date, **_facts: Any) -> None:
        """The authority took the recognition back: from that day on no new notice of the association counts."""
        self.ended_on = ended_on
