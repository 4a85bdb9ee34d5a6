"""What people enter about records."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.documents.forms import FileOffer
from portal.integrity.enums import (
    ACTS_OF_ROLE,
    EVIDENCE,
    MEASURES_OF_ROLE,
    Measure,
    RecordState,
    Source,
    SubjectRole,
)
from portal.integrity.models import IntegrityRecord
from portal.integrity.papers import Intent, Ruling

LONGEST = 4000


def usual_remedies() -> str:
    """Return the usual words about remedies, in the language in which decisions are written (A-45)."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext(
            "自收到本决定之日起六十日内，可以向北京市人民政府申请行政复议；也可以自收到本决定之日起六个月内，"
            "依法向人民法院提起行政诉讼。复议和诉讼期间，决定不停止执行，法律另有规定的除外。"
        )


def _long(label: Any, rows: int = 5, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **options)


class DeskFilter(forms.Form):
    is_all_optional = True

    q = forms.CharField(label=_("编号、姓名或者单位"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *RecordState.choices])
    role = forms.ChoiceField(label=_("身份"), required=False, choices=[("", _("全部")), *SubjectRole.choices])


class OpenForm(forms.Form):
    role = forms.ChoiceField(label=_("当事人身份"), choices=SubjectRole.choices, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("证件号码或者统一社会信用代码"),
        help_text=_("个人填写身份证件号码，单位填写统一社会信用代码。"),
        max_length=40,
    )
    source = forms.ChoiceField(label=_("线索来源"), choices=Source.choices)
    facts = _long(_("线索和事实"), help_text=_("请写明可以核查的时间、地点、材料。不要写入提供线索的人。"))


class FindingsForm(forms.Form):
    findings = _long(_("核查情况"), rows=8, help_text=_("写明查了什么、证据在哪里、认定或者排除了什么。"))


class ReasonForm(forms.Form):
    reason = _long(_("理由"))


class ServiceForm(forms.Form):
    how = _long(
        _("送达方式、时间和凭证"),
        rows=3,
        help_text=_("当事人在平台签收的，由系统自动登记；直接送达、邮寄送达、公告送达的在此登记。"),
    )


class AboutRecord(forms.Form):
    """A form whose choices are those of the subject's role."""

    record: IntegrityRecord

    def __init__(self, *args: Any, record: IntegrityRecord, **kwargs: Any) -> None:
        self.record = record
        super().__init__(*args, **kwargs)
        role = SubjectRole(record.role)
        offered = [measure for measure in MEASURES_OF_ROLE[role] if measure != Measure.RECORD]
        self._offer("measures", [(measure.value, measure.label) for measure in offered])
        if "act" in self.fields:
            self._offer("act", [(act.value, act.label) for act in ACTS_OF_ROLE[role]])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices


def _measures(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        help_text=_("记入诚信档案无须选择；申报人的三年申报限制由决定直接产生。"),
        widget=forms.CheckboxSelectMultiple,
    )


class NoticeForm(AboutRecord):
    act = forms.ChoiceField(label=_("失信行为"), widget=forms.RadioSelect)
    grounds = _long(_("事实、理由和依据"), rows=8, help_text=_("将全文告知当事人，不要写入提供线索的人。"))
    measures = _measures(_("拟作处理"))
    is_serious = forms.BooleanField(
        label=_("拟认定情节严重"), required=False, help_text=_("申报人情节严重的，三年内不得晋升岗位。")
    )

    def intent(self) -> Intent:
        return Intent(**self.cleaned_data)


class RulingForm(AboutRecord):
    text = _long(_("决定"), rows=8, help_text=_("写明认定的事实、证据和依据，将全文送达当事人。"))
    considered = _long(_("对陈述申辩意见的采纳情况"))
    deliberation = _long(_("集体讨论"), rows=3, help_text=_("写明讨论的时间、参加人和记录编号。"))
    measures = _measures(_("处理措施"))
    is_serious = forms.BooleanField(label=_("情节严重"), required=False)
    remedies = _long(_("救济途径"), rows=4, initial=usual_remedies)

    def __init__(self, *args: Any, record: IntegrityRecord, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record.stated_at is None:
            del self.fields["considered"]

    def ruling(self) -> Ruling:
        entered = dict(self.cleaned_data)
        entered.pop("reason", None)
        return Ruling(**entered)


class AmendmentForm(RulingForm):
    reason = _long(_("更正说明"), rows=3)
    field_order = ("reason",)


class StatementForm(forms.Form):
    statement = _long(_("陈述和申辩"), rows=10, help_text=_("只能提交一次，提交后即作为处理的依据。"))
    file = FileOffer(EVIDENCE, label=_("证据"), required=False)
