"""Fields that are saved while they are typed: JSON in, what was stored, what did not fit and what another window changed out."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.domain.archiving import Conflict, Saved
from applications.sections import Section
from applications.values import shown
from portal.http.views import ChangeView
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

MALFORMED, REFUSED = 400, 409


class MalformedError(ValueError):
    """A body that is not what the script sends."""


class FieldsView(ChangeView):
    """Stores some fields of one section; a view says which section and how it is saved."""

    section: Section

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            return _refused(refusal, REFUSED)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            fields, versions = asked(request.body)
        except ValueError:
            return _refused(Refusal([Reason(_("请求有误，请刷新页面后重试。"), code="malformed")]), MALFORMED)
        saved = self.save(fields, versions)
        return Remembered(
            {
                "saved_at": (saved.saved_at or self.at).astimezone(clock.BEIJING).isoformat(timespec="seconds"),
                "saved": dateformat.format(self.at.astimezone(clock.BEIJING), "H:i"),
                "versions": dict(saved.versions),
                "errors": dict(saved.unfit),
                "conflicts": [self.conflict(one) for one in saved.conflicts],
            }
        )

    def save(self, fields: dict[str, Any], versions: dict[str, int]) -> Saved:
        """Store the fields; raises Refusal."""
        raise NotImplementedError

    def conflict(self, found: Conflict) -> dict[str, Any]:
        """Return what another window wrote, as it is stored and in words."""
        words = shown(self.section.field(found.field), found.value)
        return {
            "field": found.field,
            "value": found.value,
            "shown": words or _("（空）"),
            "version": found.version,
        }


class Remembered(JsonResponse):
    """An answer that is given again where the same request comes twice."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.data = data


def asked(body: bytes) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the fields and the versions that they are based on; raises ValueError for anything else, text that is no JSON included."""
    try:
        told = json.loads(body)
    except RecursionError as error:
        raise MalformedError from error
    if not isinstance(told, dict):
        raise MalformedError
    fields, versions = told.get("fields"), told.get("versions", {})
    if not isinstance(fields, dict) or not isinstance(versions, dict):
        raise MalformedError
    if not all(type(version) is int for version in versions.values()):
        raise MalformedError
    return fields, versions


def _refused(refusal: Refusal, status: int) -> JsonResponse:
    detail = " ".join(str(reason.text) for reason in refusal.reasons)
    told = {"detail": detail, "reasons": [reason.as_dict() for reason in refusal.reasons]}
    return JsonResponse(told, status=status)
