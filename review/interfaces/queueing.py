"""The forms of the agency's queue: who gets files, which columns are seen, under which name a filter is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Person
from review.enums.queueing import LONGEST_NAME, LONGEST_NOTE
from review.interfaces.columns import ALWAYS, COLUMNS


class AllotForm(forms.Form):
    """Who of the agency gets the chosen files."""

    to = forms.MultipleChoiceField(
        label=gettext_lazy("审核人"),
        help_text=gettext_lazy("选择多人的，平均分给各人，在办最少的人先分。"),
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *data: Any, clerks: Sequence[Person], have: Mapping[int, int]) -> None:
        super().__init__(*data)
        self.clerks = {clerk.code: clerk for clerk in clerks}
        words = _("%(name)s（在办%(files)s件）")
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (clerk.code, words % {"name": clerk.full_name, "files": have.get(clerk.pk, 0)}) for clerk in clerks
        ]

    @property
    def chosen(self) -> list[Person]:
        """Who gets them."""
        return [self.clerks[code] for code in self.cleaned_data["to"]]


class ColumnsForm(forms.Form):
    """Which columns are seen; the name always is."""

    keys = forms.MultipleChoiceField(
        label=gettext_lazy("显示的列"),
        help_text=gettext_lazy("申报人始终显示。导出时也按此选择。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(key, column.label) for key, column in COLUMNS.items() if key != ALWAYS],
    )


class SaveFilterForm(forms.Form):
    """Under which name the present filter is kept."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=LONGEST_NAME)
    is_default = forms.BooleanField(label=gettext_lazy("打开审核列表时默认使用"), required=False)


class NameForm(forms.Form):
    """Another name for a kept filter."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=LONGEST_NAME)
