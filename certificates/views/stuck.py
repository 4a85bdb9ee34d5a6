"""Where staff must look: certificates that nobody writes any more, and notices that the national platform refused."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates import rules
from certificates.domain import desk_queries, making, pushing
from certificates.models import Certificate, IssueOrder, NationalPush
from certificates.views.bureau import OrderStep
from portal.http.views import PortalView, StepView

A_PAGE = 50


class Stuck(PortalView):
    """Certificates that nobody writes, and notices that the platform refused, until staff has looked."""

    access = rules.keeps_register
    template_name = "certificates/bureau/stuck.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        certificates = desk_queries.stuck_certificates().select_related("order")
        pushes = pushing.stuck().select_related("certificate").order_by("pk")
        is_about_pushes = request.GET.get("of") == "pushes"
        page = Paginator(pushes if is_about_pushes else certificates, A_PAGE).get_page(request.GET.get("page"))
        return self.page(
            page=page,
            is_about_pushes=is_about_pushes,
            certificates_number=certificates.count(),
            pushes_number=pushes.count(),
        )


class TryAgain(StepView):
    """Has a certificate that got stuck written from now on."""

    access = rules.keeps_register
    template_name = "certificates/bureau/again.html"
    label = _("重新制作")
    done_message = _("已安排重新制作。")
    subject: Certificate

    def visible(self) -> Any:
        return (
            desk_queries.stuck_certificates().filter(pk__in=Certificate.objects.at(self.actor)).select_related("order")
        )

    def act(self, form: Form) -> Certificate:
        making.try_again(self.subject, at=self.at)
        return self.subject

    def next_address(self) -> str:
        return reverse("certificates:certificate", args=[self.subject.code])

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(certificate=self.subject, form=form, cancel_address=self.next_address())


class PushAgain(StepView):
    """Tells the national platform again what it did not take."""

    access = rules.keeps_register
    template_name = "certificates/bureau/again.html"
    step = "push_again"
    done_message = _("已安排重新推送。")
    subject: NationalPush

    def visible(self) -> Any:
        return pushing.stuck().filter(certificate__in=Certificate.objects.at(self.actor)).select_related("certificate")

    def next_address(self) -> str:
        return reverse("certificates:certificate", args=[self.subject.certificate.code])

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(
            certificate=self.subject.certificate, push=self.subject, form=form, cancel_address=self.next_address()
        )


class TryAllAgain(OrderStep):
    """Has everything of an order that got stuck written from now on, as after an outage."""

    access = rules.keeps_register
    template_name = "certificates/bureau/again_all.html"
    label = _("全部重新制作")

    def visible(self) -> Any:
        return desk_queries.stuck_orders(self.actor).select_related(*IssueOrder.FETCHED_WITH)

    def act(self, form: Form) -> IssueOrder:
        number = making.try_all_again(self.subject, at=self.at)
        messages.success(self.request, gettext("已安排重新制作%(number)s份证书。") % {"number": number})
        return self.subject

    def show(self, form: Form) -> HttpResponseBase:
        number = desk_queries.stuck_certificates().filter(order=self.subject).count()
        return self.page(subject=self.subject, form=form, number=number, cancel_address=self.next_address())
