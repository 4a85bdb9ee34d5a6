"""The API's foundation: once per key, steps, problem details."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import exceptions, status, views
from rest_framework.request import Request
from rest_framework.response import Response

from portal.http.arrival import arrived_at
from portal.http.declared import actor_in
from portal.http.once import key_of, once
from portal.shared.errors import Refusal, StepNotPermitted
from portal.workflow import carry_out, open_steps

PROBLEM_JSON = "application/problem+json"


class SaidOnce(Response):
    """An answer that holds something said once: whoever sends its key again gets ``remembered``, and nothing else is kept."""

    def __init__(self, data: Any, *, remembered: Any, status: int) -> None:
        super().__init__(data, status=status)
        self.remembered = remembered


class OnceMixin:
    """Handles each unsafe request once per ``Idempotency-Key``; those named in ``asking`` only ask, and need none."""

    asking: ClassVar[tuple[str, ...]] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        handle = super().dispatch  # type: ignore[misc]
        called = getattr(self, "action_map", {}).get(str(request.method).lower())
        if request.method in {"GET", "HEAD", "OPTIONS"} or called in self.asking:
            return handle(request, *args, **kwargs)  # type: ignore[no-any-return]
        try:
            return once(request, request.actor, lambda: handle(request, *args, **kwargs))  # type: ignore[attr-defined]
        except Refusal as refusal:
            return _rendered(problem_of(refusal))


class StepsMixin(OnceMixin):
    """Adds to a detail view of a state machine: what can be done now (GET), and doing it (POST)."""

    def steps_of(self, subject: models.Model, request: Request, **facts: Any) -> list[dict[str, Any]]:
        """Return the open steps of ``subject`` with the reasons against each that are known, also from ``facts``."""
        steps = open_steps(subject, by=actor_in(request), at=arrived_at(request._request), **facts)
        return [
            {
                "step": step.name,
                "label": str(step.label),
                "basis": step.basis,
                "open": step.is_pressable,
                "reasons": [reason.as_dict() for reason in step.reasons],
            }
            for step in steps
        ]

    def take_step(self, subject: models.Model, step: str, request: Request, **facts: Any) -> models.Model:
        """Carry out ``step`` with the same rules as the pages; refusals become problem details."""
        key = key_of(request._request)
        return carry_out(subject, step, by=actor_in(request), at=arrived_at(request._request), key=key, **facts)


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an error into problem details (RFC 9457) with a stable code; None lets Django answer 500."""
    if isinstance(error, Refusal):
        return problem_of(error)
    if isinstance(error, exceptions.ValidationError):
        return _details(400, "invalid", _("提交的内容有误。"), reasons=_field_reasons(error.detail))
    if isinstance(error, Http404):
        return _details(404, "not_found", _("没有找到，或您无权查看。"))
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return _details(403, "not_permitted", _("您当前的身份不能访问。"))
    response = views.exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    return _details(response.status_code, str(error.default_code), str(error.detail), headers=dict(response.headers))


def problem_of(refusal: Refusal) -> Response:
    """Return the answer to a refusal: 403 where the actor may never, 409 where the rules say not now."""
    code = status.HTTP_403_FORBIDDEN if isinstance(refusal, StepNotPermitted) else status.HTTP_409_CONFLICT
    first = refusal.reasons[0]
    return _details(
        code, first.code or "refused", str(first.text), reasons=[each.as_dict() for each in refusal.reasons]
    )


def answer_to(error: Exception) -> Response:
    """Return the answer to an error that was raised outside a view of the API, ready to be sent."""
    answer = problem(error, {})
    assert answer is not None  # noqa: S101 - asked only for what ``problem`` knows
    return _rendered(answer)


def _details(
    code: int, name: str, text: str, reasons: list[dict[str, Any]] | None = None, headers: dict[str, str] | None = None
) -> Response:
    body = {"type": "about:blank", "status": code, "code": name, "title": text, "reasons": reasons or []}
    return Response(body, status=code, headers=headers, content_type=PROBLEM_JSON)


def _field_reasons(detail: Any, field: str = "") -> list[dict[str, Any]]:
    if isinstance(detail, dict):
        return [each for name, inner in detail.items() for each in _field_reasons(inner, f"{field}.{name}".strip("."))]
    if isinstance(detail, list):
        return [each for inner in detail for each in _field_reasons(inner, field)]
    return [{"field": field, "code": getattr(detail, "code", "invalid"), "text": str(detail), "basis": ""}]


def _rendered(response: Response) -> Response:
    """Give a response made outside a view its renderer."""
    renderer = views.APIView().get_renderers()[0]
    response.accepted_renderer, response.accepted_media_type = renderer, PROBLEM_JSON
    response.renderer_context = {}  # type: ignore[attr-defined]
    response.render()
    return response
