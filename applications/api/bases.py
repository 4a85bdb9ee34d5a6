"""What the desks of the API say about sections and their values."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from applications.domain.archiving import Saved
from applications.sections import Section
from portal.http.drf import problem_of
from portal.shared.errors import Reason, Refusal


def known(section: Section, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``values`` where the section has all their fields; raises ValidationError beside each that it has not."""
    unknown = [name[:60] for name in values if name not in section.names]
    if unknown:
        raise ValidationError({key: [ErrorDetail(_("没有这个字段。"), code="unknown_field")] for key in unknown})
    return values


def fitting(saved: Saved) -> None:
    """Raise ValidationError beside each value that did not fit its field; the transaction takes the others back too."""
    if saved.unfit:
        raise ValidationError({name: [ErrorDetail(text, code="unfit")] for name, text in saved.unfit.items()})


def conflicting(saved: Saved) -> Response:
    """Return the answer to a change that was based on an older version: what the fields say now, and their versions."""
    text = _("该内容已在别处修改，请核对后再保存。")
    reasons = [Reason(text, "R-063", "changed_elsewhere", conflict.field) for conflict in saved.conflicts]
    response = problem_of(Refusal(reasons))
    response.data["conflicts"] = [
        {"field": one.field, "value": one.value, "version": one.version} for one in saved.conflicts
    ]
    return response
