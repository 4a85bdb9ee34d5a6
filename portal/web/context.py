"""What every template gets."""

from typing import Any

from django.http import HttpRequest

from portal.web.site import Site


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates the frame of the page as ``frame``; nothing of it is worked out before it is shown."""
    return {"frame": Site(request)}
