"""What the API tells of itself: each operation with its words, its answers, and the codes of its refusals."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers

from portal.accounts.rules import anyone
from portal.http.once import HEADER
from portal.workflow.machine import transitions_of

PROBLEM_JSON = "application/problem+json"
CODES = "x-problem-codes"
SAFE = {"GET", "HEAD", "OPTIONS"}
LONGEST_KEY = 64

Words = str | Promise


class ReasonSerializer(serializers.Serializer[Any]):
    """One reason of a refusal."""

    code = serializers.CharField(help_text=_("稳定的原因代码，供程序判断。"))
    text = serializers.CharField(help_text=_("给人看的说明。"))
    basis = serializers.CharField(help_text=_("依据的规则编号，如 R-024。"), allow_blank=True)
    field = serializers.CharField(help_text=_("相关字段，没有的为空。"), allow_blank=True)


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text=_("稳定的问题代码，供程序判断。"))
    title = serializers.CharField(help_text=_("给人看的说明。"), allow_blank=True)
    reasons = ReasonSerializer(many=True, help_text=_("全部原因，每条注明依据。"))


def told(
    summary: Words,
    description: Words,
    *,
    refusals: Iterable[str] = (),
    steps: Iterable[tuple[type[models.Model], str]] = (),
    **schema: Any,
) -> Callable[[Any], Any]:
    """Describe an operation: in words, by request and response, and by the codes with which the rules refuse it.

    ``steps`` are the transitions that it carries out: the codes of their guards are taken from their declaration, so
    that the description cannot fall behind it. ``refusals`` are the codes that the domain gives besides.
    """
    codes = dict.fromkeys([*refusals, *(code for model, step in steps for code in codes_of(model, step))])
    return extend_schema(summary=summary, description=description, extensions={CODES: list(codes)}, **schema)


def told_of_rows(many: Words, one: Words, description: Words) -> Callable[[Any], Any]:
    """Describe a view that lists rows and shows one of them."""
    return extend_schema_view(list=told(many, description), retrieve=told(one, description))


def codes_of(model: type[models.Model], step: str) -> Iterator[str]:
    """Yield the codes with which the transition ``step`` of ``model`` is refused."""
    yield from ("step_not_open", "step_not_permitted")
    for found in transitions_of(model):
        if found.name == step:
            yield from (guard.code for guard in found.custom["guards"])


class PortalSchema(AutoSchema):
    """Adds to every operation what all of them share: the key of unsafe ones, and problem details for what can go wrong."""

    def get_override_parameters(self) -> list[Any]:
        """Return the idempotency key for requests that change something."""
        if self.method in SAFE or self.asks_only:
            return []
        text = _("防重复编号：同一编号再次发送得到第一次的答复，不会重复办理；每个新请求使用新编号。")
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[A-Za-z0-9_-]+$"}
        return [OpenApiParameter(HEADER, schema, OpenApiParameter.HEADER, required=True, description=text)]

    @property
    def asks_only(self) -> bool:
        """Whether the view's requests with a body are questions, which change nothing and may be sent again at will."""
        named = getattr(self.view, "action", None) in getattr(self.view, "asking", ())
        return named or getattr(self.view, "asks_only", False)

    def get_tags(self) -> list[str]:
        """Group by the room: the first word after the API's own."""
        return [self.path.strip("/").split("/")[1]]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with its refusals, by status as answers and as plain codes."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        refusals = self.refusals()
        for status, codes in refusals.items():
            answer = OpenApiResponse(ProblemSerializer, description=", ".join(codes))
            shown = self._get_response_for_code(answer, str(status), [PROBLEM_JSON])  # type: ignore[no-untyped-call]
            operation["responses"][str(status)] = shown
        operation[CODES] = {str(status): codes for status, codes in refusals.items()}
        return operation

    def refusals(self) -> dict[int, list[str]]:
        """Return with which statuses and codes the operation can be refused."""
        given: list[str] = (self.get_extensions() or {}).get(CODES, [])
        is_change, is_list = self.method not in SAFE, self._is_list_view()
        found: dict[int, list[str]] = {}
        if is_change or is_list or "invalid" in given:
            found[400] = ["invalid", *(["parse_error"] if is_change else [])]
        if getattr(self.view, "access", None) is not anyone:
            found[403] = ["not_permitted", *(code for code in given if code == "step_not_permitted")]
        if "{" in self.path or is_list or "not_found" in given:
            found[404] = ["not_found"]
        elsewhere = {"step_not_permitted", "not_found", "invalid"}
        if refused := [code for code in given if code not in elsewhere]:
            found[409] = refused
        if is_change:
            found[409] = refused if self.asks_only else ["key_missing", "key_reused", *refused]
            found[413], found[415] = ["too_large"], ["unsupported_media_type"]
        return found


class BodyExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Says of every request body that it takes no further fields."""

    target_class = "portal.http.bodies.Body"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        """Return the schema of the body, closed."""
        schema = auto_schema._map_serializer(  # noqa: SLF001 - the documented way of extensions
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "additionalProperties": False}
