"""What offices and experts fill in about pools and terms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.catalogue.enums import Band
from portal.catalogue.models import Level, Series
from portal.documents.forms import FileOffer
from portal.http.widgets import Counted
from review.domain.nominating import KEEPS_A_POOL, Facts, Scope
from review.domain.pool_queries import Wanted
from review.enums.pooling import TITLE_PROOF, Assessment, TermState

LONGEST_REASON = 500
TIMES = _("次")
ALL = ("", _("全部"))


class PoolFilter(forms.Form):
    """What the list of a pool is narrowed by; names are looked for beside it, never by an address."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[ALL, *TermState.choices])
    series = forms.ChoiceField(label=_("系列"), required=False)
    band = forms.ChoiceField(label=_("评委会级别"), required=False, choices=[ALL, *Band.choices])
    only_non_public = forms.BooleanField(label=_("仅看非公有制企业和新型研发机构"), required=False)

    def __init__(self, data: Any, *, series: list[Series]) -> None:
        super().__init__(data)
        self.fields["series"].choices = [ALL, *((one.code, one.name) for one in series)]  # type: ignore[attr-defined]

    def wanted(self, words: str) -> Wanted:
        """Return what was chosen; a choice that does not exist narrows nothing."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**chosen, words=words)


class NominateForm(forms.Form):
    """Whom to name for which pool, and what is known of the title."""

    full_name = forms.CharField(label=_("姓名"), max_length=50)
    number = forms.CharField(label=_("证件号码"), max_length=30, help_text=_("须为已在平台实名注册的人员。"))
    agency = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("评审服务机构"), to_field_name="code", empty_label=_("请选择")
    )
    series = forms.ModelChoiceField(
        Series.objects.order_by("code"), label=_("职称系列"), to_field_name="code", empty_label=_("请选择")
    )
    band = forms.ChoiceField(label=_("评委会级别"), choices=Band.choices, widget=forms.RadioSelect)
    level = forms.ModelChoiceField(
        Level.objects.order_by("-rank"), label=_("本人职称级别"), to_field_name="key", empty_label=_("请选择")
    )
    title = forms.CharField(label=_("职称名称"), max_length=40)
    certificate_number = forms.CharField(label=_("证书编号"), max_length=60, required=False)
    field = forms.CharField(label=_("研究领域或者从事专业"), max_length=200)
    employer_name = forms.CharField(label=_("工作单位"), max_length=200)
    employer_code = forms.CharField(label=_("单位统一社会信用代码"), max_length=18, required=False)
    is_non_public = forms.BooleanField(label=_("所在单位为非公有制企业"), required=False)
    is_new_research = forms.BooleanField(label=_("所在单位为新型研发机构"), required=False)
    grounds = forms.CharField(
        label=_("推荐理由"), max_length=LONGEST_REASON, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *data: Any, own_agency: Organisation | None, is_own: bool) -> None:
        super().__init__(*data)
        self.own_agency = own_agency
        if is_own:
            del self.fields["full_name"], self.fields["number"]
        if own_agency is not None:
            del self.fields["agency"]
        else:
            pools = Organisation.objects.filter(kind__in=sorted(KEEPS_A_POOL), is_active=True)
            self.fields["agency"].queryset = pools.order_by("name")  # type: ignore[attr-defined]

    @property
    def scope(self) -> Scope:
        """The pool that was chosen."""
        told = self.cleaned_data
        return Scope(self.own_agency or told["agency"], told["series"], told["band"])

    @property
    def facts(self) -> Facts:
        """What was told of the expert."""
        names = ("employer_name", "series", "level", "title", "field", "employer_code", "certificate_number")
        flags = ("is_non_public", "is_new_research")
        return Facts(**{name: self.cleaned_data[name] for name in (*names, *flags)})


class OpinionForm(forms.Form):
    opinion = forms.CharField(label=_("审核意见"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3}))


class BarForm(forms.Form):
    """The decision of the integrity archive is the ground; words may be added to it."""

    reason = forms.CharField(
        label=_("说明"), max_length=LONGEST_REASON, required=False, widget=forms.Textarea({"rows": 3})
    )


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("核对说明"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写明核对了哪份证书、证书编号、如何核对。"),
    )


class TitleProofForm(RemarkForm):
    file = FileOffer(
        TITLE_PROOF, label=_("证书照片或者扫描件"), required=False, help_text=_("供审核时核对；没有的可以不传。")
    )


class DutyForm(forms.Form):
    missed_recusals = forms.IntegerField(label=_("应回避未提出次数"), min_value=0, max_value=99, widget=Counted(TIMES))
    complaints = forms.IntegerField(label=_("投诉次数"), min_value=0, max_value=99, widget=Counted(TIMES))
    secrecy_breach = forms.BooleanField(
        label=_("违反保密纪律"),
        required=False,
        help_text=_("由评审服务机构负责人或者市人力资源社会保障局登记。"),
    )
    remark = forms.CharField(
        label=_("依据"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("写明投诉或者检查的编号、核实情况；本人可以看到。"),
    )


class TermForm(forms.Form):
    starts_on = forms.DateField(label=_("聘期起始日期"))
    ends_on = forms.DateField(label=_("聘期截止日期"), help_text=_("含当日。"))


class AssessForm(forms.Form):
    conditional = frozenset({"remark"})

    assessment = forms.ChoiceField(
        label=_("考核结果"),
        choices=[choice for choice in Assessment.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("考核说明"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("考核不合格的须写明。"),
    )


class PromiseForm(forms.Form):
    promised = forms.BooleanField(label=_("我已阅读并承诺遵守以上保密和回避要求"), required=False)


class SheetForm(forms.Form):
    file = forms.FileField(label=_("Excel文件"), help_text=_("xlsx格式，不超过5MB；首行须与模板一致。"))
