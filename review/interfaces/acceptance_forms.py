"""What agency and bureau fill in about results before acceptance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.documents.forms import FileOffer
from review.domain.acceptance_papers import PURPOSE
from review.models import AcceptedCase
from review.models.result_acceptance import LONGEST_TEXT

LONGEST_REASON, LONGEST_CONTACT = 500, 200


class ReportForm(forms.Form):
    """The work report, and what else there is to say."""

    paper = FileOffer(PURPOSE, label=_("评审工作报告"))
    statement = forms.CharField(
        label=_("情况说明"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 4})
    )


class CompleteForm(forms.Form):
    """What answers a batch that was sent back: a paper, words, or both."""

    paper = FileOffer(PURPOSE, label=_("补充材料"), required=False)
    answer = forms.CharField(
        label=_("补正说明"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 4})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=LONGEST_REASON, required=False, widget=forms.Textarea({"rows": 4})
    )


class MissingForm(forms.Form):
    reason = forms.CharField(
        label=_("需要补正的内容"),
        help_text=_("请一次列明全部需要补正的材料。"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 6}),
    )


class HoldForm(ReasonForm):
    """Who of the batch is held; whoever did not pass a check is chosen beforehand."""

    field_order = ("held", "reason")

    def __init__(self, *data: Any, cases: list[AcceptedCase], failing: list[str]) -> None:
        super().__init__(*data)
        self.fields["held"] = forms.MultipleChoiceField(
            label=_("暂缓验收的人员"),
            choices=[
                (one.code, f"{one.item.order} {one.application.applicant.full_name} {one.title}") for one in cases
            ],
            initial=failing,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(self.field_order)


class NoticeForm(forms.Form):
    """Where objections go, and what the notice says beside the list."""

    contact = forms.CharField(
        label=_("异议受理方式"), help_text=_("部门、电话或者邮箱。"), max_length=LONGEST_CONTACT, required=False
    )
    text = forms.CharField(
        label=_("公示正文"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 4})
    )
