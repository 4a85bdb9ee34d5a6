"""The lists of a model's constraints, indexes and triggers follow the migrations without the model being drawn anew."""

import pgtrigger
import pytest
from django.db import models
from django.db.migrations import operations
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from portal.shared.management.commands.migrate import columns_alone

KEPT = models.CheckConstraint(condition=models.Q(size__gt=0), name="kept")
GONE = models.CheckConstraint(condition=models.Q(size__lt=9), name="gone")
OTHER = models.UniqueConstraint(fields=["size"], name="kept")
BY_SIZE = models.Index(fields=["size"], name="by_size")
GUARD = pgtrigger.Protect(name="guard", operation=pgtrigger.Delete)

STEPS = {
    "constraints": [
        operations.AddConstraint("thing", KEPT),
        operations.AddConstraint("thing", GONE),
        operations.RemoveConstraint("Thing", "gone"),
        operations.AlterConstraint("thing", "kept", OTHER),
    ],
    "indexes": [
        operations.AddIndex("Thing", BY_SIZE),
        operations.AddIndex("thing", models.Index(fields=["size"], name="again")),
        operations.RemoveIndex("thing", "again"),
    ],
    "triggers": [AddTrigger("thing", GUARD), AddTrigger("thing", GUARD), RemoveTrigger("thing", "guard")],
}


@pytest.fixture
def state() -> ProjectState:
    fields = [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())]
    empty = {"constraints": [], "indexes": [], "triggers": []}
    made = ProjectState()
    made.add_model(ModelState("errand", "Thing", fields, empty))
    made.add_model(ModelState("errand", "Part", [*fields, ("of", models.ForeignKey("errand.Thing", models.PROTECT))]))
    return made


@pytest.mark.parametrize("option", STEPS)
def test_each_list_is_as_if_drawn_anew(state: ProjectState, option: str) -> None:
    drawn = state.apps.get_model("errand", "thing")
    with columns_alone():
        for step in STEPS[option]:
            step.state_forwards("errand", state)
            assert state.apps.get_model("errand", "thing") is drawn
            anew = ProjectState(state.models).apps.get_model("errand", "thing")
            assert (
                getattr(drawn._meta, option)
                == getattr(anew._meta, option)
                == state.models["errand", "thing"].options[option]
            )


def test_a_column_is_drawn(state: ProjectState) -> None:
    drawn = state.apps.get_model("errand", "thing")
    with columns_alone():
        operations.AddConstraint("thing", KEPT).state_forwards("errand", state)
        operations.AddField("thing", "weight", models.IntegerField(null=True)).state_forwards("errand", state)
    anew = state.apps.get_model("errand", "thing")
    assert anew is not drawn
    assert (anew._meta.get_field("weight").null, anew._meta.constraints) == (True, [KEPT])


def test_a_state_that_nobody_drew_stays_undrawn(state: ProjectState) -> None:
    with columns_alone():
        operations.AddConstraint("thing", KEPT).state_forwards("errand", state)
    assert "apps" not in vars(state)
    assert state.apps.get_model("errand", "thing")._meta.constraints == [KEPT]


def test_afterwards_django_draws_as_ever(state: ProjectState) -> None:
    drawn = state.apps.get_model("errand", "thing")
    with columns_alone():
        pass
    operations.AddConstraint("thing", KEPT).state_forwards("errand", state)
    assert state.apps.get_model("errand", "thing") is not drawn
