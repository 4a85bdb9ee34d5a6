"""How every process moves: declared transitions, guards with reasons, and the one function that carries a step out.

``transition`` and ``state_machine`` declare (models), ``guard`` states facts that must hold (guards),
``carry_out`` acts (domain), ``open_steps`` tells pages and API what can be done now and why the rest cannot.
"""

from portal.workflow.carry_out import carry_out
from portal.workflow.expiry import register_settler, settle_due
from portal.workflow.guards import Attempt, Guard, guard
from portal.workflow.machine import StateField, label_of, state_machine, transition
from portal.workflow.steps import OpenStep, open_steps

__all__ = [
    "Attempt",
    "Guard",
    "OpenStep",
    "StateField",
    "carry_out",
    "guard",
    "label_of",
    "open_steps",
    "register_settler",
    "settle_due",
    "state_machine",
    "transition",
]
