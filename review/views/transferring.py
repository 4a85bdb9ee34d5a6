"""The bureau's desk: files whose agency may not evaluate, and giving one to another agency (R-152, R-153)."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau_lead
from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review import rules
from review.domain import transferring
from review.interfaces.checking import TransferForm
from review.models import AgencyReview

A_PAGE = 20


class Suspended(PortalView):
    """What waits for agencies that may not evaluate."""

    access = rules.oversees
    template_name = "review/checking/suspended.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = transferring.waiting(self.actor)
        return self.page(page=Paginator(rows, A_PAGE).get_page(request.GET.get("page")))


class Transfer(SubjectMixin, ChangeView):
    """Gives one file to the committee of another agency; only what the catalogue of the year offers can be chosen."""

    access = bureau_lead
    template_name = "review/checking/transfer.html"
    subject: AgencyReview

    def visible(self) -> Any:
        return transferring.waiting(self.actor)

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            reason = cast(str, form.cleaned_data["reason"])
            done = transferring.transfer(self.subject, form.chosen, reason=reason, by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("已移交%(agency)s，并已告知申报人和单位。") % {"agency": done.agency.name})
        return HttpResponseRedirect(reverse("review:file", args=[code]))

    def form(self, *data: Any) -> TransferForm:
        return TransferForm(*data, targets=transferring.targets_of(self.subject))

    def show(self, form: TransferForm) -> HttpResponseBase:
        return self.page(subject=self.subject, application=self.subject.application, form=form, targets=form.targets)
