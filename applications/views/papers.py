"""Papers of an application as PDF: for the person, the employer that recommends, and the agency that has the file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from applications import rules
from applications.domain import printing, queries
from applications.domain.compiling import compile_dossier
from applications.enums import EDITABLE
from applications.interfaces import papers
from applications.models import Snapshot
from portal.accounts.roles import AGENCY_STAFF
from portal.accounts.rules import acts_personally, holds
from portal.http.views import SubjectMixin
from portal.shared.errors import Refusal
from portal.shared.office import office_language


class Paper(SubjectMixin):
    """One paper; of what was submitted last, of an earlier ``?version=``, or of the draft for the person alone."""

    access = acts_personally | rules.recommends | holds(*AGENCY_STAFF)
    template_name = "applications/applicant/not_printable.html"

    def visible(self) -> Any:
        return queries.readable(self.actor)

    def get(self, request: HttpRequest, code: str, which: str) -> HttpResponseBase:
        if which not in papers.TEMPLATES:
            raise Http404
        try:
            return self.draft(which) if self.wants_draft() else self.of_version(self.version(), which)
        except Refusal as refusal:
            return self.page(application=self.subject, reasons=refusal.reasons, status=409)

    def wants_draft(self) -> bool:
        """Whether the person looks at what is being filled in; nobody else sees a draft."""
        is_own = rules.is_applicant.test(self.actor, self.subject)
        return is_own and self.subject.state in EDITABLE and "version" not in self.request.GET

    def version(self) -> Snapshot:
        """Return the version asked for; others than the person meet only versions with effect."""
        asked = self.request.GET.get("version", "")
        found = Snapshot.objects.filter(application=self.subject).select_related("application__applicant", "form")
        if not rules.is_applicant.test(self.actor, self.subject):
            found = found.filter(discarded_at=None)
        if asked:
            return get_object_or_404(found, number=int(asked) if asked.isascii() and asked.isdigit() else 0)
        latest = found.filter(discarded_at=None).order_by("-number").first()
        if latest is None:
            raise Http404
        return latest

    def of_version(self, snapshot: Snapshot, which: str) -> HttpResponseBase:
        if which == papers.FORM:
            file = printing.form_of(snapshot, at=self.at)
            return HttpResponseRedirect(reverse("documents:download", args=[file.code]))
        return self.answer(which, snapshot.content, snapshot.made_at)

    def draft(self, which: str) -> HttpResponseBase:
        with office_language():
            content = compile_dossier(self.subject, at=self.at).content
        return self.answer(which, content, self.at, is_draft=not self.subject.on_paper)

    def answer(self, which: str, content: Any, at: Any, *, is_draft: bool = False) -> HttpResponseBase:
        with office_language():
            paper = papers.written(which, content, at, is_draft=is_draft)
        response = HttpResponse(paper, content_type="application/pdf")
        name = f"{self.subject.code}-{which}{'-draft' if is_draft else ''}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        return response
