"""What a person asks about the date of a defence (A-27)."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import is_system
from portal.documents.models import StoredFile
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.defending import RequestKind, RequestState
from review.guards import defending as guards
from review.models.defence import EVERYTHING, Defence


@state_machine
class ChangeRequest(Coded, Dated):
    """What a person asks with a reason and a proof: another date beforehand, or to be excused afterwards (A-27)."""

    CODE_PREFIX: ClassVar[str] = "DQ"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = tuple(f"defence__{name}" for name in EVERYTHING)

    defence = models.ForeignKey(Defence, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(_("类型"), max_length=10, choices=RequestKind)
    state = StateField(_("状态"), default=RequestState.ASKED, choices=RequestState)
    reason = models.TextField(_("原因"), max_length=1000)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("证明材料"))
    asked_at = models.DateTimeField(_("提出时间"))
    decision = models.CharField(_("答复"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("答辩改期申请")
        constraints = [
            models.UniqueConstraint(
                name="one_open_request_a_defence", fields=["defence"], condition=Q(state=RequestState.ASKED)
            )
        ]

    def __str__(self) -> str:
        return self.code

    @transition(
        state,
        source=RequestState.ASKED,
        target=RequestState.AGREED,
        who=rules.answers_requests,
        label=_("同意改期"),
        basis="A-27",
    )
    def agree(self, *, by: Actor, at: dt.datetime, decision: str = "", **_facts: Any) -> None:
        """Good cause was shown."""
        self.decision, self.decided_at = decision, at

    @transition(
        state,
        source=RequestState.ASKED,
        target=RequestState.REFUSED,
        who=rules.answers_requests,
        label=_("不同意"),
        basis="A-27",
        guards=[guards.decision_explained, guards.nothing_ends_while_held, guards.nothing_ends_while_suspended],
        caution=True,
    )
    def refuse(self, *, by: Actor, at: dt.datetime, decision: str, **_facts: Any) -> None:
        """The cause is not good enough; the person is told why."""
        self.decision, self.decided_at = decision, at

    @transition(
        state, source=RequestState.ASKED, target=RequestState.LAPSED, who=is_system, label=_("失效"), basis="A-27"
    )
    def lapse(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person came after all, or the application ended."""
        self.decided_at = at
