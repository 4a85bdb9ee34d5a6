"""Declaring a state machine: the table of transitions, and the database's second lock made from it."""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

import django_fsm as fsm
import pgtrigger
from django.db import models
from django.utils.functional import Promise
from rules.predicates import Predicate

from portal.workflow.guards import Guard

Method = TypeVar("Method", bound=Callable[..., Any])
Machine = TypeVar("Machine", bound=type[models.Model])

PAST = "__fake__"  # what Django calls the module of the models that it makes from migrations

_carried_out: ContextVar[bool] = ContextVar("carried_out", default=False)


@contextmanager
def carrying_out() -> Any:
    """Open the transitions for the one caller that has locked, asked and will write the ledger."""
    token = _carried_out.set(True)
    try:
        yield
    finally:
        _carried_out.reset(token)


def _only_through_carry_out(subject: models.Model) -> bool:
    return _carried_out.get()


class StateField(fsm.FSMField):
    """The state of a process: never assigned, only moved by a carried-out step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("protected", True)
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        """Join ``cls``; in the models of the past, which migrations make by the thousand, as a plain column.

        Those have no steps, but each would listen for every model made after it: migrating took minutes by that.
        """
        kind = models.CharField if cls.__module__ == PAST else fsm.FSMField
        kind.contribute_to_class(self, cls, name, *args, **kwargs)


def transition(
    field: fsm.FSMField | str,
    *,
    source: str | Sequence[str],
    target: str,
    who: Predicate,
    label: str | Promise,
    basis: str,
    guards: Sequence[Guard] = (),
    caution: bool = False,
) -> Callable[[Method], Method]:
    """Declare one row of the table: from ``source`` to ``target``, taken by ``who``, when all ``guards`` hold.

    ``field`` is the state field, by name where the step is declared in a base of the machine.
    ``who`` is a predicate over (actor, subject); ``label`` is the words on the button; ``basis`` the rule that
    the step rests on; ``caution`` marks a step to be warned of, whose button is red: of steps that answer one question,
    those that refuse or take away.
    The method body sets the fields that the new state needs, taking ``by``, ``at`` and the step's facts.
    """
    table = fsm.transition(
        field,
        source=list(source) if not isinstance(source, str) else source,
        target=target,
        permission=lambda subject, actor: who.test(actor, subject),
        conditions=[_only_through_carry_out],
        custom={"who": who, "label": label, "basis": basis, "guards": tuple(guards), "caution": caution},
    )

    def declare(method: Method) -> Method:
        if not method.__doc__:
            raise TypeError(f"The transition {method.__qualname__} needs a docstring: one sentence of what it means.")
        return table(method)  # type: ignore[no-any-return]

    return declare


def transitions_of(model: type[models.Model]) -> tuple[fsm.Transition, ...]:
    """Return every declared transition of ``model``, one per source, in a stable order."""
    return _table(model)


@cache
def _table(model: type[models.Model]) -> tuple[fsm.Transition, ...]:
    declared = state_field_of(model).get_all_transitions(model)
    return tuple(sorted(declared, key=lambda found: (str(found.source), found.name)))


def label_of(model: type[models.Model], step: str) -> str | Promise:
    """Return the words on the button of ``step``; raises LookupError for a step that ``model`` does not declare."""
    for found in transitions_of(model):
        if found.name == step:
            return found.custom["label"]  # type: ignore[no-any-return]
    raise LookupError(f"{model.__name__} declares no step {step!r}.")


def state_field_of(model: type[models.Model]) -> StateField:
    """Return the state field of a state machine; raises TypeError for any other model."""
    return _state_field(model)


@cache
def _state_field(model: type[models.Model]) -> StateField:
    for field in model._meta.local_fields:
        if isinstance(field, StateField):
            return field
    raise TypeError(f"{model.__name__} has no state field.")


def state_machine(model: Machine) -> Machine:
    """Give ``model`` the database's lock: triggers that admit the initial state and the declared transitions only.

    The lists are made from the declaration, so they cannot differ from it; migrations carry them.
    """
    field = state_field_of(model)
    pairs = sorted({(str(found.source), str(found.target)) for found in transitions_of(model)})
    triggers = [
        *getattr(model._meta, "triggers", []),
        pgtrigger.FSM(name="only_declared_steps", field=field.name, transitions=pairs),
        pgtrigger.Trigger(
            name="starts_at_the_start",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            func=f"""
                IF NEW.{field.column} <> '{field.default}' THEN
                    RAISE EXCEPTION 'a new row of % starts as {field.default}, not as %', TG_TABLE_NAME, NEW.{field.column};
                END IF;
                RETURN NEW;
            """,
        ),
    ]
    model._meta.triggers = triggers  # type: ignore[attr-defined]
    model._meta.original_attrs["triggers"] = triggers
    MACHINES.append(model)
    return model


MACHINES: list[type[models.Model]] = []
