"""Where readers open a notice."""

from django.http import HttpRequest
from django.urls import reverse

from portal.publicity.enums import ON_THE_BOARD
from portal.publicity.models import Notice


def readers_address(notice: Notice, request: HttpRequest) -> str:
    """Return the absolute address of the page that readers open: on the board, or by the link handed to them (A-07)."""
    if notice.kind in ON_THE_BOARD:
        path = reverse("publicity:notice", args=[notice.code])
    else:
        path = reverse("publicity:link_notice", args=[notice.access_code])
    return request.build_absolute_uri(path)
