"""Forms of the applicant's desk; the fields of a section are made from ``sections``, their values checked by ``values``."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications import values
from applications.domain.archiving import EVIDENCE, Conflict
from applications.models.filled import Filled
from applications.sections import Entry, Field
from portal.accounts.districts import District
from portal.catalogue.models import Level, Series, Specialty
from portal.documents.forms import FileOffer
from portal.http.templatetags.portal import rule
from portal.http.widgets import Counted, DateParts, MonthParts
from portal.shared.phrases import joined

FEW = 4  # so many choices stand open as radios, more in a list
GENERAL = "R-063"  # the rule that every field rests on
BLANK = ("", _("请选择"))
YES_NO = (("true", _("是")), ("false", _("否")))
MINE, THEIRS = "mine", "theirs"


# --- Sections ---------------------------------------------------------------------------------
class FilledField(forms.Field):
    """One field of a section: whether it may be empty is judged at submission, never while it is being filled in."""

    def __init__(self, filled):
        self.filled = filled
        if filled.entry is Entry.TEXT:
            self.max_length = filled.most
        super().__init__(
            required=filled.required,
            label=filled.label,
            help_text=_hint(filled),
            widget=_WIDGETS[filled.entry](filled),
            show_hidden_initial=True,
        )

    def to_python(self, value: Any) -> values.Value:
        try:
            return values.clean(self.filled, value)
        except values.Unfit as error:
            raise ValidationError(str(error), code="unfit") from error

    def validate(self, value: Any) -> None:
        """Take an empty value."""


class SectionForm(forms.Form):
    """The fields of one section with the versions that were shown; ``only`` leaves out the others.

    Beside each field its version stands in the page; a field that another window changed shows both values and asks.
    """

    use_required_attribute = False

    def __init__(self, section, content, data=None, only=()):
        self.section, self.content = section, content
        self.versions = {}
        self.conflicts = {}
        super().__init__(
            data.copy() if data is not None else None,
            initial={name: _entered(value) for name, value in content.items()},
        )
        self.conditional = frozenset(filled.name for filled in section.fields if filled.conditional)
        for filled in section.fields:
            if not only or filled.name in only:
                self.fields[filled.name] = FilledField(filled)
        if "series" in self.fields:
            self.fields["series"].widget = forms.Select(choices=_series(content.get("series")))
        if self.is_bound:
            self._take_theirs()

    @classmethod
    def of(cls, filled: Filled, data: Any = None) -> "SectionForm":
        """Return the form of a stored sheet or item."""
        form = cls(filled.section, filled.content, data)
        form.versions = filled.versions
        return form

    def typed(self) -> dict[str, Any]:
        """Return what the person changed since the page was opened, as it was entered."""
        return {name: self[name].data for name in self.changed_data}

    def seen(self) -> dict[str, int]:
        """Return the version of each field that the person saw, or decided to overwrite."""
        return {name: self._seen(name) for name in self.fields}

    def fitting(self) -> dict[str, Any]:
        """Return the values that fit, leaving out empty ones."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value is not None}

    def saved(self, versions: Mapping[str, int], conflicts: Collection[Conflict]) -> None:
        """Keep what a saving answered: the present versions, and the fields that another window had changed."""
        self.versions = versions
        self.conflicts = {conflict.field: conflict for conflict in conflicts}
        for name in self.conflicts:
            self.add_error(name, str(_("这一项已在另一个窗口修改，请选择保留哪一个。")))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields as the page shows them, each with its version and, where there is one, its conflict."""
        return [self._row(name) for name in self.fields]

    def _row(self, name: str) -> dict[str, Any]:
        conflict, filled = self.conflicts.get(name), self.section.field(name)
        seen = self._seen(name) if conflict else self.versions.get(name, 0)
        row = {"field": self[name], "version": seen, "conflict": conflict}
        if conflict is not None:
            row["theirs"] = values.shown(filled, conflict.value) or _("（空）")
        return row

    def _seen(self, name: str) -> int:
        chosen, _sign, version = str(self.data.get(f"{name}-choice", "")).partition(":")
        number = version if chosen == MINE else str(self.data.get(f"{name}-version", ""))
        return int(number) if number.isascii() and number.isdigit() and len(number) < len(str(2**31)) else 0

    def _take_theirs(self):
        """Put the stored value where the person decided for it, as if it had been on the page from the beginning."""
        for name in self.fields:
            if self.data.get(f"{name}-choice") == THEIRS:
                value, field = _entered(self.content.get(name)), self.fields[name]
                self.data[f"initial-{name}"] = value
                if isinstance(field.widget, forms.MultiWidget):
                    for place, part in enumerate(field.widget.decompress(value)):
                        self.data[f"{name}_{place}"] = part or ""
                else:
                    self.data[name] = value


def _hint(filled: Field) -> Any:
    """Return the hint, with the rule that asks for just this field."""
    if filled.basis == GENERAL:
        return filled.hint
    return format_html("{} {}", filled.hint, rule(filled.basis))


def _entered(value: values.Value) -> str:
    """Return a stored value as its control sends it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _choice(filled: Field) -> forms.Widget:
    assert filled.choices is not None  # noqa: S101 - a choice without choices is a mistake of ours
    choices = filled.choices.choices
    if filled.required and len(choices) <= FEW:
        return forms.RadioSelect(choices=choices)
    return forms.Select(choices=[BLANK, *choices])


