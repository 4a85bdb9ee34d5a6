"""The results of the year (本年度评审结果公示): every notice of results, and everybody on them by name or number."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.rules import anyone
from portal.http import searching
from portal.publicity.domain import queries
from portal.publicity.views.lines import Searched
from portal.shared import clock

ROWS_A_PAGE = 20


class Results(Searched):
    """People are looked for by name or by the number of a notice; search engines are told to keep out."""

    access = anyone
    template_name = "publicity/public/results.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        year, words = clock.day_of(self.at).year, searching.opened_words_of(request, self.at)
        rows = queries.results_found(year, words) if words else queries.results_of(year)
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
        response = self.page(page=page, words=words, year=year)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
