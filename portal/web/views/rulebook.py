"""The rules that every refusal, timer and vote names."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.rules import anyone
from portal.http.views import PortalView
from portal.web import rulebook


class Rules(PortalView):
    access = anyone
    template_name = "web/rules.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(chapters=rulebook.chapters())


class Rule(PortalView):
    access = anyone
    template_name = "web/rule.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        found = rulebook.by_number().get(number.upper())
        if found is None:
            raise Http404
        rule, chapter = found
        return self.page(rule=rule, chapter=chapter)
