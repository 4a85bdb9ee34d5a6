"""The applicant's desk: when and where, the defence notice, asking for another date."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.enums import EXCUSE
from portal.accounts.rules import acts_personally
from portal.deadlines import setting
from portal.documents import offers
from portal.http.views import ChangeView, SubjectMixin, show_refusal
from portal.shared.errors import Refusal
from review.domain import defence_papers, defence_queries, rescheduling
from review.enums.defending import TOLD, TONES, DefenceState
from review.interfaces.defence_addresses import check_in_address
from review.interfaces.defence_forms import ChangeForm
from review.models import Defence


class OwnDefence(SubjectMixin):
    """A page about the person's own defence, once it was told."""

    access = acts_personally

    def visible(self) -> Any:
        return Defence.objects.of(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The defence's own page."""
        return reverse("review:own_defence", args=[self.subject.code])


class Show(OwnDefence):
    template_name = "review/defence/own.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        one = self.subject
        deadline = setting.waiting(EXCUSE, one.application)
        return self.page(
            defence=one,
            tone=TONES[DefenceState(one.state)],
            is_told=one.state in TOLD,
            may_ask=one.state in {*TOLD, DefenceState.ABSENT},
            against_asking=rescheduling.reasons_against(one, by=self.actor, at=self.at),
            requests=one.requests.order_by("-pk"),
            excuse_until=deadline.due_at if deadline else None,
        )


class Notice(OwnDefence, ChangeView):
    """Taking the notice is the receipt; the file itself is the person's own document."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            file = defence_papers.download(
                self.subject, address_of=check_in_address(request), by=self.actor, at=self.at
            )
        except Refusal as refusal:
            messages.warning(request, " ".join(str(reason.text) for reason in refusal.reasons))
            return HttpResponseRedirect(self.own_address)
        return HttpResponseRedirect(reverse("documents:download", args=[file.code]))


class Change(OwnDefence, ChangeView):
    """Asks for another date, before the day or after an absence."""

    template_name = "review/defence/change.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(ChangeForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = ChangeForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            told = form.cleaned_data
            file = offers.take(told["file"], purpose=defence_queries.CAUSE, by=self.actor, at=self.at)
            rescheduling.ask(self.subject, reason=told["reason"], file=file, by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        messages.success(request, _("申请已提交，评审服务机构答复后会通知您。"))
        return HttpResponseRedirect(self.own_address)

    def show(self, form: ChangeForm) -> HttpResponseBase:
        """Return the form, or why nothing can be asked."""
        against = rescheduling.reasons_against(self.subject, by=self.actor, at=self.at)
        is_absent = self.subject.state == DefenceState.ABSENT
        return self.page(form=form, defence=self.subject, against=against, is_absent=is_absent)
