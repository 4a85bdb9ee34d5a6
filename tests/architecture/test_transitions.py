"""Every state machine: drawn in the atlas, resting on rules, locked twice by the same list."""

import re

from django.db import connection, models

from portal.web.rulebook import by_number
from portal.workflow import atlas
from portal.workflow.machine import MACHINES, state_field_of, transitions_of
from tests.architecture.snapshots import DOCS, assert_same

PRODUCT = [model for model in MACHINES if not model.__module__.startswith("tests.")]
# Rules of the documents, decisions, messages, external facts, and standards by their own number.
HEADING = """# States and steps

Drawn from the code by `tests/architecture/test_transitions.py`; `UPDATE_SNAPSHOTS=1` draws them anew. Who may take a step,
under which guards and on which rule stands in `tests/architecture/transitions.txt`.

"""
BASIS = re.compile(r"^(R-\d{3}|A-\d{2}|N-\d{2}|E-\d{2}|GB/T \d+)$")


def admitted_by_database(model: type[models.Model]) -> set[tuple[str, str]]:
    """Return the (before, after) pairs that the trigger of the model's table admits, read from the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = %s::regclass AND t.tgname LIKE 'pgtrigger_only_declared_steps_%%'",
            [model._meta.db_table],
        )
        (source,) = cursor.fetchone()
    listed = re.search(r"ANY\('{(.*?)}'::text\[\]\)", source)
    assert listed is not None
    return {tuple(pair.split(":")) for pair in listed[1].split(",")}  # type: ignore[misc]


def test_the_atlas_is_the_one_that_was_read() -> None:
    assert_same("transitions.txt", atlas.render(PRODUCT))


def test_the_drawings_are_those_of_the_code() -> None:
    assert_same("states.md", HEADING + atlas.draw(PRODUCT), folder=DOCS)


def test_the_database_admits_exactly_the_declared_moves(db: None) -> None:
    assert PRODUCT
    for model in PRODUCT:
        declared = {(str(found.source), str(found.target)) for found in transitions_of(model)}
        assert admitted_by_database(model) == declared, model._meta.label


def test_every_transition_and_guard_rests_on_a_known_rule() -> None:
    known = set(by_number())
    for model in PRODUCT:
        for found in transitions_of(model):
            bases = [found.custom["basis"], *(guard.basis for guard in found.custom["guards"])]
            strange = [basis for basis in bases if not BASIS.match(basis) or (basis[0] in "RAE" and basis not in known)]
            assert strange == [], f"{model._meta.label}.{found.name}"


def test_every_refusal_has_words() -> None:
    for model in PRODUCT:
        for found in transitions_of(model):
            assert all(str(guard.refusal).endswith(("。", "）")) for guard in found.custom["guards"]), found.name


def test_every_state_can_be_reached_and_has_a_name() -> None:
    for model in PRODUCT:
        field = state_field_of(model)
        reached = {str(field.default)} | {str(found.target) for found in transitions_of(model)}
        assert reached == {value for value, _label in field.choices or ()}, model._meta.label
