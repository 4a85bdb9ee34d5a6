"""Papers of an application as PDF: for the person, the employer that recommends, and the agency that has the file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from applications import rules
from applications.domain import queries
from applications.interfaces.handing_out import paper_of
from portal.http.views import SubjectMixin
from portal.shared.errors import Refusal


class Paper(SubjectMixin):
    """One paper; of what was submitted last, of an earlier ``?version=``, or of the draft for the person alone."""

    access = rules.reads_papers
    template_name = "applications/applicant/not_printable.html"

    def visible(self) -> Any:
        return queries.readable(self.actor)

    def get(self, request: HttpRequest, code: str, which: str) -> HttpResponseBase:
        try:
            paper = paper_of(self.subject, which, request.GET.get("version"), by=self.actor, at=self.at)
        except Refusal as refusal:
            return self.page(application=self.subject, reasons=refusal.reasons, status=409)
        if paper is None:
            raise Http404
        if paper.file is not None:
            return HttpResponseRedirect(reverse("documents:download", args=[paper.file.code]))
        response = HttpResponse(paper.content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{paper.name}"'
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        return response
