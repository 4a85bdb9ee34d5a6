"""The comparison of each day with the gateway's statement, for the bureau and, of its own orders, for an agency's lead."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review.domain import fees, reconciling, stray_notices
from review.interfaces.paying_forms import DayForm, SettleForm
from review.models import Difference, Reconciliation
from review.rules import reconciles

DAYS_A_PAGE = 31


class Days(ChangeView):
    """The compared days, the latest first; another one can be asked for."""

    access = reconciles
    template_name = "review/reconciliation/days.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show(DayForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = DayForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            asked = reconciling.ask(form.cleaned_data["day"], by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("已发起对账，取得缴费渠道账单后显示结果。"))
        return HttpResponseRedirect(reverse("review:reconciliation", args=[asked.code]))

    def show(self, form: Form) -> HttpResponseBase:
        """Return the list with the form."""
        page = Paginator(fees.days(self.actor), DAYS_A_PAGE).get_page(self.request.GET.get("page"))
        strays = stray_notices.open_to(self.actor)
        return self.page(form=form, page=page, sees_sums=fees.sees_all_money(self.actor), strays=strays)


class Day(SubjectMixin, PortalView):
    """One day: the sums of both sides, and every difference that the reader may see."""

    access = reconciles
    template_name = "review/reconciliation/day.html"
    subject: Reconciliation

    def visible(self) -> Any:
        return Reconciliation.objects.all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        day = self.subject
        return self.page(
            day=day,
            is_waiting=fees.is_waiting_for_statement(day),
            differences=fees.differences_in(day, self.actor),
            sees_sums=fees.sees_all_money(self.actor),
            again=DayForm({"day": day.day}),
        )


class Settle(SubjectMixin, ChangeView):
    """Notes how a difference was cleared up."""

    access = reconciles
    template_name = "review/reconciliation/settle.html"
    subject: Difference

    def visible(self) -> Any:
        return Difference.objects.seen_by(self.actor).select_related("reconciliation", "order")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.page(form=SettleForm(), difference=self.subject)

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = SettleForm(request.POST)
        if form.is_valid():
            try:
                reconciling.settle(self.subject, note=form.cleaned_data["note"], by=self.actor, at=self.at)
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("已记录处理情况。"))
                return HttpResponseRedirect(reverse("review:reconciliation", args=[self.subject.reconciliation.code]))
        return self.page(form=form, difference=self.subject)
