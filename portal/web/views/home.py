"""The front door, and the desk behind it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.actors import PUBLIC
from portal.accounts.rules import anyone, logged_in
from portal.http import navigation, worklist
from portal.http.views import PortalView


class Home(PortalView):
    access = anyone
    template_name = "web/home.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(public=navigation.entries_for(PUBLIC, besides="web"))


class Desk(PortalView):
    """What waits for the actor, and everything that the desk offers."""

    access = logged_in
    template_name = "web/desk.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        entries = navigation.entries_for(self.actor, besides="web")
        return self.page(groups=worklist.waiting_for(self.actor, self.at), entries=entries)
