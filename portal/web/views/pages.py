"""Information pages: their words stand in their templates."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.rules import anyone
from portal.http.views import PortalView


class StaticPage(PortalView):
    access = anyone

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page()


class Accessibility(StaticPage):
    template_name = "web/accessibility.html"


class Privacy(StaticPage):
    template_name = "web/privacy.html"


class Help(StaticPage):
    template_name = "web/help.html"
