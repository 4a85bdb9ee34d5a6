"""A committee's guide and the lines of its standard."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.catalogue.domain.guides import Line
from portal.catalogue.enums import Heading, Indicator
from portal.catalogue.models import Guide

WORDS = ("conditions", "procedure", "place_and_time", "materials")


class GuideForm(forms.ModelForm):
    class Meta:
        model = Guide
        fields = WORDS


class LineForm(forms.Form):
    heading = forms.ChoiceField(label=_("评价方面"), choices=Heading)
    indicator = forms.ChoiceField(label=_("指标"), choices=Indicator)
    text = forms.CharField(label=_("内容"), max_length=300)
    max_score = forms.IntegerField(label=_("最高分"), min_value=0, max_value=1000, initial=0)
    is_required = forms.BooleanField(label=_("必备条件"), required=False)


LineFormSet = forms.formset_factory(LineForm, extra=3, can_delete=True, max_num=60, absolute_max=80)


def lines_in(formset: forms.BaseFormSet) -> list[Line]:
    """Return the lines that were filled in and not struck out."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data]
    kept = [row for row in rows if not row.pop("DELETE", False)]
    return [Line(**row) for row in kept]
