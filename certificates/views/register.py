"""The bureau's register of certificates: the list, looking somebody up, taking it out, and one certificate."""

import tempfile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from certificates import rules
from certificates.domain import changing, register
from certificates.domain.register import Rows, Wanted
from certificates.enums import CHANGE_TONES, TONES, CertificateState, ChangeState
from certificates.interfaces import logged, sheets
from certificates.interfaces.forms import RegisterFilter
from certificates.interfaces.history import events_of
from certificates.models import Certificate, RegisterExport
from portal.documents.sheets import KEPT_FOR
from portal.http import searching
from portal.http.views import PortalView, SubjectMixin
from portal.shared import clock
from portal.shared.errors import Refusal

EXPORTS_SHOWN = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Narrowed(PortalView):
    """A page about what the register's filter leaves; the filter comes with the address, or with the form."""

    access = rules.keeps_register

    @cached_property
    def form(self) -> RegisterFilter:
        """What was chosen."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return RegisterFilter(given, series=register.series_with_certificates())

    @cached_property
    def words(self) -> str:
        """The words that are looked for."""
        return searching.words_of(self.request)

    @cached_property
    def wanted(self) -> Wanted:
        """Everything that was asked for."""
        chosen = self.form.wanted
        return Wanted(chosen.year, chosen.series, chosen.state, chosen.committee, self.words)

    @property
    def rows(self) -> Rows:
        """The certificates that are left."""
        return register.narrowed(Certificate.objects.at(self.actor), self.wanted)

    @property
    def kept(self) -> dict[str, str]:
        """The filter as hidden fields and addresses carry it."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        token = given.get(searching.FIELD, "") if self.words else ""
        return {**self.wanted.criteria, **({searching.FIELD: token} if token else {})}


class Register(Narrowed):
    template_name = "certificates/bureau/register.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        number = register.count_up_to(self.rows)
        page = register.read(self.rows, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
        return self.page(
            page=page,
            rows=[(one, TONES[CertificateState(one.state)]) for one in page.rows],
            number=min(number, register.COUNTED),
            is_more=number > register.COUNTED,
            exports=RegisterExport.objects.of(self.actor).order_by("-pk")[:EXPORTS_SHOWN],
            filter_form=self.form,
        )


class Search(Narrowed):
    """Takes the words, keeps them in the session, and leads to the list that a token narrows by them."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        token = searching.keep(request, request.POST.get("words", ""))
        kept = {**self.form.wanted.criteria, **({searching.FIELD: token} if token else {})}
        return HttpResponseRedirect(_address(kept))


class Export(Narrowed):
    """What the filter leaves as a file; asked for by a button, as each time is recorded."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if register.is_long(self.wanted, self.actor):
            return self.ordered()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        sheets.written(self.wanted, file, by=self.actor, at=self.at)
        file.seek(0)
        name = f"certificates-{self.at.astimezone(clock.BEIJING):%Y%m%d-%H%M}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)

    def ordered(self) -> HttpResponseBase:
        """Lead to the page of a sheet that a worker writes."""
        try:
            asked = register.order(self.wanted, by=self.actor, at=self.at)
        except Refusal as refusal:
            messages.error(self.request, str(refusal.reasons[0].text))
            return HttpResponseRedirect(_address(self.kept))
        return HttpResponseRedirect(reverse("certificates:exported", args=[asked.code]))


class Exported(SubjectMixin):
    """A long sheet: being written, ready, or gone again."""

    access = rules.keeps_register
    template_name = "certificates/bureau/exported.html"
    subject: RegisterExport

    def visible(self) -> Any:
        return RegisterExport.objects.of(self.actor).select_related("file")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(export=self.subject, kept_days=KEPT_FOR.days)


class OneCertificate(SubjectMixin):
    """A page about one certificate of the register."""

    access = rules.keeps_register
    subject: Certificate

    def visible(self) -> Any:
        together = ("holder", "order", "corrects", "file", "notice_file", "case__application__employer")
        return Certificate.objects.at(self.actor).select_related(*together)

    @property
    def own_address(self) -> str:
        """The certificate's page."""
        return reverse("certificates:certificate", args=[self.subject.code])


class ShowCertificate(OneCertificate):
    template_name = "certificates/bureau/certificate.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        certificate = self.subject
        changes = list(certificate.changes.select_related("proposed_by", "decided_by", "record", "proof"))
        pushes = list(certificate.pushes.order_by("-version"))
        waits = any(one.state == ChangeState.PROPOSED for one in changes)
        return self.page(
            certificate=certificate,
            tone=TONES[CertificateState(certificate.state)],
            replaced_by=certificate.corrected_by,
            possible=[] if waits else changing.possible(certificate),
            changes=[(one, CHANGE_TONES[ChangeState(one.state)]) for one in changes],
            pushes=pushes,
            logged=logged.events_of(certificate),
            history=events_of(certificate, *changes, *pushes),
        )


def _address(kept: dict[str, str]) -> str:
    return f"{reverse('certificates:register')}?{urlencode(kept)}" if kept else reverse("certificates:register")
