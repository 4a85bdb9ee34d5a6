"""The agency's desk: its fees with their sums, and the refunds that one proposes and another decides."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import agency, agency_lead
from portal.http import searching
from portal.http.once import key_of
from portal.http.views import PortalView, StepView, SubjectMixin
from portal.workflow import open_steps
from review.domain import fees, refunding
from review.enums.paying import PaymentState, RefundGround
from review.interfaces.paying_forms import TONES, DeclineForm, FeeFilter, ProposeForm, RefundFilter
from review.models import Order, Payment, Refund

ROWS_A_PAGE = 20
DECISIONS = frozenset({"approve_refund", "decline_refund", "retry_refund"})


class Fees(PortalView):
    access = agency
    template_name = "review/fee/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        words = searching.words_of(request)
        form, totals = FeeFilter(request.GET, words), fees.totals(self.actor)
        page = Paginator(fees.at_agency(self.actor, **form.wanted), ROWS_A_PAGE).get_page(request.GET.get("page"))
        dues = fees.dues_of(page.object_list)
        return self.page(
            words=words,
            tabs=form.tabs(totals),
            page=page,
            rows=[(one, dues.get(one.application_id), TONES[PaymentState(one.state)]) for one in page],
            totals=[(PaymentState(state).label, total) for state, total in totals.items() if total.number],
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Take the words, keep them in the session, and lead to the list that a token narrows by them."""
        token = searching.keep(request, request.POST.get("words", ""))
        kept = {"state": request.GET.get("state", ""), searching.FIELD: token}
        query = urlencode({name: value for name, value in kept.items() if value})
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)


class AgencyFee(SubjectMixin):
    access = agency
    subject: Payment

    def visible(self) -> Any:
        return fees.at_agency(self.actor)


class Fee(AgencyFee):
    """One fee with its orders, what the gateway told of each, and the money that goes back."""

    template_name = "review/fee/agency.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        payment = self.subject
        return self.page(
            payment=payment,
            application=payment.application,
            tone=TONES[PaymentState(payment.state)],
            due=fees.dues_of([payment]).get(payment.application_id),
            orders=fees.orders_of(payment),
            refundable=fees.refundable(payment),
        )


class Propose(AgencyFee, StepView):
    """Proposes that an order's money goes back; another of the agency decides."""

    template_name = "review/fee/propose.html"
    form_class = ProposeForm
    done_message = _("已提出退费，请另一位负责人审批。")

    @property
    def label(self) -> Any:
        """The words on the button."""
        return _("提出退费")

    @property
    def order(self) -> Order:
        """The paid order that the address names."""
        number = self.kwargs["number"]
        found = next((one for one in fees.orders_of(self.subject) if one.order_number == number), None)
        if found is None:
            raise Http404
        return found

    def act(self, form: Form) -> Any:
        given = form.cleaned_data
        ground = RefundGround(given["ground"])
        return refunding.propose(self.order, ground=ground, reason=given["reason"], by=self.actor, at=self.at)

    def next_address(self) -> str:
        return reverse("review:refund", args=[self.subject.code])

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(form=form, payment=self.subject, order=self.order)


class Refunds(PortalView):
    access = agency
    template_name = "review/fee/refunds.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = RefundFilter(request.GET)
        rows = fees.refunds_at_agency(self.actor, **form.wanted)
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
        return self.page(tabs=form.tabs(fees.refund_counts(self.actor)), page=page)


class AgencyRefund(SubjectMixin):
    access = agency
    subject: Refund

    def visible(self) -> Any:
        return fees.refunds_at_agency(self.actor)


class OneRefund(AgencyRefund):
    template_name = "review/fee/refund.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        offered = open_steps(self.subject, by=self.actor, at=self.at)
        steps = [step for step in offered if step.name in DECISIONS]
        return self.page(refund=self.subject, payment=self.subject.order.payment, steps=steps)


class Decide(AgencyRefund, StepView):
    """A step of the agency's lead about one refund."""

    access = agency_lead
    template_name = "review/fee/decide.html"

    def next_address(self) -> str:
        return reverse("review:refund", args=[self.subject.code])

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(form=form, refund=self.subject, payment=self.subject.order.payment)


class Approve(Decide):
    step = "approve_refund"
    done_message = _("已批准退费，款项将原路退回。")

    def act(self, form: Form) -> Any:
        return refunding.approve(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Decline(Decide):
    step = "decline_refund"
    form_class = DeclineForm
    done_message = _("已决定不予退费。")

    def act(self, form: Form) -> Any:
        reason = form.cleaned_data["reason"]
        return refunding.decline(self.subject, reason=reason, by=self.actor, at=self.at, key=key_of(self.request))


class Retry(Decide):
    step = "retry_refund"
    done_message = _("已重新提交退款。")

    def act(self, form: Form) -> Any:
        return refunding.retry(self.subject, by=self.actor, at=self.at, key=key_of(self.request))
