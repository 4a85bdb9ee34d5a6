"""The lines of a notice on a page: found by words, twenty at a time; no name stands in an address."""

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.http import searching
from portal.http.views import PortalView
from portal.publicity.domain import queries
from portal.publicity.models import Line, Notice

LINES_A_PAGE = 20


class Searched(PortalView):
    """A list that is narrowed by words sent in a body; works for whoever is not logged in and keeps nothing of them."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return searching.sealed_redirect(request, self.at)


def lines_found(notice: Notice, request: HttpRequest, at: dt.datetime) -> tuple[str, Page[Line]]:
    """Return the words that are looked for, and the page of lines that they leave."""
    words = searching.opened_words_of(request, at)
    return words, Paginator(queries.lines_shown(notice, words), LINES_A_PAGE).get_page(request.GET.get("page"))
