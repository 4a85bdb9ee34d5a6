"""What the API framework's settings name, and who acts in a request.

The framework reads its settings while its own views are being imported: nothing here may need `rest_framework.views`,
or whether a process starts depends on which module it happens to import first.
"""

from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.accounts.actors import Actor
from portal.http.access import access_of


class DeclaredAccess(BasePermission):
    """Asks the same declaration as the middleware, so that a view reached another way is not open either."""

    def has_permission(self, request: Request, view: object) -> bool:
        access = access_of(type(view), None)
        return access is not None and access.test(actor_in(request))


class Pages(PageNumberPagination):
    """Twenty rows a page, a hundred at most."""

    page_size = 20
    page_size_query_param = "size"
    max_page_size = 100


def actor_in(request: Request) -> Actor:
    """Return who acts in an API request."""
    return request._request.actor  # type: ignore[attr-defined, no-any-return]
