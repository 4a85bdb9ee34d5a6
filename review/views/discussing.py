"""What was discussed of a case, written down by whoever leads it before its vote opens."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from review import rules
from review.domain import discussing
from review.interfaces.session_forms import DiscussionForm
from review.views.session_base import OfItem


class Discuss(OfItem):
    access = rules.expert
    heading, button, rule = gettext_lazy("记录讨论情况"), gettext_lazy("保存"), "R-114"
    explanation = gettext_lazy(
        "写明委员讨论了哪些问题、如何形成一致或者保留不同意见，写入会议记录；不写委员的评分和表决意向。"
    )

    def form(self, *data: Any) -> forms.Form:
        return DiscussionForm(*data, text=self.subject.discussion)

    def act(self, form: forms.Form) -> str:
        discussing.note(self.subject, form.cleaned_data["text"], by=self.actor, at=self.at)
        return _("讨论情况已记录。")
