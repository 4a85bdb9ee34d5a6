"""Who is in the room: members check themselves in, the agency's clerk checks in one with one press, or many at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.rules import agency
from review.domain import seating
from review.interfaces.session_forms import ComingForm
from review.views.session_base import OfMember, OfSession
from review.views.session_planning import sits_or_prepares


class OfAttendance(OfMember):
    """A step that the clerk takes for one member after the other: it leads back to the member's row."""

    access = sits_or_prepares
    rule = "A-02"

    def next_address(self) -> str:
        own = self.subject.person == self.actor.person
        return super().next_address() + ("" if own else f"#{self.subject.code}")


class CheckIn(OfAttendance):
    heading, button = gettext_lazy("签到"), gettext_lazy("签到")

    def act(self, form: forms.Form) -> None:
        seating.check_in(self.subject, by=self.actor, at=self.at, key=self.key)


class Leave(OfAttendance):
    heading, button = gettext_lazy("离场"), gettext_lazy("确认离场")
    explanation = gettext_lazy("离场后不能投票，也不能委托他人或者补投；返回后可以重新签到，参加以后事项的表决。")

    def act(self, form: forms.Form) -> None:
        seating.leave(self.subject, by=self.actor, at=self.at, key=self.key)


class CheckInMany(OfSession):
    access = agency
    heading, button, rule = gettext_lazy("多人签到"), gettext_lazy("为所选委员签到"), "A-02"
    explanation = gettext_lazy("按纸质签到表核对，选择已经到场的委员。")

    def form(self, *data: Any) -> forms.Form:
        return ComingForm(*data, members=seating.expected(self.subject))

    def act(self, form: Any) -> str:
        came = seating.check_in_many(self.subject, form.cleaned_data["members"], by=self.actor, at=self.at)
        return _("已为%(number)s名委员签到。") % {"number": len(came)}
