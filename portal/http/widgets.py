"""Controls for what Chinese forms ask again and again; each has its template under ``django/forms/widgets``."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DateParts(forms.MultiWidget):
    """A remembered date (birth, certificate) in three boxes: year, month, day. For coming days use ``DateInput``."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True
    labels: tuple[Any, ...] = (_("年"), _("月"), _("日"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        widths = (4, 2, 2)[: len(self.labels)]
        boxes = [
            forms.TextInput({"class": f"govuk-date-input__input govuk-input--width-{width}", "inputmode": "numeric"})
            for width in widths
        ]
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if hasattr(value, "year"):
            return [value.year, value.month, value.day][: len(self.labels)]
        return str(value).split("-") if value else [None] * len(self.labels)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:  # type: ignore[override]
        parts = [str(part or "").strip() for part in super().value_from_datadict(data, files, name)]
        return "-".join(parts) if any(parts) else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["parts"] = list(zip(self.labels, context["widget"]["subwidgets"], strict=True))
        return context


class MonthParts(DateParts):
    """A remembered month in two boxes: year and month."""

    labels = (_("年"), _("月"))


class Money(forms.TextInput):
    """An amount in yuan."""

    template_name = "django/forms/widgets/suffixed.html"
    suffix = _("元")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suffix"] = self.suffix
        context["widget"]["attrs"].setdefault("class", "govuk-input--width-5")
        context["widget"]["attrs"].setdefault("inputmode", "decimal")
        return context


class Counted(Money):
    """A number with its unit behind it, such as 10 个工作日."""

    def __init__(self, unit: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suffix = unit

    def __deepcopy__(self, memo: dict[int, Any]) -> "Counted":
        copied = super().__deepcopy__(memo)
        copied.suffix = self.suffix
        return copied


class CreditCode(forms.TextInput):
    """A unified social credit code: 18 signs, shown in equal widths so that a slip can be seen."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"class": "govuk-input--width-20 zc-code", "autocomplete": "off", "autocapitalize": "characters"}
        super().__init__({**own, "spellcheck": "false", **(attrs or {})})


class HintedRadios(forms.RadioSelect):
    """Radios that explain each choice: ``hints`` maps a value to its words."""

    def __init__(self, hints: Mapping[str, Any], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.hints = hints

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        hint = self.hints.get(str(option["value"]))
        if hint:
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id', option['name'])}_hint"
        return option
