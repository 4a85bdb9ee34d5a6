"""What a member fills in on a score sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.http.widgets import Counted
from portal.shared.phrases import joined
from review.domain import scoring
from review.domain.scoring import Line

Works = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One line on the page: with the field in which the member scores it, or without where a rule found the points."""

    line: Line
    field: BoundField | None
    works: str


class ScoreForm(forms.Form):
    """Points by line; any may wait while the sheet is filled in, and none may lack when it is handed in."""

    use_required_attribute = False
    is_all_optional = True  # no field is marked as one that may stay empty

    def __init__(self, data: Any = None, *, lines: Sequence[Line], works: Works) -> None:
        super().__init__(data, initial={_name(one): int(one.points) for one in lines if one.points is not None})
        self.lines, self.works = lines, works
        self.fields = {
            _name(one): forms.IntegerField(
                label=one.criterion.text,
                required=False,
                min_value=0,
                max_value=one.criterion.max_score,
                widget=Counted(gettext_lazy("分")),
                help_text=self._hint(one),
            )
            for one in lines
            if one.is_own
        }

    @property
    def given(self) -> dict[str, int | None]:
        """What was filled in, by the line's number."""
        return {str(one.criterion.order): self.cleaned_data.get(_name(one)) for one in self.lines if one.is_own}

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield the rows under each heading."""
        for heading, lines in scoring.by_heading(self.lines):
            yield heading, [Row(one, self[_name(one)] if one.is_own else None, self._works(one)) for one in lines]

    def _works(self, line: Line) -> str:
        return joined(self.works.get((line.criterion.indicator, line.criterion.text), []))

    def _hint(self, line: Line) -> str:
        known = {"most": line.criterion.max_score, "works": self._works(line)}
        return _("0至%(most)s分。代表性成果：%(works)s") % known if known["works"] else _("0至%(most)s分") % known


def _name(line: Line) -> str:
    return f"points_{line.criterion.order}"
