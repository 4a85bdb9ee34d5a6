"""A freelancer chooses the association that recommends, and hands in what it sealed on paper (R-080…R-084, A-16)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain import answering, associating, lookups
from applications.domain.compiling import compile_dossier
from applications.domain.todo import ASSOCIATION
from applications.enums import EDITABLE, SealedPaper, System
from applications.interfaces.association_forms import AssociationForm, ScanForm
from applications.views.applicant import OwnApplication
from portal.catalogue.enums import Channel
from portal.http.views import ChangeView, show_refusal
from portal.shared.errors import Refusal


class Association(OwnApplication, ChangeView):
    """Who recommends a person whom nobody insures, and on which way; on paper, what to print and to hand in."""

    template_name = "applications/applicant/association.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if self.subject.state not in EDITABLE:
            return HttpResponseRedirect(reverse("applications:mine", args=[code]))
        return self.show(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            associating.choose(self.subject, **form.chosen, by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("applications:association", args=[code]))

    def form(self, *data: Any) -> AssociationForm:
        """Return the choice, with what was chosen before."""
        return AssociationForm(*data, application=self.subject, offered=associating.offered(self.at))

    def show(self, form: AssociationForm) -> HttpResponseBase:
        """Return the page with what the register says and, on paper, the papers one by one."""
        application = self.subject
        dossier = compile_dossier(application, at=self.at)
        scans = {one.paper: one for one in dossier.gathered.scans}
        told = answering.told(lookups.latest(self.person))
        return self.page(
            application=application,
            form=form,
            insurance=[one for one in told if one.system == System.INSURANCE],
            is_freelance=application.channel == Channel.FREELANCER,
            association=dossier.content.get("association"),
            reasons=dossier.reasons_of(ASSOCIATION),
            papers=[(paper, scans.get(paper.value)) for paper in SealedPaper],
        )


class Scan(OwnApplication, ChangeView):
    """The scan of one sealed paper."""

    template_name = "applications/applicant/scan.html"
    paper: SealedPaper

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["paper"] not in SealedPaper.values or not self.subject.on_paper:
            raise Http404
        self.paper = SealedPaper(kwargs["paper"])

    def get(self, request: HttpRequest, code: str, paper: str) -> HttpResponseBase:
        return self.show(ScanForm())

    def post(self, request: HttpRequest, code: str, paper: str) -> HttpResponseBase:
        form = ScanForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            associating.attach(self.subject, self.paper, form.cleaned_data["file"], by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("扫描件已上传。"))
        return HttpResponseRedirect(self.back_address())

    def back_address(self) -> str:
        """Return where all three papers stand."""
        return reverse("applications:association", args=[self.subject.code])

    def show(self, form: ScanForm) -> HttpResponseBase:
        """Return the page with its form."""
        return self.page(application=self.subject, paper=self.paper, form=form, cancel_address=self.back_address())
