"""The bureau's desk: orders to issue, from the people who wait to the last certificate."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates import rules
from certificates.domain import desk_queries, ordering, pushing
from certificates.enums import ORDER_TONES, TONES, CertificateState, OrderState
from certificates.interfaces.history import events_of
from certificates.models import IssueOrder
from portal.http.once import key_of
from portal.http.views import ChangeView, PortalView, StepView, SubjectMixin
from portal.shared.errors import Refusal
from portal.workflow import open_steps
from review.models import ResultAcceptance

ORDERS_A_PAGE, PEOPLE_A_PAGE, FEW = 20, 50, 50
STEPS = ("give", "drop")
# The page of a running order is loaded again after each such part of its people.
PARTS = 20


class Orders(PortalView):
    """The orders with how far each has come, and above them what waits for staff."""

    access = rules.keeps_register
    template_name = "certificates/bureau/orders.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        found = IssueOrder.objects.at(self.actor).select_related(*IssueOrder.FETCHED_WITH)
        page = Paginator(found, ORDERS_A_PAGE).get_page(request.GET.get("page"))
        progress = desk_queries.progress_of(list(page))
        return self.page(
            page=page,
            rows=[(one, progress[one.pk], ORDER_TONES[OrderState(one.state)]) for one in page],
            waiting=ordering.free().count(),
            stuck=desk_queries.stuck_certificates().count(),
            stuck_pushes=pushing.stuck().count(),
            changes=desk_queries.to_decide(self.actor).count(),
        )


class Waiting(ChangeView):
    """Who waits for a certificate, batch by batch; a whole batch or single people are put on a new order."""

    access = rules.proposes
    template_name = "certificates/bureau/waiting.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        batches = desk_queries.codes_in(request.POST.getlist("batch"))
        chosen = {*batches, *request.POST.getlist("case")}
        try:
            order = ordering.propose(chosen, by=self.actor, at=self.at, key=key_of(request))
        except Refusal as refusal:
            return self.show(refusal)
        self._tell(len(chosen) - order.lines.count())
        return HttpResponseRedirect(reverse("certificates:order", args=[order.code]))

    def _tell(self, left: int) -> None:
        messages.success(self.request, _("发证批次已提出，等待负责人签发。"))
        if left:
            text = gettext("%(left)s人没有列入：暂不能发证，或者已列入其他批次。原因见待发证人员名单。")
            messages.warning(self.request, text % {"left": left})

    def show(self, refusal: Refusal | None = None) -> HttpResponseBase:
        batches = desk_queries.waiting_batches()
        return self.page(
            batches=batches,
            people=sum(one.people for one in batches),
            hindered=desk_queries.hindered(self.at),
            oldest=desk_queries.OLDEST,
            refusal=refusal,
        )


class WaitingPeople(SubjectMixin):
    """Who of one batch waits, each with what speaks against a certificate now."""

    access = rules.proposes
    template_name = "certificates/bureau/waiting_people.html"
    subject: ResultAcceptance

    def visible(self) -> Any:
        return ResultAcceptance.objects.at(self.actor).with_all()

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        page = Paginator(desk_queries.waiting_in(self.subject), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
        rows = desk_queries.judged(list(page.object_list), self.at)
        return self.page(batch=self.subject, page=page, rows=rows, ready=sum(not row.reasons for row in rows))


class OneOrder(SubjectMixin):
    """A page about one order."""

    access = rules.keeps_register
    subject: IssueOrder

    def visible(self) -> Any:
        return IssueOrder.objects.at(self.actor).select_related(*IssueOrder.FETCHED_WITH)


class Order(OneOrder):
    template_name = "certificates/bureau/order.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        order, lines = self.subject, desk_queries.lines_of(self.subject)
        page = Paginator(lines, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
        rows = desk_queries.with_certificates(order, list(page.object_list))
        stuck = desk_queries.stuck_certificates().filter(order=order)
        steps = open_steps(order, by=self.actor, at=self.at)
        return self.page(
            order=order,
            tone=ORDER_TONES[OrderState(order.state)],
            progress=desk_queries.progress_of([order])[order.pk],
            steps=[one for one in steps if one.name in STEPS],
            page=page,
            rows=[(row, TONES[CertificateState(row.certificate.state)] if row.certificate else "") for row in rows],
            passed_over=lines.exclude(refusal=[])[:FEW],
            stuck=stuck[:FEW],
            few=FEW,
            history=events_of(order),
        )


class OrderMoves(OneOrder):
    """Whether a running order stands about where the page saw it, for the script that waits."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        seen = request.GET.get("since", "")
        progress = desk_queries.progress_of([self.subject])[self.subject.pk]
        part = max(1, progress.numbered // PARTS)
        moved = not seen.isdecimal() or progress.done >= int(seen) + part
        return JsonResponse({"waiting": self.subject.state == OrderState.RUNNING and not moved})


class OrderStep(OneOrder, StepView):
    """Giving or dropping an order."""

    template_name = "certificates/bureau/order_step.html"

    def next_address(self) -> str:
        return reverse("certificates:order", args=[self.subject.code])

    def show(self, form: Form) -> HttpResponseBase:
        progress = desk_queries.progress_of([self.subject])[self.subject.pk]
        return self.page(subject=self.subject, form=form, people=progress.people, cancel_address=self.next_address())


class Give(OrderStep):
    access = rules.decides
    step = "give"

    def act(self, form: Form) -> IssueOrder:
        done = ordering.give(self.subject, by=self.actor, at=self.at, key=key_of(self.request))
        progress = desk_queries.progress_of([done])[done.pk]
        if progress.passed_over:
            known = {"people": progress.passed_over}
            messages.warning(self.request, gettext("%(people)s人签发时已不符合发证条件，没有编号，原因见下。") % known)
        messages.success(self.request, gettext("已签发，%(people)s份证书正在制作。") % {"people": progress.numbered})
        return done


class Drop(OrderStep):
    access = rules.proposes
    step = "drop"
    done_message = _("发证批次已取消，人员可以重新列入其他批次。")

    def act(self, form: Form) -> IssueOrder:
        return ordering.drop(self.subject, by=self.actor, at=self.at, key=key_of(self.request))
