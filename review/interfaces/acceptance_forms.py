"""What agency and bureau fill in about results before acceptance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.documents.forms import FileOffer
from review.domain.acceptance_papers import PURPOSE
from review.enums.accepting import APPEAL_DECISION
from review.models import AcceptedCase
from review.models.accepted_case import LONGEST_NUMBER
from review.models.result_acceptance import LONGEST_TEXT

LONGEST_REASON, LONGEST_CONTACT = 500, 200
LONGEST_UNIT, LONGEST_SPECIALTY = 200, 60


class ReportForm(forms.Form):
    """The work report, and what else there is to say."""

    paper = FileOffer(PURPOSE, label=_("评审工作报告"))
    statement = forms.CharField(
        label=_("情况说明"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 4})
    )


class CompleteForm(forms.Form):
    """What answers a batch that was sent back: a paper, words, or both."""

    conditional = frozenset({"paper", "answer"})

    paper = FileOffer(PURPOSE, label=_("补充材料"), required=False, help_text=_("补充材料和补正说明至少填写一项。"))
    answer = forms.CharField(
        label=_("补正说明"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("没有补充材料的必填，至少10个字。"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 4}))


class DecisionForm(ReasonForm):
    """A review that was upheld: its number, its document, and what was wrong; what was answered on the portal needs no document."""

    field_order = ("decision_number", "decision", "reason")

    decision_number = forms.CharField(label=_("复查或者申诉决定文号"), max_length=LONGEST_NUMBER)
    decision = FileOffer(APPEAL_DECISION, label=_("决定书"))

    def __init__(self, *args: Any, upheld: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if upheld:
            self.fields["decision_number"].initial = upheld
            self.fields["decision"].required = False
            self.fields["decision"].help_text = _("在本平台答复的复查，不必上传决定书。")


class MissingForm(forms.Form):
    reason = forms.CharField(
        label=_("需要补正的内容"),
        help_text=_("请一次列明全部需要补正的材料。"),
        max_length=LONGEST_TEXT,
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
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(self.field_order)


class CorrectionForm(ReasonForm):
    """What was wrong on the notice; what stands there is offered to be changed."""

    field_order = ("unit", "specialty", "reason")

    def __init__(self, *data: Any, case: AcceptedCase) -> None:
        super().__init__(*data)
        self.fields["unit"] = forms.CharField(label=_("工作单位"), max_length=LONGEST_UNIT, initial=case.unit_in_force)
        self.fields["specialty"] = forms.CharField(
            label=_("专业"), max_length=LONGEST_SPECIALTY, initial=case.specialty_in_force
        )
        self.order_fields(self.field_order)


class NoticeForm(forms.Form):
    """Where objections go, and what the notice says beside the list."""

    contact = forms.CharField(label=_("异议受理方式"), help_text=_("部门、电话或者邮箱。"), max_length=LONGEST_CONTACT)
    text = forms.CharField(
        label=_("公示正文"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea({"rows": 4})
    )
