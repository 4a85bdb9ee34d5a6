"""The atlas: every state machine of the house as one text, kept under version control and compared by a test."""

from collections.abc import Iterable

from django.db import models

from portal.workflow.machine import MACHINES, state_field_of, transitions_of


def render(machines: Iterable[type[models.Model]] | None = None) -> str:
    """Return one line per transition: ``Model: source → target  step  who  [guards]  basis``, sorted."""
    chosen = MACHINES if machines is None else machines
    return "\n".join(_page(model) for model in sorted(chosen, key=lambda each: each._meta.label))


def _page(model: type[models.Model]) -> str:
    lines = [f"{model._meta.label}  (starts as {state_field_of(model).default})"]
    for found in transitions_of(model):
        guards = ", ".join(guard.code for guard in found.custom["guards"]) or "-"
        lines.append(
            f"  {found.source} → {found.target}  {found.name}  who: {found.custom['who'].name}"
            f"  guards: {guards}  basis: {found.custom['basis']}"
        )
    return "\n".join(lines) + "\n"
