"""What figures are narrowed by, chosen in a form whose state lives in the address."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.domain.figures import NONE, Scope, names_of, years
from portal.cockpit.tables import ALL, YEAR

BY = "by"

DIMENSIONS = {"series": _("系列"), "level": _("级别"), "district": _("单位所在区"), "agency": _("评审服务机构")}
NARROWING = {**DIMENSIONS, "mode": _("评价方式")}


class ScopeForm(forms.Form):
    """Year, series, level, district, agency and mode; without a year the newest that has begun is meant.

    A choice that does not exist is said to be wrong to programs, and narrows nothing on pages.
    """

    is_all_optional = True

    def __init__(self, data: Mapping[str, Any], at: dt.datetime) -> None:
        known = years()
        self.newest = next((year for year in known if year <= at.year), next(iter(known), at.year))
        given = {name: data.get(name, "") for name in (YEAR, *NARROWING, BY)}
        super().__init__({**given, YEAR: given[YEAR] or str(self.newest), BY: given[BY] or next(iter(DIMENSIONS))})
        self.fields[YEAR] = forms.ChoiceField(
            label=_("评审年度"), required=False, choices=[*((str(one), str(one)) for one in known), (ALL, _("全部"))]
        )
        for name, label in NARROWING.items():
            choices = [("", _("全部")), *names_of(name).items(), (NONE, _("未确定"))]
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)
        self.offer()
        self.is_valid()

    def offer(self) -> None:
        """Offer what a kind of page lets choose besides."""

    @cached_property
    def scope(self) -> Scope:
        """What was chosen."""
        chosen = self.cleaned_data
        year = chosen.get(YEAR) or str(self.newest)
        narrowing = {name: chosen[name] for name in NARROWING if chosen.get(name)}
        return Scope(year=None if year == ALL else int(year), **narrowing)

    @property
    def words(self) -> list[tuple[Any, str]]:
        """What was chosen, as a list or a sheet says it."""
        fields: dict[str, Any] = self.fields
        chosen = {name: self.cleaned_data.get(name) for name in fields}
        return [(fields[name].label, str(dict(fields[name].choices)[value])) for name, value in chosen.items() if value]

    @property
    def said(self) -> str:
        """What was chosen, in one line."""
        return gettext("；").join(
            gettext("%(label)s：%(value)s") % {"label": label, "value": value} for label, value in self.words
        )

    @property
    def query(self) -> str:
        """What was chosen, as an address carries it."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class ReportForm(ScopeForm):
    """The same, and by what the figures are put together where a report does so."""

    def __init__(self, data: Mapping[str, Any], at: dt.datetime, *, is_grouped: bool) -> None:
        self.is_grouped = is_grouped
        super().__init__(data, at)

    def offer(self) -> None:
        if self.is_grouped:
            self.fields[BY] = forms.ChoiceField(label=_("分组"), required=False, choices=DIMENSIONS.items())

    @property
    def by(self) -> str:
        """The dimension, series where none was chosen; empty where the report has none."""
        return (self.cleaned_data.get(BY) or next(iter(DIMENSIONS))) if self.is_grouped else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the usual was chosen, so that the choices are shown."""
        usual = {YEAR: str(self.newest), BY: next(iter(DIMENSIONS))}
        return any(value and value != usual.get(name) for name, value in self.cleaned_data.items())
