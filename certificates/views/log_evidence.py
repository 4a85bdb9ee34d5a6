"""What a holder gives to others so that they need not believe the portal."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from certificates import rules
from certificates.domain.evidence import told_to_holder
from certificates.models import Certificate
from portal.http.views import SubjectMixin


class Evidence(SubjectMixin):
    """The proofs of all that was logged about one's certificate, with what it shows, as a file."""

    access = rules.may_hold_certificates
    subject: Certificate

    def visible(self) -> Any:
        return Certificate.objects.of(self.actor).select_related("corrects")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        pieces = told_to_holder(self.subject)
        if not pieces:
            raise Http404
        told = json.dumps(pieces, ensure_ascii=False, indent=1)
        response = HttpResponse(told, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.subject.number}-evidence.json"'
        response["Cache-Control"] = "no-store, private"
        return response
