"""One operation of the API for one step of a machine, made from the step's own declaration."""

from collections.abc import Callable
from typing import Any

from django.db import models
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.http.bodies import EmptySerializer
from portal.http.schema import told
from portal.workflow import carry_out, label_of


def step_of(
    model: type[models.Model],
    step: str,
    do: Callable[..., Any] | None,
    description: Any,
    *,
    shows: Any,
    body: Any = EmptySerializer,
) -> Any:
    """Return the operation ``POST …/steps/<step>/``: ``do(row, **body, by=…, at=…, key=…)``, answered with ``shows``.

    Without ``do`` the step is carried out as it is declared. The view gives ``get_object``, ``body``, ``taking`` and ``shown``.
    """

    def take(self: Any, request: Request, code: str) -> Response:
        row, given = self.get_object(), self.body(body)
        done = do(row, **given, **self.taking()) if do else carry_out(row, step, **given, **self.taking())
        return self.shown(done)  # type: ignore[no-any-return]

    take.__name__ = step
    offered = action(detail=True, methods=["post"], url_path=f"steps/{step}", url_name=step.replace("_", "-"))(take)
    return told(label_of(model, step), description, steps=[(model, step)], request=body, responses=shows)(offered)
