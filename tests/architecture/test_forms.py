"""Forms say the truth about what may be left out: no rule asks for a field that is marked as optional (选填)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT, python_files

ASKS = ("请填写", "请写明", "请选择", "请上传", "请输入", "请补充", "请先填写")
# Fields that share their name with what another form of the room is asked for.
OF_ANOTHER_FORM = {
    "review.AllotForm.note": "the settling of a payment asks for a note",
    "review.AssignForm.note": "the settling of a payment asks for a note",
    "review.BarForm.reason": "the record of the integrity archive is the reason",
    "review.RecusalForm.remark": "the expert names the relation, which suffices",
    "review.RelationForm.remark": "the member names the relation, which suffices",
    "review.NoticeForm.text": "opinions and discussions ask for a text",
    "portal.catalogue.ConditionsForm.note": "steps of the catalogue ask for a reason in this name",
    "portal.catalogue.EditionForm.note": "steps of the catalogue ask for a reason in this name",
    "applications.WithdrawForm.reason": "the employer's steps ask for a reason",
    "applications.DisputeForm.reason": "left empty it takes the dispute back",
}


def test_no_rule_asks_for_what_is_marked_as_optional() -> None:
    asked = {(room_of(path), name) for path in python_files(ROOT) for name in asked_by(tree_of(path))}
    marked = {
        f"{room_of(path)}.{form}.{name}"
        for path in python_files(ROOT)
        for form, name in marked_in(tree_of(path))
        if (room_of(path), name) in asked
    }
    assert marked == set(OF_ANOTHER_FORM)


def test_what_is_asked_of_some_says_of_whom() -> None:
    mute = [
        f"{path.relative_to(ROOT)}: {form.name}.{name}"
        for path in python_files(ROOT)
        for form in forms_in(tree_of(path))
        for name in conditional(form)
        if not any(one == name and "help_text" in told for one, told in fields_of(form))
    ]
    assert mute == []


def room_of(path: Path) -> str:
    first, second, *_rest = path.relative_to(ROOT).parts
    return f"{first}.{second}" if first == "portal" else first


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def asked_by(tree: ast.Module) -> Iterator[str]:
    """Return the fields that refusals and guards name in words that ask for something."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"Reason", "guard"}:
            told = {one.arg: one.value for one in call.keywords}
            field = told.get("field") or (call.args[3] if len(call.args) > 3 else None)
            words = [
                one.value for one in ast.walk(call) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if isinstance(field, ast.Constant) and any(ask in word for word in words for ask in ASKS):
                yield str(field.value)


def forms_in(tree: ast.Module) -> list[ast.ClassDef]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.ClassDef) and one.name.endswith("Form")]


def marked_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Return form and name of each field that its label marks as optional."""
    for form in forms_in(tree):
        if "is_all_optional" in names_set_in(form):
            continue
        for name, told in fields_of(form):
            required = told.get("required")
            is_marked = isinstance(required, ast.Constant) and required.value is False
            if is_marked and name not in conditional(form):
                yield form.name, name


def fields_of(form: ast.ClassDef) -> Iterator[tuple[str, dict[str | None, ast.expr]]]:
    """Return name and options of the fields, those that the form adds when it is made included; boxes have no mark."""
    for one in ast.walk(form):
        pairs = [(one.targets[0], one.value)] if isinstance(one, ast.Assign) else []
        pairs += (
            [(key, value) for key, value in zip(one.keys, one.values, strict=True) if key]
            if isinstance(one, ast.Dict)
            else []
        )
        for place, made in pairs:
            name = getattr(place, "id", "") or getattr(getattr(place, "slice", place), "value", "")
            if (
                isinstance(made, ast.Call)
                and isinstance(name, str)
                and getattr(made.func, "attr", "") != "BooleanField"
            ):
                yield name, {option.arg: option.value for option in made.keywords}


def names_set_in(form: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        target.id: one.value
        for one in form.body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }


def conditional(form: ast.ClassDef) -> set[str]:
    said = names_set_in(form).get("conditional")
    return {str(one.value) for one in ast.walk(said) if isinstance(one, ast.Constant)} if said else set()
