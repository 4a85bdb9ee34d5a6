"""What the desks of the fee are asked, and how its states look: filters, refunds, comparisons."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from review.domain.fees import Total
from review.enums.paying import PROPOSED_BY_STAFF, PaymentState, RefundGround, RefundState

ALL = "all"
STATES = [(ALL, _("全部")), *PaymentState.choices]
REFUND_STATES = [(ALL, _("全部")), *RefundState.choices]
LONGEST = 300
TONES = {
    PaymentState.DUE: "action",
    PaymentState.PROCESSING: "running",
    PaymentState.SUCCEEDED: "good",
    PaymentState.NOT_REQUIRED: "good",
    PaymentState.EXPIRED: "bad",
    PaymentState.REFUND_PENDING: "running",
    PaymentState.REFUNDED: "ended",
    PaymentState.CLOSED: "ended",
}

Tab = tuple[str, Any, int, bool]


class FeeFilter(forms.Form):
    """The agency's fees; the state of the list lives in its address."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)

    def __init__(self, data: Mapping[str, Any], words: str) -> None:
        super().__init__({"state": data.get("state") or ALL})
        self.words = words
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        """What was chosen, as ``fees.at_agency`` takes it; a choice that does not exist narrows nothing."""
        state = self.cleaned_data.get("state", ALL)
        return {"state": "" if state == ALL else state, "words": self.words}

    def tabs(self, totals: Mapping[str, Total]) -> list[Tab]:
        """Return (state, words, how many, whether shown) for each state in which something stands."""
        return _tabs(STATES, {state: total.number for state, total in totals.items()}, self.cleaned_data.get("state"))


class RefundFilter(forms.Form):
    """The agency's refunds by state; without a choice those that wait."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=REFUND_STATES)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__({"state": data.get("state") or RefundState.PROPOSED})
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        """What was chosen, as ``fees.refunds_at_agency`` takes it."""
        state = self.cleaned_data.get("state", ALL)
        return {"state": "" if state == ALL else state}

    def tabs(self, counts: Mapping[str, int]) -> list[Tab]:
        """Return (state, words, how many, whether shown) for what waits, and for each state in which something stands."""
        return _tabs(REFUND_STATES, counts, self.cleaned_data.get("state"))


class ProposeForm(forms.Form):
    """Why an order's money goes back."""

    ground = forms.ChoiceField(
        label=_("退费理由"),
        choices=[(one.value, RefundGround(one).label) for one in PROPOSED_BY_STAFF],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("情况说明"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("申报人和审批人都能看到。"),
    )


class DeclineForm(forms.Form):
    """Why a proposal is not followed."""

    reason = forms.CharField(label=_("不予退费的原因"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))


class DayForm(forms.Form):
    """Which day to compare."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))


class SettleForm(forms.Form):
    """How a difference was cleared up."""

    note = forms.CharField(label=_("处理情况"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))


def _tabs(states: list[Any], numbers: Mapping[str, int], now: str | None) -> list[Tab]:
    known = {ALL: sum(numbers.values()), **numbers}
    return [
        (state, words, known[state], state == now) for state, words in states if known[state] or state in {ALL, now}
    ]
