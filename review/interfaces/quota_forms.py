"""What the bureau fills in about quotas of targeted titles."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.districts import District
from portal.catalogue.models import Series

LONGEST_GROUND, MOST_PLACES = 500, 9_999
FIRST_YEAR, LAST_YEAR = 2020, 2099


class QuotaForm(forms.Form):
    """Whose quota it is, how large, and on which ground."""

    district = forms.ChoiceField(label=_("区"), choices=District)
    series = forms.ModelChoiceField(
        label=_("系列"), queryset=Series.objects.none(), to_field_name="code", empty_label=None
    )
    year = forms.IntegerField(label=_("年度"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    total = forms.IntegerField(label=_("名额"), min_value=0, max_value=MOST_PLACES)
    ground = forms.CharField(
        label=_("依据"),
        help_text=_("下达名额的文件名称和文号，或者调整的理由。"),
        max_length=LONGEST_GROUND,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *data: Any, **more: Any) -> None:
        super().__init__(*data, **more)
        series: Any = self.fields["series"]
        series.queryset = Series.objects.order_by("code")
        series.label_from_instance = lambda one: one.name
