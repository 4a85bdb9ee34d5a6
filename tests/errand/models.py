"""The smallest process with everything a process has; the kernel's tests run it."""

import datetime as dt

from django.db import models

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.rules import bureau, bureau_lead, is_system
from portal.shared.models import Coded
from portal.workflow import Attempt, StateField, guard, state_machine, transition


class State(models.TextChoices):
    OPEN = "open", "待办"
    DONE = "done", "已办"
    LAPSED = "lapsed", "已过期"


@guard("材料未齐，请先补齐材料。", basis="R-065")
def papers_complete(errand: "Errand", attempt: Attempt) -> bool:
    return errand.papers >= 2


@guard("请填写办理意见。", basis="R-075", needs=("opinion",), field="opinion")
def opinion_given(errand: "Errand", attempt: Attempt) -> bool | str:
    opinion = attempt.facts.get("opinion", "")
    if len(opinion) > 20:
        return f"办理意见不得超过20字，现有{len(opinion)}字。"
    return bool(opinion)


@state_machine
class Errand(Coded):
    CODE_PREFIX = "E"

    state = StateField(default=State.OPEN, choices=State)
    papers = models.IntegerField(default=0)
    opinion = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    @transition(
        state,
        source=State.OPEN,
        target=State.DONE,
        who=bureau,
        label="办结",
        basis="R-071",
        guards=[papers_complete, opinion_given],
    )
    def finish(self, *, by: Actor, at: dt.datetime, opinion: str = "") -> None:
        """The errand is done."""
        self.opinion = opinion
        self.ended_at = at

    @transition(state, source=State.OPEN, target=State.LAPSED, who=is_system, label="过期", basis="R-093")
    def lapse(self, *, by: Actor, at: dt.datetime) -> None:
        """Nobody did it in time."""
        self.ended_at = at

    @transition(state, source=State.DONE, target=State.OPEN, who=bureau_lead, label="重办", basis="A-24", caution=True)
    def reopen(self, *, by: Actor, at: dt.datetime) -> None:
        """It must be done again."""
        self.ended_at = None
