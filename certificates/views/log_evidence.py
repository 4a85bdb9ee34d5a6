"""What a holder gives to others so that they need not believe the portal."""

import json
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from certificates import rules
from certificates.domain.evidence import evidence_for
from certificates.domain.transparency import LogBroken
from certificates.models import Certificate
from portal.http.views import SubjectMixin
from portal.shared.errors import Reason, Refusal

logger = logging.getLogger(__name__)


class Evidence(SubjectMixin):
    """The proofs of all that was logged about one's certificate, with what it shows, as a file."""

    access = rules.may_hold_certificates
    subject: Certificate

    def visible(self) -> Any:
        return Certificate.objects.of(self.actor).select_related("corrects")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            pieces = evidence_for(self.subject.number, self.subject.face().record())
        except LogBroken:
            logger.exception("the certificate log does not hold")
            text = _(
                "证书透明日志与已签名的内容不一致，正在查明原因，暂时不能提供证明。证书的效力不受影响，请以查验结果为准。"
            )
            raise Refusal([Reason(text, "R-126", "log_broken")]) from None
        if not pieces:
            raise Http404
        told = json.dumps(pieces, ensure_ascii=False, indent=1)
        response = HttpResponse(told, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.subject.number}-evidence.json"'
        response["Cache-Control"] = "no-store, private"
        return response
