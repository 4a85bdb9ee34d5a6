"""Language and size of type: kept in a cookie, and back to the page where one was."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.accounts.rules import anyone
from portal.http.access import open_to
from portal.web.site import LARGE, SIZE_COOKIE

KEPT_FOR = dt.timedelta(days=365)


@open_to(anyone)
@never_cache
@require_safe
def language(request: HttpRequest, tag: str) -> HttpResponse:
    if tag not in dict(settings.LANGUAGES):
        raise Http404
    return _remembering(request, settings.LANGUAGE_COOKIE_NAME, tag)


@open_to(anyone)
@never_cache
@require_safe
def size(request: HttpRequest, size: str) -> HttpResponse:
    if size not in {"normal", LARGE}:
        raise Http404
    return _remembering(request, SIZE_COOKIE, size)


def next_address(request: HttpRequest, wanted: str | None) -> str:
    """Return where to go back to: ``wanted`` where it is an address of this portal, else the home page."""
    own = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, own, require_https=request.is_secure()):
        return wanted
    return reverse("web:home")


def _remembering(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(next_address(request, request.GET.get("next")))
    response.set_cookie(
        cookie, value, max_age=KEPT_FOR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
    return response