def _number(filled: Field) -> forms.Widget:
    return Counted(_("学时"), {"inputmode": "numeric"})


_WIDGETS: dict[Entry, Any] = {
    Entry.LINE: lambda filled: forms.TextInput(),
    Entry.TEXT: lambda filled: forms.Textarea({"maxlength": filled.most, "rows": 6 if filled.most <= 1000 else 12}),  # noqa: PLR2004
    Entry.DATE: lambda filled: DateParts(),
    Entry.MONTH: lambda filled: MonthParts(),
    Entry.YEAR: lambda filled: forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-4"}),
    Entry.NUMBER: _number,
    Entry.CHOICE: _choice,
    Entry.YES_NO: lambda filled: forms.RadioSelect({"class": "govuk-radios--inline"}, choices=YES_NO),
}


def _series(present: Any) -> list[tuple[str, Any]]:
    """Return the series to choose from, with what stands there already: eligibility reads the exact name."""
    names = list(Series.objects.order_by("code").values_list("name", flat=True))
    return [BLANK, *((name, name) for name in [*([present] if present and present not in names else []), *names])]


# --- The archive --------------------------------------------------------------------------------
class ProofForm(forms.Form):
    file = FileOffer(EVIDENCE, label=_("证明材料"))
    label = forms.CharField(
        label=_("说明"), max_length=60, required=False, help_text=_("如「获奖证书」「本人姓名在第3页」。")
    )


class DisputeForm(forms.Form):
    reason = forms.CharField(
        label=_("与实际不符的说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写明哪一项不符、实际是什么，并上传证明，由评审服务机构核验；清空后保存即撤回说明。"),
    )


class WorkForm(forms.Form):
    """Under which indicator a result is shown."""

    criterion = forms.ChoiceField(label=_("对应评价指标"), required=False)

    def __init__(self, criteria, item, *args, **kwargs):
        super().__init__(*args, auto_id=f"id_{item.code}_%s", **kwargs)
        grouped = {}
        for criterion in criteria:
            label = f"{criterion.get_indicator_display()} {criterion.text}"
            grouped.setdefault(criterion.get_heading_display(), []).append((str(criterion.order), label))
        self.fields["criterion"].choices = [BLANK, *grouped.items()]


# --- Choosing -------------------------------------------------------------------------------------
class ChooseForm(forms.Form):
    """The filter of the year's catalogue; tolerant, because its state lives in links. Specialties follow the series."""

    is_all_optional = True

    q = forms.CharField(label=_("专业、职称或者机构名称"), required=False, max_length=60)
    district = forms.ChoiceField(
        label=_("参保单位所在区"), required=False, choices=[("", _("请选择")), *District.choices]
    )
    series = forms.ChoiceField(label=_("系列"), required=False)
    specialty = forms.ChoiceField(label=_("专业"), required=False)
    level = forms.ChoiceField(label=_("级别"), required=False)

    def __init__(self, data, *, asks_district):
        super().__init__(data)
        if not asks_district:
            del self.fields["district"]
        series = list(Series.objects.order_by("code").values_list("code", "name"))
        self.fields["series"].choices = [("", _("全部系列")), *series]
        self.fields["level"].choices = [
            ("", _("全部级别")),
            *((level.key, str(level)) for level in Level.objects.order_by("-rank")),
        ]
        chosen = str(data.get("series", ""))
        if chosen in dict(series):
            own = Specialty.objects.filter(series__code=chosen).order_by("code").values_list("code", "name")
            self.fields["specialty"].choices = [("", _("全部专业")), *own]
        else:
            del self.fields["specialty"]

    def chosen(self, name: str) -> str:
        """Return a valid choice, or an empty text."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class TitleForm(forms.Form):
    title = forms.ChoiceField(label=_("申报职称"), widget=forms.RadioSelect)

    def __init__(self, names, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].choices = [(name, name) for name in names]
        self.fields["title"].help_text = _("本级别可以取得：%(names)s") % {"names": joined(names)}
