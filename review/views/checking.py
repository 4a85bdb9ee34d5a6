"""The agency's desk: one person's file, and the bureau's look at what is late."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.http.views import PortalView, SubjectMixin
from review import rules
from review.models import AgencyReview

A_PAGE = 50


class Queue(PortalView):
    """What waits for the agency, what is due first on top."""

    access = rules.checks
    template_name = "review/checking/queue.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = AgencyReview.objects.at(self.actor).awaiting().with_all().order_by("due_at", "pk")
        return self.page(page=Paginator(rows, A_PAGE).get_page(request.GET.get("page")))


class Overdue(PortalView):
    """What the agencies did not check in time, for the bureau that supervises them (N-13)."""

    access = rules.oversees
    template_name = "review/checking/overdue.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = AgencyReview.objects.overdue().with_all().order_by("due_at", "agency", "pk")
        return self.page(page=Paginator(rows, A_PAGE).get_page(request.GET.get("page")))


class OwnReview(SubjectMixin):
    """A page about one file of the actor's agency."""

    access = rules.checks
    subject: AgencyReview

    def visible(self) -> Any:
        return AgencyReview.objects.at(self.actor).with_all()


class File(OwnReview):
    """Everything about one file and what can be done with it now; the bureau reads along."""

    access = rules.sees_reviews
    template_name = "review/checking/file.html"

    def visible(self) -> Any:
        return AgencyReview.objects.seen_by(self.actor).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(review=self.subject, application=self.subject.application)
