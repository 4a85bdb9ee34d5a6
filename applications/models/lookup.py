"""Questions to outside registers about an applicant: asked in the background, answered, or marked for the agency."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.enums import LookupState, System
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.rules import is_system
from portal.shared.models import Dated
from portal.workflow import StateField, state_machine, transition


@state_machine
class Lookup(Dated):
    """One question about one person to one register, with its answer, time and source.

    An outage never blocks (A-46): after the attempts are used up the lookup stands as failed, the person uploads
    the proof and the agency verifies it; it can be asked again at any time.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lookups")
    system = models.CharField(_("数据来源"), max_length=20, choices=System)
    state = StateField(_("状态"), default=LookupState.WAITING, choices=LookupState)
    answer = models.JSONField(_("结果"), null=True)
    asked_at = models.DateTimeField(_("发起时间"))
    settled_at = models.DateTimeField(_("返回时间"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_lookup_a_system", fields=["person", "system"])]
        indexes: ClassVar = [models.Index(name="lookup_to_ask", fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.person_id}/{self.system}"

    @transition(
        state,
        source=LookupState.WAITING,
        target=LookupState.ANSWERED,
        who=is_system,
        label=_("数据已返回"),
        basis="R-059",
    )
    def settle(self, *, by: Actor, at: dt.datetime, answer: dict[str, Any], **_facts: Any) -> None:
        """The register answered; what it does not know is an answer too."""
        self.answer, self.settled_at = answer, at

    @transition(
        state,
        source=LookupState.WAITING,
        target=LookupState.FAILED,
        who=is_system,
        label=_("数据暂不可用"),
        basis="A-46",
    )
    def give_up(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The register did not answer; upload and manual check take its place."""
        self.settled_at = at

    @transition(
        state,
        source=[LookupState.ANSWERED, LookupState.FAILED],
        target=LookupState.WAITING,
        who=is_system,
        label=_("重新查询"),
        basis="R-059",
    )
    def ask_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The register is asked anew; what it said before stays until it answers."""
        self.asked_at, self.next_at, self.attempts = at, at, 0
