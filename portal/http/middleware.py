"""Who acts in this request, and may they open this address: decided here, before any view runs."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from portal.accounts import queries as accounts
from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.models import Person
from portal.accounts.rules import anyone
from portal.http.access import access_of
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted

ACTING_FOR = "acting_for"

Answer = Callable[[HttpRequest], HttpResponse]


class PortalRequest(HttpRequest):
    """A request as views meet it: with the actor whose roles and organisation were chosen."""

    actor: Actor


class ActorMiddleware:
    """Sets ``request.actor``: the person with the organisation chosen in the session, looked up anew each time."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        request.actor = actor_of(request)
        return self.get_response(request)


class AccessMiddleware:
    """Refuses every address to actors for whom it was not declared open."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: PortalRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if any("\0" in str(value) for value in kwargs.values()):
            raise Http404  # no row has such a code, and the database does not even take the question
        match = request.resolver_match
        access = access_of(view, match.url_name if match else None)
        if access is None:
            raise PermissionDenied
        if access is anyone or access.test(request.actor):
            return None
        if request.actor.is_logged_in or hasattr(view, "cls"):
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())


class RefusalMiddleware:
    """Shows a refusal that no form caught as a page of its own, with every reason and what to do."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        status = HTTPStatus.FORBIDDEN if isinstance(error, StepNotPermitted) else HTTPStatus.CONFLICT
        return render(request, "errors/refused.html", {"reasons": error.reasons}, status=status)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in ``request``."""
    user = request.user
    if not isinstance(user, Person):
        return PUBLIC
    return accounts.actor_of(user, request.session.get(ACTING_FOR, ""), on=clock.today())
