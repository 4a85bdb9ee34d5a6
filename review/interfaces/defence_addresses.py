"""The address that the picture on a defence notice leads to."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from review.domain.defence_papers import AddressOf


def check_in_address(request: HttpRequest) -> AddressOf:
    """Return what makes the absolute address of the check-in page for a code: nothing personal stands in it."""
    page = request.build_absolute_uri(reverse("review:defence_check_in"))
    return lambda code: f"{page}?{urlencode({'code': code})}"
