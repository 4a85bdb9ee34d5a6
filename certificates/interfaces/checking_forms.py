"""What people fill in to check certificates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain.checking import Asked

LONGEST_NUMBER, LONGEST_NAME, LONGEST_CODE = 40, 50, 20


class CheckForm(forms.Form):
    """What is printed on the certificate."""

    number = forms.CharField(
        label=_("证书编号"),
        max_length=LONGEST_NUMBER,
        help_text=_("印在证书上，以ZC开头。"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    name = forms.CharField(
        label=_("姓名"), max_length=LONGEST_NAME, widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"})
    )
    code = forms.CharField(
        label=_("查验码"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=_("印在证书上。填写后显示证书的全部内容，便于逐项核对。"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    @property
    def asked(self) -> Asked:
        """What was asked."""
        told = self.cleaned_data
        return Asked(told["number"], told["name"], told["code"])
