"""What people enter about review requests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.documents.forms import FileOffer
from portal.redress.enums import EVIDENCE, NotAdmittedGround, RequestState

LONGEST, LONGEST_REASON = 4000, 500


def _long(label: Any, *, longest: int = LONGEST, rows: int = 6, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **options)


class AskForm(forms.Form):
    facts = _long(
        _("哪个程序或者事实有误"),
        help_text=_("请写明时间、环节和可以核查的事实。专家的学术评价不属于复查范围。"),
    )
    file = FileOffer(EVIDENCE, label=_("证明材料"), required=False)


class ObjectionForm(forms.Form):
    objection = _long(_("对答复中哪些程序或者事实不服"), help_text=_("首次申请和答复会一并转交，不必重复。"))


class ReasonForm(forms.Form):
    reason = _long(_("延期的原因"), longest=LONGEST_REASON, rows=4)


class AnswerForm(forms.Form):
    answer = _long(_("答复的理由"), help_text=_("请写明查明的事实和依据，将送达申请人。"))


class NotAdmittedForm(AnswerForm):
    ground = forms.ChoiceField(label=_("不予受理的理由"), choices=NotAdmittedGround.choices, widget=forms.RadioSelect)
    field_order = ("ground", "answer")


class DeskFilter(forms.Form):
    is_all_optional = True

    q = forms.CharField(label=_("编号或者姓名"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *RequestState.choices])
