"""Information pages: their words stand in their templates."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.rules import anyone
from portal.http.views import PortalView
from portal.web.guides import GUIDES
from portal.web.rights import review_days


class StaticPage(PortalView):
    access = anyone

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page()


class Accessibility(StaticPage):
    template_name = "web/accessibility.html"


class Privacy(StaticPage):
    template_name = "web/privacy.html"


class Help(PortalView):
    access = anyone
    template_name = "web/help.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(guides=GUIDES.values(), rights=review_days(self.at))


class Guide(PortalView):
    access = anyone
    template_name = "web/guide.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        if slug not in GUIDES:
            raise Http404
        return self.page(guide=GUIDES[slug], others=[one for one in GUIDES.values() if one.slug != slug])
