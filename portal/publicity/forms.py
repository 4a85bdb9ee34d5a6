"""What people enter about notices and objections."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.publicity.enums import NoticeKind
from portal.shared.phrases import joined

LONGEST = 2000


class BoardFilter(forms.Form):
    q = forms.CharField(label=_("标题或公示单位"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类型"), required=False)

    def __init__(self, *args: Any, kinds: list[NoticeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ChoiceField", self.fields["kind"])
        choice.choices = [("", _("全部")), *[(kind.value, kind.label) for kind in kinds]]


class LineFilter(forms.Form):
    q = forms.CharField(label=_("姓名、序号或工作单位"), required=False, max_length=60)


class ObjectionForm(forms.Form):
    facts = forms.CharField(
        label=_("异议事实"),
        help_text=_("请写明可以核查的时间、地点、材料或证明人。请勿填写与异议无关的个人信息。"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=_("您的姓名"), help_text=_("实名提出的，办结后答复您；匿名的可以不填。"), required=False, max_length=50
    )
    contact = forms.CharField(
        label=_("您的联系方式"),
        help_text=_("手机号码或电子邮箱，只有受理单位可以看到。"),
        required=False,
        max_length=80,
    )
    may_be_named_to_employer = forms.BooleanField(label=_("受理单位是用人单位时，同意其知道我的身份"), required=False)


class ComposeForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("正文"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.CharField(
        label=_("异议受理方式"), help_text=_("部门、电话或邮箱，将在公示页面上显示。"), max_length=200
    )
    lines = forms.CharField(
        label=_("公示对象"),
        help_text=_("每行一人，依次为姓名、工作单位、专业、级别，用逗号或制表符分隔。"),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_lines(self) -> list[dict[str, str]]:
        rows, wrong = [], []
        for number, raw in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            parts = [part.strip() for part in raw.replace("，", ",").replace("\t", ",").split(",")]
            if not any(parts):
                continue
            if len(parts) != len(COLUMNS) or not all(parts):
                wrong.append(str(number))
            rows.append(dict(zip(COLUMNS, parts, strict=False)))
        if wrong:
            text = _("第%(rows)s行不是四项：姓名、工作单位、专业、级别。")
            raise forms.ValidationError(text, params={"rows": joined(wrong)})
        return rows


COLUMNS = ("name", "unit", "specialty", "level")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("处理意见"),
        help_text=_("将答复异议人和当事人，请写明查明的事实和依据，不要写入异议人的身份。"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class NotAdmittedForm(AnswerForm):
    ground = forms.ChoiceField(
        label=_("不予受理的理由"),
        choices=[("no_facts", _("匿名且没有可核查的事实")), ("duplicate", _("与此前的异议重复"))],
        widget=forms.RadioSelect,
    )
    field_order = ("ground", "answer")
