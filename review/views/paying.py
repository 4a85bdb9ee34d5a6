"""The applicant's desk: the fee, the way to the gateway and back, and the receipt."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from applications.enums import FEE
from portal.accounts.rules import acts_personally
from portal.deadlines import setting
from portal.deadlines.terms import term_of
from portal.http.once import key_of
from portal.http.views import ChangeView, SubjectMixin
from portal.shared.errors import Refusal
from portal.workflow import open_steps
from review.domain import fees, ordering, polling
from review.enums.paying import OPEN_ORDERS, PaymentState
from review.interfaces import paying_papers
from review.interfaces.paying_addresses import addresses
from review.interfaces.paying_forms import TONES
from review.models import Order, Payment
from review.models.payment import amount_in_words


class OwnFee(SubjectMixin):
    access = acts_personally
    template_name = "review/fee/payment.html"
    subject: Payment

    def visible(self) -> Any:
        return fees.own(self.actor)

    @property
    def open_order(self) -> Order | None:
        """The order that can be paid now."""
        rows = self.subject.orders.filter(state__in=OPEN_ORDERS).select_related("payment__application")
        return rows.first()

    def show(self, *, status: int = 200, **context: Any) -> HttpResponseBase:
        """Return the page of the fee as it stands."""
        payment, running = self.subject, setting.waiting(FEE, self.subject.application)
        steps = open_steps(payment, by=self.actor, at=self.at)
        return self.page(
            status=status,
            payment=payment,
            application=payment.application,
            amount=amount_in_words(payment.amount),
            tone=TONES[PaymentState(payment.state)],
            order=self.open_order,
            orders=fees.orders_of(payment),
            due_at=running.due_at if running else None,
            is_paused=running is not None and running.due_at is None,
            term=term_of(running) if running is not None and running.due_at is not None else None,
            start=next((step for step in steps if step.name == "start"), None),
            **context,
        )


@method_decorator(never_cache, name="dispatch")
class Fee(OwnFee):
    """What to pay, until when, how it stands, and what was paid."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show()


class Start(OwnFee, ChangeView):
    """Makes the order; the page of the fee then leads to the gateway, as a form may not leave the portal."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return HttpResponseRedirect(reverse("review:payment", args=[code]))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            ordering.start(self.subject, by=self.actor, at=self.at, key=key_of(request))
        except Refusal as refusal:
            self.subject = self.find(code)
            return self.show(reasons=refusal.reasons)
        return HttpResponseRedirect(reverse("review:payment", args=[code]))


@method_decorator(never_cache, name="dispatch")
class Cashier(OwnFee):
    """Leads to the gateway's page of the open order; asked again, to the same order."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        order = self.open_order
        if order is None:
            return HttpResponseRedirect(reverse("review:payment", args=[code]))
        try:
            placed = ordering.place(order, **addresses(request, self.subject), at=self.at)
        except Refusal as refusal:
            self.subject = self.find(code)
            return self.show(status=409, reasons=refusal.reasons)
        return HttpResponseRedirect(placed.pay_url)


@method_decorator(never_cache, name="dispatch")
class Back(OwnFee):
    """Where the gateway sends the payer: says honestly whether the money is confirmed, and asks if it is not."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        answered = self.look()
        return self.show(is_back=True, is_silent=not answered)

    def look(self) -> bool:
        """Ask about the open order and read the fee anew; return whether the gateway answered."""
        order = self.open_order
        answered = order is None or polling.ask_now(order, at=self.at)
        self.subject = self.find(self.subject.code)
        return answered


class Waiting(Back):
    """Whether the money is still unconfirmed, for the script that waits."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        self.look()
        return JsonResponse({"waiting": self.subject.state == PaymentState.PROCESSING})


class Receipt(OwnFee):
    """The proof of payment as PDF, with the number of the fiscal e-receipt."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        receipt = paying_papers.receipt_of(self.subject)
        if receipt is None:
            raise Http404
        response = HttpResponse(receipt, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{self.subject.code}.pdf"'
        response["Cache-Control"] = "no-store, private"
        response["X-Content-Type-Options"] = "nosniff"
        return response
