"""Notices of the gateway that name no known order, beside the daily comparison."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review.domain import stray_notices
from review.interfaces.paying_forms import SettleForm
from review.models import StrayNotice
from review.rules import reconciles, settles_strays

A_PAGE = 30


class Strays(PortalView):
    access = reconciles
    template_name = "review/reconciliation/strays.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = Paginator(stray_notices.seen_by(self.actor), A_PAGE)
        return self.page(page=rows.get_page(request.GET.get("page")), may_settle=settles_strays.test(self.actor))


class Settle(SubjectMixin, ChangeView):
    """Notes how the matter was cleared up."""

    access = settles_strays
    template_name = "review/reconciliation/settle_stray.html"
    subject: StrayNotice

    def visible(self) -> Any:
        return stray_notices.seen_by(self.actor)

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(form=SettleForm(), stray=self.subject)

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = SettleForm(request.POST)
        if form.is_valid():
            try:
                stray_notices.settle(self.subject, note=form.cleaned_data["note"], by=self.actor, at=self.at)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("已记录处理情况。"))
                return HttpResponseRedirect(reverse("review:stray_notices"))
        return self.page(form=form, stray=self.subject)
