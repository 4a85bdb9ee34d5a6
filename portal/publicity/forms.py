"""What people enter about notices and objections."""

from typing import Any, cast

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from portal.publicity.domain.collecting import MOST_BYTES, MOST_FILES
from portal.publicity.enums import NotAdmittedGround, NoticeKind
from portal.publicity.models import Objection
from portal.shared.phrases import joined

LONGEST, LONGEST_REASON, LONGEST_NAME, LONGEST_CONTACT, LONGEST_SEARCH = 2000, 500, 50, 80, 60
OBJECTIONS_AN_HOUR = 10


class BoardFilter(forms.Form):
    q = forms.CharField(label=_("标题或公示单位"), required=False, max_length=LONGEST_SEARCH)
    kind = forms.ChoiceField(label=_("类型"), required=False)

    def __init__(self, *args: Any, kinds: list[NoticeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ChoiceField", self.fields["kind"])
        choice.choices = [("", _("全部")), *[(kind.value, kind.label) for kind in kinds]]


class FilesInput(forms.ClearableFileInput):
    """Several files in one input; they travel with the form, for whoever objects is not logged in."""

    allow_multiple_selected = True
    use_fieldset = False
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class Files(forms.Field):
    """Files for ``purpose``, cleaned to a list."""

    widget = FilesInput
    default_error_messages = {
        "empty": _("文件「%(name)s」是空的，请重新选择。"),
        "too_large": _("文件「%(name)s」超过 %(limit)s 的上限。请压缩、拆分或降低扫描分辨率后上传。"),
        "too_many": _("最多可以上传%(most)s个文件。"),
    }

    def __init__(self, *, most: int, max_bytes: int, **kwargs: Any) -> None:
        self.most, self.max_bytes = most, max_bytes
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[Any]:
        return list(value or [])

    def validate(self, value: list[Any]) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(self.error_messages["too_many"], "too_many", {"most": self.most})
        for file in value:
            words = {"name": file.name, "limit": filesizeformat(self.max_bytes)}
            if not file.size:
                raise forms.ValidationError(self.error_messages["empty"], "empty", words)
            if file.size > self.max_bytes:
                raise forms.ValidationError(self.error_messages["too_large"], "too_large", words)


class ObjectionForm(forms.Form):
    conditional = frozenset({"name", "contact"})

    facts = forms.CharField(
        label=_("异议事实"),
        help_text=_("请写明可以核查的时间、地点、材料或证明人。请勿填写与异议无关的个人信息。"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=_("您的姓名"),
        help_text=_("实名提出的，办结后答复您；匿名的可以不填。"),
        required=False,
        max_length=LONGEST_NAME,
    )
    contact = forms.CharField(
        label=_("您的联系方式"),
        help_text=_("手机号码或电子邮箱，只有受理单位可以看到；实名提出的须填写。"),
        required=False,
        max_length=LONGEST_CONTACT,
    )
    evidence = Files(
        label=_("证明材料"),
        help_text=_(
            "PDF 文档或者照片，最多3个，每个不超过8MB，只有受理单位可以看到。不愿公开身份的，请遮盖能看出您身份的内容。"
        ),
        required=False,
        most=MOST_FILES,
        max_bytes=MOST_BYTES,
    )
    may_be_named_to_employer = forms.BooleanField(label=_("受理单位是用人单位时，同意其知道我的身份"), required=False)


class ObjectionNumberForm(forms.Form):
    code = forms.CharField(label=_("异议编号"), help_text=_("提出异议时得到的编号，以YY开头。"), max_length=20)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if not Objection.objects.filter(code=code).exists():
            raise forms.ValidationError(_("没有这个编号的异议，请核对。"))
        return code


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
    reason = forms.CharField(label=_("原因"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("处理意见"),
        help_text=_("将答复异议人和当事人，请写明查明的事实和依据，不要写入异议人的身份。"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class FatalForm(AnswerForm):
    suspects_fraud = forms.BooleanField(
        label=_("涉嫌弄虚作假，报告市人力资源社会保障局"),
        help_text=_("本异议和处理意见将一并报告；是否构成弄虚作假，由市人力资源社会保障局调查认定。"),
        required=False,
    )


class NotAdmittedForm(AnswerForm):
    ground = forms.ChoiceField(
        label=_("不予受理的理由"),
        choices=NotAdmittedGround.choices,
        widget=forms.RadioSelect,
    )
    field_order = ("ground", "answer")
