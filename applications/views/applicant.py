"""The applicant's desk: own applications and what each needs."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from applications.domain import queries
from portal.accounts.rules import acts_personally
from portal.http.views import PortalView, SubjectMixin


class Own(PortalView):
    access = acts_personally
    template_name = "applications/applicant/own.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(applications=queries.own(self.actor))


class OwnApplication(SubjectMixin):
    access = acts_personally

    def visible(self) -> Any:
        return queries.own(self.actor)


class Mine(OwnApplication):
    template_name = "applications/applicant/mine.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(application=self.subject)
