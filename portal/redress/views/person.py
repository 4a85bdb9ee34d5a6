"""The person's own desk: asking for a review, following it, taking it to the second instance."""

from typing import Any

from django.db import models
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import acts_personally
from portal.deadlines.terms import term_of
from portal.documents import offers
from portal.documents.models import StoredFile
from portal.http.once import key_of
from portal.http.views import ChangeView, PortalView, StepView, SubjectMixin, show_refusal
from portal.redress.domain import answering, filing, queries
from portal.redress.enums import EVIDENCE
from portal.redress.forms import AskForm, ObjectionForm
from portal.redress.registry import matter_of
from portal.shared.errors import Refusal
from portal.workflow import open_steps, settle_due


class OwnRequests(PortalView):
    access = acts_personally
    template_name = "redress/person/requests.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(requests=queries.own_requests(self.actor))


class Ask(ChangeView):
    """Asks for a review of the row with the code in the address, which only its person finds."""

    access = acts_personally
    template_name = "redress/person/ask.html"
    subject: models.Model

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subject = self.find(kwargs["code"])
        if settle_due(self.subject, self.at):
            self.subject = self.find(kwargs["code"])

    def find(self, code: str) -> models.Model:
        found = queries.subject_of(self.actor, code)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(AskForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = AskForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            asked = self.ask(form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return HttpResponseRedirect(reverse("redress:own_request", args=[asked.code]))

    def ask(self, entered: dict[str, Any]) -> Any:
        offer = entered["file"]
        file: StoredFile | None = None
        if offer:
            file = offers.take(offer, purpose=EVIDENCE, by=self.actor, at=self.at)
        return filing.ask(self.subject, facts=entered["facts"], evidence=file, by=self.actor, at=self.at)

    def show(self, form: Form) -> HttpResponseBase:
        matter = matter_of(self.subject)
        standing = queries.standing_of(self.subject, by=self.actor, at=self.at)
        return self.page(
            form=form,
            subject=self.subject,
            title=matter.title(self.subject),
            cancel_address=reverse(matter.own_page, args=[self.subject.code]),  # type: ignore[attr-defined]
            result=matter.words(standing.outcome.result) if standing and standing.outcome else "",
            standing=standing,
        )


class OwnRequestMixin(SubjectMixin):
    access = acts_personally

    def visible(self) -> Any:
        return queries.own_requests(self.actor)


class OwnRequest(OwnRequestMixin):
    template_name = "redress/person/request.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        row, due = self.subject, answering.answer_due(self.subject)
        matter = matter_of(row.subject)
        return self.page(
            request_row=row,
            title=matter.title(row.subject),
            result=matter.words(row.result),
            subject_page=reverse(matter.own_page, args=[row.subject.code]),
            due=due,
            term=term_of(due) if due else None,
            steps=open_steps(row, by=self.actor, at=self.at),
        )


class OwnStep(OwnRequestMixin, StepView):
    """One step of the person."""

    template_name = "redress/person/step.html"

    def next_address(self) -> str:
        return reverse("redress:own_request", args=[self.subject.code])

    def press(self) -> dict[str, Any]:
        """Return what every function of the domain takes."""
        return {"by": self.actor, "at": self.at, "key": key_of(self.request)}


class GoHigher(OwnStep):
    step = "go_higher"
    form_class = ObjectionForm
    done_message = _("已向市人力资源社会保障局申请复核。")

    def act(self, form: Form) -> Any:
        return answering.go_higher(self.subject, **form.cleaned_data, **self.press())


class Withdraw(OwnStep):
    step = "withdraw"
    done_message = _("复查申请已撤回。")

    def act(self, form: Form) -> Any:
        return answering.withdraw(self.subject, **self.press())
