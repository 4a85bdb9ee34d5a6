"""The personal archive."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from applications.models import ArchiveItem
from portal.accounts.rules import acts_personally
from portal.http.views import PortalView


class Archive(PortalView):
    access = acts_personally
    template_name = "applications/archive/archive.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(items=ArchiveItem.objects.of(self.actor).kept())
