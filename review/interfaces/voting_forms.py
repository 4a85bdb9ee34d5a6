"""What a browser sends of a secret ballot: bytes, spelled in hexadecimal and of one size each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ballot.casting import BALLOT_SIZE, SIGNATURE_SIZE
from portal.ballot.ceremony import SEATS
from portal.ballot.sealing import SEALED_SIZE

UNREADABLE = _("浏览器没有提交有效的数据。请启用 JavaScript，刷新页面后重试。")


class OctetsField(forms.CharField):
    """A hidden field of ``size`` bytes."""

    widget = forms.HiddenInput
    default_error_messages = {"required": UNREADABLE, "unreadable": UNREADABLE}

    def __init__(self, size: int, **options: Any) -> None:
        super().__init__(max_length=2 * size, **options)
        self.size = size

    def clean(self, value: Any) -> bytes:
        try:
            told = bytes.fromhex(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable") from error
        if len(told) != self.size:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return told


class KeyForm(forms.Form):
    key = OctetsField(32)


class BallotForm(forms.Form):
    content = OctetsField(BALLOT_SIZE)
    signature = OctetsField(SIGNATURE_SIZE)


class AnnouncementForm(forms.Form):
    message = OctetsField(160)


class ConfirmationForm(forms.Form):
    message = OctetsField(64)


class PartForm(forms.Form):
    message = OctetsField(96)


class SharesForm(forms.Form):
    """Two shares, each with the seat that it is for: ``2:…,3:…``."""

    message = forms.CharField(widget=forms.HiddenInput, max_length=400, error_messages={"required": UNREADABLE})

    def clean_message(self) -> dict[int, bytes]:
        told: dict[int, bytes] = {}
        for one in self.cleaned_data["message"].split(","):
            seat, _colon, sealed = one.partition(":")
            if seat not in {str(each) for each in SEATS}:
                raise forms.ValidationError(UNREADABLE, code="unreadable")
            told[int(seat)] = OctetsField(SEALED_SIZE).clean(sealed)
        return told


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
