"""The lines of a notice on a page: found by words, twenty at a time."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from portal.publicity.domain import queries
from portal.publicity.forms import LineFilter
from portal.publicity.models import Line, Notice

LINES_A_PAGE = 20


def lines_found(notice: Notice, request: HttpRequest) -> tuple[LineFilter, Page[Line]]:
    """Return the filter and the page of lines that the query string asks for."""
    form = LineFilter(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    return form, Paginator(queries.lines_shown(notice, words), LINES_A_PAGE).get_page(request.GET.get("page"))
