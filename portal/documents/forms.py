"""Controls with which forms ask for a file: chosen in the form itself, or handed in before and named by its code."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from portal.documents import purposes
from portal.documents.enums import EXTENSIONS

Offer = UploadedFile | str


class FileOfferInput(forms.ClearableFileInput):
    """A file input; with JavaScript the file travels ahead in pieces and only its code is sent with the form."""

    template_name = "documents/widgets/offer.html"
    use_fieldset = False
    purpose_name = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        purpose = purposes.purpose_of(self.purpose_name)
        context["widget"]["code"] = value if isinstance(value, str) else ""
        context["widget"]["purpose"] = purpose
        if purpose:
            context["widget"]["attrs"]["accept"] = ",".join(sorted(EXTENSIONS[kind] for kind in purpose.kinds))
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Offer | None:
        chosen: UploadedFile | None = files.get(name)
        return chosen or str(data.get(f"{name}_code", "")).strip() or None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in files and f"{name}_code" not in data


class FileOffer(forms.Field):
    """A file for ``purpose``: cleaned to the chosen file or to the code of one handed in; give it to ``offers.take``.

    The purpose is looked up when the form is made, so a form may stand in a module that is read before the wiring.
    """

    widget = FileOfferInput
    default_error_messages = {
        "empty": _("文件是空的，请重新选择。"),
        "too_large": _("文件超过 %(limit)s 的上限。请压缩、拆分或降低扫描分辨率后上传。"),
        "no_purpose": _("此处暂不能上传文件。"),
    }

    def __init__(self, purpose: str, **kwargs: Any) -> None:
        self.purpose_name = purpose
        super().__init__(**kwargs)
        self.widget.purpose_name = purpose

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        purpose = purposes.purpose_of(self.purpose_name)
        if purpose and not bound.help_text:
            words = {"kinds": purpose.kinds_in_words, "limit": filesizeformat(purpose.max_bytes)}
            bound.help_text = _("支持 %(kinds)s，不超过 %(limit)s。") % words
        return bound

    def to_python(self, value: Offer | None) -> Offer | None:
        if not isinstance(value, UploadedFile):
            return value or None
        purpose = purposes.purpose_of(self.purpose_name)
        if purpose is None:
            raise ValidationError(self.error_messages["no_purpose"], code="no_purpose")
        if not value.size:
            raise ValidationError(self.error_messages["empty"], code="empty")
        if value.size > purpose.max_bytes:
            words = {"limit": filesizeformat(purpose.max_bytes)}
            raise ValidationError(self.error_messages["too_large"], code="too_large", params=words)
        return value


class HandInForm(forms.Form):
    """One file of the person's own."""

    file = FileOffer(purposes.PERSONAL, label=_("选择文件"))
