"""What the bureau enters of a year's holiday notice."""

import datetime as dt
import re

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.shared.phrases import joined
from portal.workdays.counting import DayException

LINE = re.compile(r"^(\d{4}-\d{2}-\d{2})[\s,，]+(\S.{0,19})$")
FIRST_YEAR, LAST_YEAR = 2019, 2100


class NoticeForm(forms.Form):
    year = forms.IntegerField(label=_("年份"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    title = forms.CharField(label=_("文件名称"), max_length=120)
    source = forms.CharField(label=_("来源网址或文号"), max_length=300)
    rest = forms.CharField(
        label=_("放假日期"),
        help_text=_("每行一天：日期和节日名称，例如 2027-01-01 元旦。与周末重合的放假日期也要写。"),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    work = forms.CharField(
        label=_("调休上班日期"),
        help_text=_("每行一天：日期和节日名称，例如 2027-02-14 春节。没有的可以不填。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_rest(self) -> dict[dt.date, DayException]:
        return _days(self.cleaned_data["rest"], is_workday=False)

    def clean_work(self) -> dict[dt.date, DayException]:
        return _days(self.cleaned_data["work"], is_workday=True)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        twice = set(cleaned.get("rest") or {}) & set(cleaned.get("work") or {})
        if twice:
            text = _("以下日期同时列为放假和上班：%(days)s。")
            self.add_error("work", forms.ValidationError(text, params={"days": joined(map(str, sorted(twice)))}))
        return cleaned

    def days(self) -> dict[dt.date, DayException]:
        """Return all days entered, once the form is valid."""
        return {**self.cleaned_data["rest"], **self.cleaned_data["work"]}


def _days(text: str, *, is_workday: bool) -> dict[dt.date, DayException]:
    days, wrong = {}, []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        date, name = _parsed(line.strip())
        if date is None or date in days:
            wrong.append(str(number))
        else:
            days[date] = DayException(is_workday, name)
    if wrong:
        words = _("第%(rows)s行不是一个日期加名称，或者与前面重复。")
        raise forms.ValidationError(words, params={"rows": joined(wrong)})
    return days


def _parsed(line: str) -> tuple[dt.date | None, str]:
    found = LINE.match(line)
    if found is None:
        return None, ""
    try:
        return dt.date.fromisoformat(found[1]), found[2].strip()
    except ValueError:
        return None, ""
