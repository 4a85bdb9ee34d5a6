"""Django's own command; an empty database is filled without drawing models anew for a constraint, an index or a trigger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations import operations
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

BESIDE_COLUMNS = (
    operations.AddConstraint,
    operations.RemoveConstraint,
    operations.AlterConstraint,
    operations.AddIndex,
    operations.RemoveIndex,
    AddTrigger,
    RemoveTrigger,
)


@contextmanager
def columns_alone() -> Iterator[None]:
    """Let only what changes columns draw the models of the past anew.

    Django draws a model and all that it is related to after each operation, which is most of the time of migrating. A
    constraint, an index or a trigger changes one list of its model, and that list is put in place here.
    """
    originals = {operation: operation.state_forwards for operation in BESIDE_COLUMNS}
    for operation, original in originals.items():
        operation.state_forwards = _keeping_what_is_drawn(original)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for operation, original in originals.items():
            operation.state_forwards = original  # type: ignore[method-assign]


def _keeping_what_is_drawn(forwards: Callable[..., None]) -> Callable[..., None]:
    @wraps(forwards)
    def state_forwards(self: Any, app_label: str, state: ProjectState) -> None:
        drawn = vars(state).pop("apps", None)  # what is not drawn, nobody draws anew
        forwards(self, app_label, state)
        if drawn is not None:
            vars(state)["apps"] = drawn
            changed = state.models[app_label, self.model_name_lower].options[self.option_name]
            setattr(drawn.get_model(app_label, self.model_name)._meta, self.option_name, changed)

    return state_forwards


class Command(migrate.Command):
    """Quick where all is to be made; an upgrade, which is short, goes Django's own way."""

    def handle(self, *args: Any, **options: Any) -> None:
        applied = MigrationRecorder(connections[options["database"]]).applied_migrations()
        with nullcontext() if applied else columns_alone():
            super().handle(*args, **options)
