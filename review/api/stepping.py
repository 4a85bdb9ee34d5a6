"""What the rooms of the review share: rows whose timers hang on the application, and one operation for one step."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import HttpRequest
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from applications.models import Application
from portal.http.bodies import EmptySerializer
from portal.http.desks import Desk
from portal.http.schema import told
from portal.workflow import label_of


class OfApplications(Desk):
    """A desk about an application, whose timers run first."""

    def timed(self, request: HttpRequest) -> models.QuerySet[Application]:
        """Return the application of the row that the address names."""
        return Application.objects.filter(pk__in=self.named().values("application"))


def step_of(
    model: type[models.Model],
    step: str,
    do: Callable[..., Any],
    description: Any,
    *,
    shows: Any,
    body: Any = EmptySerializer,
) -> Any:
    """Return the operation ``POST …/steps/<step>/``: ``do(row, **body, by=…, at=…, key=…)``, answered with ``shows``.

    The view gives ``get_object``, ``body``, ``taking`` and ``shown``.
    """

    def take(self: Any, request: Request, code: str) -> Response:
        given = self.body(body)
        done = do(self.get_object(), **given, **self.taking())
        return self.shown(done)  # type: ignore[no-any-return]

    take.__name__ = step
    offered = action(detail=True, methods=["post"], url_path=f"steps/{step}", url_name=step.replace("_", "-"))(take)
    return told(label_of(model, step), description, steps=[(model, step)], request=body, responses=shows)(offered)
