"""The bureau's register of quotas for targeted titles: what is used and left, proposed by one, approved by another."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.http.once import key_of
from portal.http.views import ChangeView, PortalView, StepView, SubjectMixin, show_refusal
from portal.shared import clock
from portal.shared.errors import Refusal
from portal.workflow import OpenStep, open_steps
from review import rules
from review.domain import quotas
from review.enums.quotas import QUOTA_TONES, QuotaState
from review.interfaces.acceptance_forms import ReasonForm
from review.interfaces.quota_forms import QuotaForm
from review.models import TargetedQuota
from review.views.experts import history_words

A_PAGE = 50
STEPS = {"approve": "review:quota_approve", "decline": "review:quota_decline"}


class Quotas(PortalView):
    """Every quota in force with what is left, and above them what waits for a lead."""

    access = rules.keeps_quotas
    template_name = "review/quotas/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = TargetedQuota.objects.at(self.actor).select_related(*TargetedQuota.FETCHED_WITH)
        page = Paginator(rows.in_force(), A_PAGE).get_page(request.GET.get("page"))
        return self.page(
            page=page,
            rows=quotas.standings(list(page)),
            proposed=rows.filter(state=QuotaState.PROPOSED),
        )


class ProposeQuota(ChangeView):
    access = rules.keeps_quotas
    template_name = "review/quotas/propose.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        given = {name: request.GET[name] for name in ("district", "series", "year") if name in request.GET}
        return self.show(QuotaForm(initial={"year": clock.day_of(self.at).year, **given}))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = QuotaForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        given = form.cleaned_data
        try:
            quotas.propose(
                given["district"],
                given["series"],
                given["year"],
                total=given["total"],
                ground=given["ground"],
                by=self.actor,
                at=self.at,
                key=key_of(request),
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("名额已提出，等待负责人批准。"))
        return HttpResponseRedirect(reverse("review:quotas"))

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(form=form, cancel_address=reverse("review:quotas"))


class OneQuota(SubjectMixin):
    """A page about one version of a quota."""

    access = rules.keeps_quotas
    subject: TargetedQuota

    def visible(self) -> Any:
        return TargetedQuota.objects.at(self.actor).select_related(*TargetedQuota.FETCHED_WITH)

    @property
    def own_address(self) -> str:
        """The version's page."""
        return reverse("review:quota", args=[self.subject.code])


class ShowQuota(OneQuota):
    template_name = "review/quotas/quota.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        quota = self.subject
        (standing,) = quotas.standings([quota])
        steps = open_steps(quota, by=self.actor, at=self.at, used=standing.used)
        return self.page(
            quota=quota,
            tone=QUOTA_TONES[QuotaState(quota.state)],
            standing=standing,
            steps=[(one, self.page_of(one)) for one in steps if one.name in STEPS],
            history=history_words(quota),
        )

    def page_of(self, step: OpenStep) -> str:
        """Return the page of a step that can be taken, an empty text for one that cannot."""
        return reverse(STEPS[step.name], args=[self.subject.code]) if step.is_pressable else ""


class QuotaStep(OneQuota, StepView):
    """Approving or declining."""

    access = rules.decides_quotas
    template_name = "review/quotas/step.html"

    def next_address(self) -> str:
        return self.own_address

    def show(self, form: Form) -> HttpResponseBase:
        return self.page(subject=self.subject, form=form, cancel_address=self.own_address)


class ApproveQuota(QuotaStep):
    step = "approve"

    def act(self, form: Form) -> TargetedQuota:
        return quotas.approve(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class DeclineQuota(QuotaStep):
    step = "decline"
    form_class = ReasonForm

    def act(self, form: Form) -> TargetedQuota:
        given: dict[str, Any] = {"by": self.actor, "at": self.at, "key": key_of(self.request)}
        return quotas.decline(self.subject, reason=form.cleaned_data["reason"], **given)
