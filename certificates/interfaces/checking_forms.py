"""What people fill in to check certificates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain.checking import Asked

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 5
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


class SizedFile(forms.FileField):
    """A file of at most MOST_MEGABYTES."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > MOST_MEGABYTES * MEGABYTE:
            raise forms.ValidationError(_("文件不能超过%(most)sMB。"), params={"most": MOST_MEGABYTES})
        return file


class FileForm(forms.Form):
    """The file of a certificate as its holder passed it on."""

    file = SizedFile(
        label=_("证书文件"),
        help_text=_("PDF格式，不超过5MB。文件只用于本次核对，不保存。"),
        widget=forms.ClearableFileInput({"accept": ".pdf"}),
    )


class SheetForm(forms.Form):
    """A sheet of certificates."""

    file = SizedFile(
        label=_("查验名单"),
        help_text=_("xlsx或者csv格式，不超过5MB、1000行；首行须与模板一致。文件只用于本次查验，不保存。"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )
