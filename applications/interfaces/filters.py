"""What lists of applications can be narrowed by; the state of a list lives in its address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import AWAITING_EMPLOYER, RecommendationState
from portal.catalogue.enums import LevelKey

OPEN, ALL = "open", "all"
STATES = [(OPEN, _("待办理")), *RecommendationState.choices, (ALL, _("全部"))]


class QueueFilter(forms.Form):
    """The employer's queue; what is not asked for shows what waits for the employer."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)
    level = forms.ChoiceField(label=_("级别"), required=False, choices=[("", _("全部")), *LevelKey.choices])
    # What stands in the address for the words that are looked for.
    found = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], words: str = "") -> None:
        found = data.get("found") if words else ""
        super().__init__({"state": data.get("state") or OPEN, "level": data.get("level"), "found": found})
        self.words = words
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        """What was chosen, as ``queries.queue`` takes it; a choice that does not exist narrows nothing."""
        chosen = self.cleaned_data
        state = chosen.get("state", OPEN)
        return {
            "state": "" if state == ALL else state,
            "level": chosen.get("level", ""),
            "words": self.words,
        }

    @property
    def is_by_state_only(self) -> bool:
        """Whether the counts by state already say how many there are."""
        return not self.wanted["level"] and not self.wanted["words"]

    def number_in(self, counts: Mapping[str, int]) -> int:
        """Return how many stand in the chosen state."""
        return self._numbers(counts)[self.cleaned_data.get("state", OPEN)]

    def _numbers(self, counts: Mapping[str, int]) -> dict[str, int]:
        return {OPEN: sum(counts[state] for state in AWAITING_EMPLOYER), ALL: sum(counts.values()), **counts}

    def tabs(self, counts: Mapping[str, int]) -> list[tuple[str, Any, int, bool]]:
        """Return (state, words, how many, whether shown) for what waits, and for each state in which somebody stands."""
        numbers = self._numbers(counts)
        now = self.cleaned_data.get("state", OPEN)
        return [
            (state, words, numbers[state], state == now)
            for state, words in STATES
            if numbers[state] or state in {OPEN, ALL, now}
        ]
