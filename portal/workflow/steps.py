"""What can be done now, and why the rest cannot: for buttons, the API and the timeline."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from portal.accounts.actors import Actor
from portal.shared.errors import Reason
from portal.workflow.carry_out import reasons_against
from portal.workflow.guards import Attempt
from portal.workflow.machine import state_field_of, transitions_of


@dataclass(frozen=True)
class OpenStep:
    """A step that the present state offers to this actor; pressable when there is no reason against it."""

    name: str
    label: str | Promise
    basis: str
    caution: bool
    reasons: tuple[Reason, ...]

    @property
    def is_pressable(self) -> bool:
        """Whether nothing that is known now speaks against it."""
        return not self.reasons


def open_steps(subject: models.Model, *, by: Actor, at: dt.datetime, **facts: Any) -> list[OpenStep]:
    """Return the steps that ``subject`` offers to ``by``, each with the reasons that speak against it now.

    Steps that this actor may never take from here are left out; guards that wait for inputs are left for submission.
    """
    state = getattr(subject, state_field_of(type(subject)).attname)
    steps = []
    for found in transitions_of(type(subject)):
        if found.source != state or not found.custom["who"].test(by, subject):
            continue
        attempt = Attempt(step=found.name, by=by, at=at, facts=facts)
        reasons = tuple(reasons_against(found, subject, attempt, known_only=True))
        custom = found.custom
        steps.append(OpenStep(found.name, custom["label"], custom["basis"], custom["caution"], reasons))
    return steps
