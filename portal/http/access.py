"""Who may open an address: every view declares it, and a view that declares nothing stops the start.

A declaration is a predicate over the actor, composed from ``portal.accounts.rules``. It decides about the page
only; which rows a person meets on it is decided by the querysets, and what they may do by the transitions.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from rules.predicates import Predicate

from portal.accounts.rules import anyone, logged_in

# Views of libraries cannot carry a declaration of ours; they are listed by URL name, or by their module.
OF_LIBRARIES_BY_NAME: dict[str, Predicate] = {
    "account_login": anyone,
    "account_logout": anyone,
    "account_inactive": anyone,
    "account_reauthenticate": logged_in,
    "account_confirm_email": anyone,
    "account_change_password": logged_in,
    "account_set_password": logged_in,
    "account_reset_password": anyone,
    "account_reset_password_done": anyone,
    "account_reset_password_from_key": anyone,
    "account_reset_password_from_key_done": anyone,
    "mfa_authenticate": anyone,
    "socialaccount_login_cancelled": anyone,
    "set_language": anyone,
}
OF_LIBRARIES_BY_MODULE: dict[str, Predicate] = {
    "allauth.mfa": logged_in,
}


def access_of(callback: Callable[..., Any], url_name: str | None) -> Predicate | None:
    """Return who may open the view behind ``callback``, or None where nobody declared it."""
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
    declared = getattr(view, "access", None)
    if isinstance(declared, Predicate):
        return declared
    if url_name in OF_LIBRARIES_BY_NAME:
        return OF_LIBRARIES_BY_NAME[url_name]
    module = getattr(view, "__module__", "")
    for prefix, predicate in OF_LIBRARIES_BY_MODULE.items():
        if module.startswith(prefix):
            return predicate
    return None


def open_to(predicate: Predicate) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare who may open a function view."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.access = predicate  # type: ignore[attr-defined]
        return view

    return declare


def all_patterns(
    resolver: URLResolver | None = None, namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Yield every address of the portal as (qualified URL name, pattern)."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            inner = (*namespaces, item.namespace) if item.namespace else namespaces
            yield from all_patterns(item, inner)
        else:
            yield ":".join((*namespaces, item.name or str(item.pattern))), item
