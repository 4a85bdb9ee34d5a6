"""Bases of the API by desk: one instant, rows among what the actor may see, expiry before the once-transaction."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import serializers, viewsets
from rest_framework.reverse import reverse

from portal.accounts.actors import Actor
from portal.http.arrival import arrived_at
from portal.http.bodies import MOST_BYTES
from portal.http.drf import StepsMixin
from portal.http.once import key_of
from portal.http.schema import ReasonSerializer
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

    def named(self) -> "models.QuerySet[Any]":
        """Return the row that the address names, among those that the actor may see; none for an address without one."""
        code = self.kwargs.get(self.lookup_url_kwarg or self.lookup_field)
        return self.get_queryset().filter(**{self.lookup_field: code}) if code else self.get_queryset().none()

    def taking(self) -> dict[str, Any]:
        """Return who takes a step, when, and under which key: what every act of the domain is told besides."""
        return {"by": self.actor, "at": self.at, "key": key_of(self.request._request)}

    def steps_here(self, subject: Any) -> list[dict[str, Any]]:
        """Return the steps that the room offers for ``subject``, each with where to POST it; methods have the steps' names."""
        return [
            {**one, "address": reverse(f"api:{self.basename}-{one['step'].replace('_', '-')}", args=[subject.code])}
            for one in self.steps_of(subject, self.request)
            if hasattr(type(self), one["step"])
        ]

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


class TimedDesk(Desk):
    """A desk whose rows have timers themselves: what has fallen due on the row that the address names runs first."""

    def timed(self, request: HttpRequest) -> Iterable[models.Model]:
        """Return the row that the address names."""
        return self.named()


def codes_in(request: HttpRequest, field: str, *, most: int) -> list[str]:
    """Return the codes, at most ``most``, that a POST brings under ``field``, before it is judged; a desk settles their rows.

    Nothing is returned where the body cannot be read, is too large, or names more; what is no code is left out.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method != "POST" or not length.isdigit() or int(length) > MOST_BYTES:
        return []
    try:
        told = json.loads(request.body)[field]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
    codes = told if isinstance(told, list) else [told]
    if len(codes) > most:
        return []
    return [code for code in codes if isinstance(code, str) and re.fullmatch(CODE, code)]


class StepSerializer(serializers.Serializer[Any]):
    """What can be done now, or why not yet; ``address`` is where to POST it."""

    step = serializers.CharField()
    label: Any = serializers.CharField()
    basis = serializers.CharField()
    open = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    address = serializers.CharField()
