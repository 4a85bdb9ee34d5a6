"""The employer's desk: the queue, and one person's file."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from applications import rules
from applications.domain import queries
from portal.http.views import PortalView, SubjectMixin


class Queue(PortalView):
    access = rules.recommends
    template_name = "applications/employer/queue.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(recommendations=queries.queue(self.actor))


class OwnFile(SubjectMixin):
    access = rules.recommends

    def visible(self) -> Any:
        return queries.queue(self.actor)


class File(OwnFile):
    template_name = "applications/employer/file.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(recommendation=self.subject)
