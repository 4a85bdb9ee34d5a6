"""Forms of the register of recognised associations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.enums import Recogniser
from portal.catalogue.interfaces.forms import ReasonForm


class RecognitionForm(forms.Form):
    conditional = frozenset({"authority"})

    association = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("协会、学会"),
        to_field_name="code",
        help_text=_("没有列出的，请该协会、学会的负责人先在「我的账号」中登记。"),
    )
    recogniser = forms.ChoiceField(label=_("认可部门"), choices=Recogniser, widget=forms.RadioSelect)
    authority = forms.CharField(
        label=_("行业主管部门名称"),
        max_length=100,
        required=False,
        help_text=_("认可部门为其他行业主管部门的填写。"),
    )
    document = forms.CharField(label=_("认可文件名称和文号"), max_length=200)
    recognised_on = forms.DateField(label=_("认可日期"))
    until = forms.DateField(label=_("认可截止日期"), required=False, help_text=_("文件没有规定期限的不填。"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = Organisation.objects.filter(kind=OrganisationKind.ASSOCIATION, is_active=True)
        self.fields["association"].queryset = known.order_by("name")


class EndForm(ReasonForm):
    ended_on = forms.DateField(label=_("终止认可日期"), help_text=_("自该日起不再认可。"))
    field_order = ("ended_on", "note")
