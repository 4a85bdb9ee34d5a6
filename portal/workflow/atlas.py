"""The atlas: every state machine of the house as one text and as drawings, kept under version control, compared by a test."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import models
from django_fsm import Transition

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


# A step that leaves from more states than this is told below the drawing, which it would otherwise cover with lines.
MOST_LINES = 4


def draw(machines: Iterable[type[models.Model]] | None = None) -> str:
    """Return every machine as a Markdown section with a Mermaid state diagram: states by name, steps on the arrows."""
    chosen = MACHINES if machines is None else machines
    return "\n".join(_drawing(model) for model in sorted(chosen, key=lambda each: each._meta.label))


def _drawing(model: type[models.Model]) -> str:
    field = state_field_of(model)
    names = {str(value): str(label) for value, label in field.choices or ()}
    steps: dict[tuple[str, str], list[Transition]] = defaultdict(list)
    for found in transitions_of(model):
        steps[found.name, str(found.target)].append(found)
    drawn = {step: rows for step, rows in steps.items() if len(rows) <= MOST_LINES}
    told = {step: rows for step, rows in steps.items() if len(rows) > MOST_LINES}
    return "\n".join(
        [
            f"## {model._meta.label} · {model._meta.verbose_name}\n",
            "```mermaid\nstateDiagram-v2",
            *(f'    state "{name} ({value})" as {value}' for value, name in names.items()),
            f"    [*] --> {field.default}",
            *_arrows(drawn),
            *(
                f"    {value} --> [*]"
                for value in names
                if not any(str(row.source) == value for row in transitions_of(model))
            ),
            "```\n",
            *_told(told),
        ]
    )


def _arrows(steps: dict[tuple[str, str], list[Transition]]) -> Iterator[str]:
    """Yield one arrow for each pair of states, with all steps that lead along it."""
    along: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (name, target), rows in steps.items():
        for row in rows:
            along[str(row.source), target].append(name)
    for (source, target), names in sorted(along.items()):
        yield f"    {source} --> {target}: {', '.join(names)}"


def _told(steps: dict[tuple[str, str], list[Transition]]) -> Iterator[str]:
    for (name, target), rows in sorted(steps.items()):
        sources = ", ".join(f"`{row.source}`" for row in rows)
        yield f"- `{name}` ({rows[0].custom['label']}, {rows[0].custom['basis']}) leads to `{target}` from {sources}.\n"
