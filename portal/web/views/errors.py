"""Pages that tell what went wrong and what to do now, in both languages; under the API's address, problem details."""

import sys
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.http.drf import answer_to
from portal.web.site import BareSite

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _bare(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return answer_to(PermissionDenied())
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return answer_to(Http404())
    return render(request, "errors/404.html", status=404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 503 where the database is away, for then waiting helps, and 500 otherwise."""
    fault: Any = sys.exc_info()[1]
    if isinstance(fault, OperationalError | InterfaceError):
        response = _bare(request, "errors/503.html", 503)
        response.headers["Retry-After"] = "60"
        return response
    return _bare(request, "errors/500.html", 500)


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, {"frame": BareSite(request)}), status=status)
