"""What agency and bureau fill in about the filing of a committee."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.catalogue.enums import Band
from portal.catalogue.models import Series, Specialty
from review.domain.filing_roll import LARGEST, Told
from review.enums.filing import Duty
from review.models import CommitteeFiling, ExpertTerm

LONGEST_REASON = 500
OUT, KEEP = "out", "keep"


class FilingForm(forms.Form):
    """Scope and size of a committee, as its name stands in the catalogue."""

    conditional = frozenset({"specialty", "small_reason"})

    name = forms.CharField(label=_("评审委员会名称"), max_length=80, help_text=_("须与年度目录中的名称一致。"))
    band = forms.ChoiceField(label=_("级别"), choices=Band.choices, widget=forms.RadioSelect)
    series = forms.ModelChoiceField(
        Series.objects.order_by("code"), label=_("系列"), to_field_name="code", empty_label=_("请选择")
    )
    specialty = forms.CharField(
        label=_("专业代码"),
        max_length=5,
        required=False,
        help_text=_("按专业组建的填写五位专业代码；按系列组建的不填。"),
    )
    size = forms.IntegerField(
        label=_("每次会议委员人数"), min_value=1, max_value=LARGEST, help_text=_("须为单数，不少于规定人数。")
    )
    small_reason = forms.CharField(
        label=_("申请少于规定人数的理由"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("人数达到规定的不填；由市人力资源社会保障局核准。"),
    )

    @classmethod
    def about(cls, filing: CommitteeFiling, data: Any = None) -> "FilingForm":
        """Return the form with what the filing says."""
        initial = {
            "name": filing.name,
            "band": filing.band,
            "series": filing.series.code,
            "specialty": filing.specialty.code if filing.specialty else "",
            "size": filing.size,
            "small_reason": filing.small_reason,
        }
        return cls(data, initial=initial)

    def clean_specialty(self) -> Specialty | None:
        """Return the specialty by its code."""
        code = self.cleaned_data["specialty"].strip()
        if not code:
            return None
        found = Specialty.objects.filter(code=code).select_related("series").first()
        if found is None:
            raise forms.ValidationError(_("没有这个专业代码。"))
        return found

    @property
    def told(self) -> Told:
        """What was filled in."""
        return Told(**self.cleaned_data)


class TermChoice(forms.ModelMultipleChoiceField):
    """Experts of the pool, shown by name, title and employer."""

    def label_from_instance(self, term: ExpertTerm) -> str:
        expert = term.expert
        return f"{expert.person.full_name} {expert.title} {expert.employer_name}"


class RollForm(forms.Form):
    """Whom to put on the roll."""

    def __init__(self, *data: Any, candidates: Any) -> None:
        super().__init__(*data)
        self.fields["terms"] = TermChoice(
            candidates, label=_("专家"), to_field_name="code", widget=forms.CheckboxSelectMultiple
        )


class MemberForm(forms.Form):
    """What becomes of one member."""

    duty = forms.ChoiceField(label=_("职务"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, duty: str, may_keep: bool) -> None:
        super().__init__(data, initial={"duty": duty or OUT})
        keep = [(KEEP, _("保持不变"))] if may_keep else []
        self.fields["duty"].choices = [*Duty.choices, (OUT, _("退出名单")), *keep]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3}))


class SizeForm(ReasonForm):
    least = forms.IntegerField(label=_("核准的最少人数"), min_value=1, max_value=LARGEST)
    field_order = ["least", "reason"]


class RecordForm(forms.Form):
    number = forms.CharField(label=_("备案号"), max_length=40)
    valid_from = forms.DateField(label=_("有效期起始日期"))
    valid_to = forms.DateField(label=_("有效期截止日期"), help_text=_("含当日。"))
