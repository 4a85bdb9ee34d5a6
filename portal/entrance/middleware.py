"""What stands between log-in and the pages: the second factor, and the end of a forgotten staff session."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.accounts.roles import NEEDS_SECOND_FACTOR
from portal.entrance import second_factor
from portal.http.middleware import PortalRequest
from portal.shared import clock

Answer = Callable[[HttpRequest], HttpResponse]

STAFF_SESSION = "staff_session"
RENEWED_EVERY = 60
# Addresses that stay open to a session that owes its second factor: proving it, leaving, and how the page looks.
OPEN_WITHOUT = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "account_reauthenticate",
        "account_logout",
        "web:language",
        "web:size",
        "web:livez",
        "web:readyz",
        "web:clock",
    }
)


class SecondFactorMiddleware:
    """Sends a session that owes a second factor to enrol or to prove it; the API is told no."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: PortalRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or match.view_name in OPEN_WITHOUT or not second_factor.is_owed(request, request.actor):
            return None
        if hasattr(view, "cls") or request.actor.person is None:
            raise PermissionDenied
        enrolled = second_factor.is_enrolled(request.actor.person)
        door = reverse("mfa_reauthenticate" if enrolled else "mfa_activate_totp")
        return HttpResponseRedirect(f"{door}?{urlencode({'next': request.get_full_path()})}")


class StaffSessionMiddleware:
    """Ends the session of somebody who acted as staff once it has been idle for ``STAFF_IDLE_SECONDS``.

    A request starts the time anew, at most once in ``RENEWED_EVERY`` seconds, so that reading costs no writing;
    ordinary sessions have the length of ``SESSION_COOKIE_AGE``.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        renewed_at = request.session.get(STAFF_SESSION, 0)
        if renewed_at or request.actor.roles & NEEDS_SECOND_FACTOR:
            present = clock.since_epoch()
            if not 0 <= present - renewed_at < RENEWED_EVERY:
                request.session[STAFF_SESSION] = present
                request.session.set_expiry(settings.STAFF_IDLE_SECONDS)
        return self.get_response(request)
