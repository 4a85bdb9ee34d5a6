"""The portal's own health: what failed, what waits, whether the ledger and the certificate log are whole. No business is done here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from certificates.domain import auditing, checkpoints, log_keys
from portal.connectors import health
from portal.deadlines import ringing
from portal.http.views import ChangeView, PortalView
from portal.ledger import sealing
from portal.ledger.queries import unsealed
from portal.shared import clock
from portal.web.rules import operators, verifiers
from portal.workdays.queries import missing_year

MOST_FAILURES = 50


class Operations(PortalView):
    access = operators
    template_name = "web/operations/operations.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(
            systems=health.status(),
            failing=ringing.failing()[:MOST_FAILURES],
            overdue=ringing.overdue(self.at),
            newest=sealing.newest_root(),
            unsealed=unsealed(),
            signed=checkpoints.newest(),
            unsigned=checkpoints.unsigned(),
            missing_year=missing_year(clock.day_of(self.at)),
            may_verify=verifiers.test(self.actor),
        )


class VerifyLedger(ChangeView):
    access = verifiers
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        faults = sealing.verify()
        for fault in faults:
            messages.error(
                request, _("第%(seal)s批台账与封存时不一致：%(why)s") % {"seal": fault.seal, "why": fault.why}
            )
        if not faults:
            messages.success(request, _("台账完整，全部批次与封存时一致。"))
        return HttpResponseRedirect(reverse("web:operations"))


class VerifyCertificateLog(ChangeView):
    access = verifiers
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        faults = auditing.faults([key.public for key in log_keys.published_keys()])
        for fault in faults[:MOST_FAILURES]:
            messages.error(
                request, _("证书日志在%(place)s处不一致：%(why)s") % {"place": fault.place, "why": fault.why}
            )
        if not faults:
            messages.success(request, _("证书日志完整，全部记录与签名一致。"))
        return HttpResponseRedirect(reverse("web:operations"))


class RingAgain(ChangeView):
    """Tries the failed deadlines again now, after their cause was mended."""

    access = operators
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        done = ringing.try_again(at=self.at)
        messages.info(
            request, _("重试完成：成功%(rung)s项，仍失败%(failed)s项。") % {"rung": done.rung, "failed": done.failed}
        )
        return HttpResponseRedirect(reverse("web:operations"))
