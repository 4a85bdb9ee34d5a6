"""What the bureau fills in: editions, schedules, committees, rows, specialties, measures against agencies."""

from dataclasses import fields as fields_of

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.domain.schedules import Days, days_of
from portal.catalogue.enums import Method, Mode, ScheduleKind
from portal.catalogue.models import AnnualSchedule, Committee, Edition, Level, Series, Specialty

EVALUATORS = (OrganisationKind.AGENCY, OrganisationKind.DISTRICT, OrganisationKind.INDUSTRY)
OWNERS = (OrganisationKind.INDUSTRY, OrganisationKind.DISTRICT, OrganisationKind.BUREAU)
DAY_NAMES = tuple(field.name for field in fields_of(Days))


class EditionForm(forms.Form):
    code = forms.RegexField(
        r"^BJ-\d{4}(-[A-Za-z0-9]+)?$",
        label=_("目录编号"),
        max_length=20,
        help_text=_("如 BJ-2027"),
        error_messages={"invalid": _("请按BJ-年份填写，如BJ-2027")},
    )
    year = forms.IntegerField(label=_("评审年度"), min_value=2020, max_value=2099)
    title = forms.CharField(label=_("名称"), max_length=120)
    source = forms.CharField(label=_("依据文件"), max_length=300, required=False, help_text=_("文件名称和文号"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False, help_text=_("公开显示在目录页首"))
    copy_from = forms.ModelChoiceField(
        Edition.objects.none(), label=_("复制自"), required=False, to_field_name="code", empty_label=_("空白目录")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["copy_from"].queryset = Edition.objects.order_by("-year", "code")


class DaysForm(forms.Form):
    """First and last days as a notice states them; the form turns them into a ``Days``."""

    individual_from = forms.DateField(label=_("个人申报首日"))
    individual_to = forms.DateField(label=_("个人申报末日"), help_text=_("当日24:00截止"))
    employer_from = forms.DateField(label=_("单位审核推荐首日"))
    employer_to = forms.DateField(label=_("单位审核推荐末日"), help_text=_("当日24:00截止"))
    agency_to = forms.DateField(label=_("首次审核完成日"))
    committee_to = forms.DateField(label=_("答辩评审完成日"))

    @property
    def days(self) -> Days:
        """The days as they were entered."""
        return Days(**{name: self.cleaned_data[name] for name in DAY_NAMES})


class ScheduleForm(DaysForm):
    title = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("评价方式"), choices=ScheduleKind)
    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("发布单位"),
        required=False,
        to_field_name="code",
        empty_label=_("市人力资源社会保障局"),
    )
    notice = forms.CharField(label=_("通知名称和文号"), max_length=200, required=False)
    field_order = ("title", "kind", "owner", "notice", *DAY_NAMES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Organisation.objects.filter(kind__in=OWNERS, is_active=True).order_by("name")


class ScheduleChangeForm(DaysForm):
    title = forms.CharField(label=_("名称"), max_length=80)
    notice = forms.CharField(label=_("通知名称和文号"), max_length=200, required=False)
    field_order = ("title", "notice", *DAY_NAMES)


class AmendForm(DaysForm):
    note = forms.CharField(label=_("调整理由"), max_length=300, widget=forms.Textarea({"rows": 3}))


class VerifyForm(forms.Form):
    conditional = frozenset({"acknowledgement"})

    acknowledgement = forms.CharField(
        label=_("仍按此安排的理由"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("没有需要确认的问题时不必填写"),
    )


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 3}))


class CauseForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea({"rows": 3}))


class SuspensionForm(CauseForm):
    remedy_due_on = forms.DateField(label=_("整改期限"), help_text=_("责令在此日之前采取补救措施"))


