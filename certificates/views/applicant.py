"""The holder's own certificates: 个人办事 → 职称评审 → 本人证书查询 (R-125)."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from certificates import rules
from certificates.domain.evidence import has_evidence
from certificates.enums import TONES, CertificateState
from certificates.interfaces import logged
from certificates.interfaces.standing import standing_of
from certificates.models import Certificate
from portal.http.views import PortalView, SubjectMixin

CRUMBS = ((_("个人办事"), reverse_lazy("web:home")), (_("职称评审"), reverse_lazy("applications:own")))


class Own(PortalView):
    access = rules.may_hold_certificates
    template_name = "certificates/applicant/own.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        found = Certificate.objects.of(self.actor).order_by("-issued_on", "-pk")
        rows = [(one, TONES[CertificateState(one.state)], standing_of(one)) for one in found]
        return self.page(rows=rows, crumbs=CRUMBS)


class Mine(SubjectMixin):
    """One certificate of the person: what it says, how it stands, its files, and how others check it."""

    access = rules.may_hold_certificates
    template_name = "certificates/applicant/mine.html"
    subject: Certificate

    def visible(self) -> Any:
        together = ("corrects", "file", "notice_file", "case__application")
        return Certificate.objects.of(self.actor).select_related(*together)

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        certificate, new = self.subject, self.subject.corrected_by
        return self.page(
            certificate=certificate,
            tone=TONES[CertificateState(certificate.state)],
            standing=standing_of(certificate),
            replaced_by=new if new is not None and new.is_out else None,
            logged=logged.events_of(certificate),
            is_proved=has_evidence(certificate.number),
        )
