"""Start-up checks of the pages."""

from typing import Any

from django.core.checks import Error

from portal.http.access import access_of, all_patterns


def every_view_declares_who_may(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to start with an address whose view declares no access."""
    return [
        Error(f"The view of {name!r} declares no access.", hint="Set `access = <predicate>` on it.", id="portal.E010")
        for name, pattern in all_patterns()
        if access_of(pattern.callback, pattern.name) is None
    ]
