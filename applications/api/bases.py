"""What the desks of the API share: one instant, rows among what the actor may see, expiry before the once-transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import viewsets
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from applications.domain.archiving import Saved
from applications.sections import Section
from portal.accounts.actors import Actor
from portal.http.arrival import arrived_at
from portal.http.drf import StepsMixin, problem_of
from portal.shared.errors import Reason, Refusal
from portal.workflow import settle_due

CODE = "[A-Z]{1,3}-[0-9A-Z]{4,16}"


class Desk(StepsMixin, viewsets.GenericViewSet[Any]):
    """Views of one desk.

    What has fallen due on the rows that a request names is executed before the request is handled, in transactions
    of its own: a refusal rolls back what it refuses, never an expiry.
    """

    lookup_field = "code"
    lookup_value_regex = CODE

    at: dt.datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = arrived_at(request)
        for subject in self.timed(request):
            settle_due(subject, self.at)
        return super().dispatch(request, *args, **kwargs)

    def timed(self, request: HttpRequest) -> Iterable[models.Model]:
        """Return the rows with timers that the request is about."""
        return ()

    @property
    def actor(self) -> Actor:
        """Who acts."""
        request: Any = self.request
        return getattr(request, "_request", request).actor  # type: ignore[no-any-return]

    def body(self, serializer: Any) -> Mapping[str, Any]:
        """Return what the request brings, checked by ``serializer``; raises ValidationError."""
        checked = serializer(data=self.request.data)
        checked.is_valid(raise_exception=True)
        return checked.validated_data  # type: ignore[no-any-return]


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
