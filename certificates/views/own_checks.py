"""The holder's log: who checked a certificate, and codes for employers to check a restricted one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from certificates import rules
from certificates.domain import checking, one_time_codes
from certificates.models import Certificate
from portal.http.once import key_of
from portal.http.views import ChangeView, SubjectMixin

CHECKS_A_PAGE = 20
CODES_SHOWN = 20


class OwnCertificate(SubjectMixin):
    """Looks up one of the person's own certificates."""

    access = rules.may_hold_certificates
    subject: Certificate

    def visible(self) -> Any:
        return Certificate.objects.of(self.actor)


class Checks(OwnCertificate):
    template_name = "certificates/applicant/checks_page.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        page = Paginator(checking.checks_of(self.subject), CHECKS_A_PAGE).get_page(request.GET.get("page"))
        codes = one_time_codes.codes_of(self.subject)[:CODES_SHOWN] if self.subject.is_restricted else ()
        return self.page(certificate=self.subject, page=page, codes=codes)


class MakeOneTimeCode(OwnCertificate, ChangeView):
    """Makes a code and shows it once, on the next page: it is not kept."""

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        _row, made = one_time_codes.make(self.subject, by=self.actor, at=self.at, key=key_of(request))
        shown = " ".join((made[:5], made[5:]))
        text = _("一次性查验码：%(code)s。只显示这一次，请记下并告诉用人单位；24小时内有效，只能使用一次。")
        messages.success(request, text % {"code": shown})
        return HttpResponseRedirect(reverse("certificates:checks", args=[code]))
