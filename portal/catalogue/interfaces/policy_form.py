"""One form for a whole policy version: each value with its allowed range, its source, and whether it is verified."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.catalogue.domain.policies import Entered
from portal.catalogue.models import PolicyVersion
from portal.catalogue.parameters import GROUPS, REGISTRY, Group, Kind, Parameter, Words
from portal.http.widgets import Counted


@dataclass(frozen=True)
class Line:
    """One parameter on the page."""

    parameter: Parameter
    value: forms.BoundField
    source: forms.BoundField
    unverified: forms.BoundField


class SeriesList(forms.Field):
    """Codes of series, separated by anything that is no digit."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return "".join(sign if sign.isdigit() else " " for sign in str(value or "")).split()


class PolicyValuesForm(forms.Form):
    """The values of a draft; ``changes()`` gives them as the domain takes them."""

    def __init__(self, *args: Any, version: PolicyVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, parameter in REGISTRY.items():
            row = version.by_key.get(key)
            self.fields[key] = _field(parameter, row.value if row else parameter.default)
            self.fields[f"{key}.source"] = forms.CharField(
                label=_("依据"), max_length=200, required=False, initial=row.source if row else str(parameter.source)
            )
            self.fields[f"{key}.unverified"] = forms.BooleanField(
                label=_("待核实"), required=False, initial=row.unverified if row else parameter.unverified
            )

    def groups(self) -> Iterator[tuple[Words, list[Line]]]:
        """Yield the lines under their headings."""
        for group in Group:
            keys = [key for key, parameter in REGISTRY.items() if parameter.group is group]
            yield GROUPS[group], [self._line(key) for key in keys]

    def changes(self) -> dict[str, Entered]:
        """Return every value as it was entered."""
        return {
            key: Entered(
                self.cleaned_data[key], self.cleaned_data[f"{key}.source"], self.cleaned_data[f"{key}.unverified"]
            )
            for key in REGISTRY
        }

    def _line(self, key: str) -> Line:
        return Line(REGISTRY[key], self[key], self[f"{key}.source"], self[f"{key}.unverified"])


class PolicyForm(forms.Form):
    code = forms.RegexField(
        r"^BJ-\d{4}(-[A-Za-z0-9]+)?$",
        label=_("版本编号"),
        max_length=20,
        help_text=_("如 BJ-2027 或 BJ-2027-03"),
        error_messages={"invalid": _("请按BJ-年份或BJ-年份-月份填写")},
    )
    title = forms.CharField(label=_("名称"), max_length=120)
    source = forms.CharField(label=_("依据文件"), max_length=300)
    valid_from = forms.DateField(label=_("施行日期"), help_text=_("须晚于现有各版本，且不早于发布之日"))


def _field(parameter: Parameter, initial: object) -> forms.Field:
    shared: dict[str, Any] = {
        "label": parameter.label,
        "initial": initial,
        "help_text": _("允许范围：%(allowed)s") % {"allowed": parameter.allowed},
    }
    if parameter.kind is Kind.FLAG:
        return forms.BooleanField(required=False, **shared)
    if parameter.kind is Kind.SERIES:
        return SeriesList(required=False, **shared)
    if parameter.kind is Kind.MONTH_DAY:
        return forms.CharField(max_length=5, **shared)
    widget = Counted(parameter.unit) if parameter.unit else None
    return forms.IntegerField(widget=widget, **shared)
