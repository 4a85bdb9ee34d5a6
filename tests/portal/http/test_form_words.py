"""What a form says of its own fields: which may be left out, and that there is nothing to choose from."""

from django import forms

from portal.http.templatetags.portal import without_choice


class Told(forms.Form):
    conditional = frozenset({"reason"})

    name = forms.CharField(label="姓名")
    note = forms.CharField(label="备注", required=False)
    reason = forms.CharField(label="理由", required=False, help_text="不同意的须写明。")
    kind = forms.ChoiceField(label="种类", choices=[("", "请选择"), ("a", "甲")])


def test_only_what_nobody_asks_for_is_marked_as_optional() -> None:
    shown = Told().as_div()
    labels = {name: shown[shown.index(f'for="id_{name}"') :].split("</label>")[0] for name in Told.base_fields}
    assert [name for name, label in labels.items() if "选填" in label] == ["note"]


def test_a_form_of_filters_marks_nothing() -> None:
    class Filter(Told):
        is_all_optional = True

    assert "选填" not in Filter().as_div()


def test_a_choice_without_anything_to_choose_is_named() -> None:
    form = Told()
    assert without_choice(form) == ""
    form.fields["kind"].choices = [("", "请选择")]  # type: ignore[attr-defined]
    assert without_choice(form) == "种类"
    form.fields["kind"].required = False
    assert without_choice(form) == ""
    assert without_choice(None) == ""