class CommitteeForm(forms.ModelForm):
    class Meta:
        model = Committee
        fields = (
            "name",
            "band",
            "agency",
            "district",
            "is_by_series",
            "telephone",
            "correction_workdays",
            "payment_workdays",
            "online_defence",
        )

    agency = forms.ModelChoiceField(Organisation.objects.none(), label=_("评审服务机构"), to_field_name="code")
    district = forms.ChoiceField(
        label=_("服务区域"),
        required=False,
        choices=[("", _("全市")), *District.choices],
        help_text=_("区级初级评委会请选择所在区"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Organisation.objects.filter(kind__in=EVALUATORS, is_active=True).order_by(
            "name"
        )
        self.fields["correction_workdays"].help_text = _("5至20个工作日，不填按政策参数执行；申报开始后不能再改")
        self.fields["payment_workdays"].help_text = _("3至15个工作日，不填按政策参数执行；申报开始后不能再改")

    def _post_clean(self):
        """Leave checking to the domain: the form must not touch the row before it is locked."""


class RowForm(forms.Form):
    conditional = frozenset({"committee"})

    specialty = forms.ModelChoiceField(Specialty.objects.none(), label=_("专业"), to_field_name="code")
    level = forms.ModelChoiceField(Level.objects.none(), label=_("级别"), to_field_name="key")
    method = forms.ChoiceField(label=_("取得方式"), choices=Method)
    committee = forms.ModelChoiceField(
        Committee.objects.none(),
        label=_("评审委员会"),
        required=False,
        to_field_name="code",
        help_text=_("评审和考评结合的须选择。"),
        empty_label=_("不设（以考代评、不开展）"),
    )
    schedule = forms.ModelChoiceField(
        AnnualSchedule.objects.none(),
        label=_("年度安排"),
        required=False,
        to_field_name="code",
        empty_label=_("以行业主管部门通知为准"),
    )
    telephone = forms.CharField(
        label=_("咨询电话"), max_length=40, required=False, help_text=_("不填显示评审委员会或机构电话")
    )

    def __init__(self, *args, edition, series="", **kwargs):
        super().__init__(*args, **kwargs)
        specialties = Specialty.objects.select_related("series").order_by("code")
        self.fields["specialty"].queryset = specialties.filter(series__code=series) if series else specialties
        self.fields["level"].queryset = Level.objects.order_by("-rank")
        self.fields["committee"].queryset = edition.committees.order_by("band", "name")
        self.fields["schedule"].queryset = edition.schedules.order_by("pk")


class SpecialtyForm(forms.ModelForm):
    class Meta:
        model = Specialty
        fields = (
            "code",
            "series",
            "name",
            "branch",
            "requires_matching_major",
            "exception_forbidden",
            "valid_from",
            "valid_until",
            "origin",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = Series.objects.exclude(mode=Mode.NOT_RUN).order_by("code")
        self.fields["code"].help_text = _("五位数字，前两位与系列代码相同")
        self.fields["branch"].help_text = _("系列下按类别命名职称的，如医、药、护、技")
        self.fields["origin"].help_text = _("如会同行业主管部门设立、单位申请调整、特色评审专业")

    def clean(self):
        cleaned = super().clean()
        series, code = cleaned.get("series"), cleaned.get("code", "")
        if series and not code.startswith(series.code):
            self.add_error("code", _("专业代码前两位须为系列代码%(code)s。") % {"code": series.code})
        return cleaned


class SearchForm(forms.Form):
    """The filter of a list of rows; tolerant, because its state lives in links."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    series = forms.ChoiceField(label=_("系列"), required=False)
    level = forms.ChoiceField(label=_("级别"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        series = Series.objects.order_by("code").values_list("code", "name")
        self.fields["series"].choices = [("", _("全部系列")), *((code, f"{code} {name}") for code, name in series)]
        levels = [(level.key, str(level)) for level in Level.objects.order_by("-rank")]
        self.fields["level"].choices = [("", _("全部级别")), *levels]

    def chosen(self, name):
        """Return a valid choice, or an empty text."""
        self.is_valid()
        return self.cleaned_data.get(name, "")


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Excel文件"), help_text=_("xlsx格式，不超过5MB；请先导出现有目录，在导出的文件上修改")
    )
    is_complete = forms.BooleanField(label=_("文件为完整目录：文件中没有的条目将移出目录"), required=False)


def initial_days(schedule: AnnualSchedule) -> dict:
    """Return the days of a schedule as a form's initial values."""
    days = days_of(schedule.windows)
    return {name: getattr(days, name) for name in DAY_NAMES}
