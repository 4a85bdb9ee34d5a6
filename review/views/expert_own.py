"""The expert's own desk: nominations that wait for a word, terms with their promise, and resigning."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.accounts.rules import acts_personally
from portal.http.views import PortalView, SubjectMixin
from portal.workflow import OpenStep, open_steps
from review import rules
from review.domain import appointing, nominating, pool_queries
from review.enums.pooling import TONES, TermState
from review.interfaces.expert_forms import PromiseForm, ReasonForm
from review.models import ExpertTerm
from review.views.expert_steps import TermStep

OWN_STEPS = {name: f"review:own_expert_{name}" for name in ("consent", "decline", "promise", "end")}
OWN_DESK = acts_personally | rules.expert


class Mine(PortalView):
    access = OWN_DESK
    template_name = "review/experts/mine.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = pool_queries.own_terms(self.actor)
        return self.page(
            rows=[(term, TONES[TermState(term.state)]) for term in rows], is_personal=self.actor.acts_personally
        )


class OwnTerm(SubjectMixin):
    """A page about one's own term."""

    access = OWN_DESK

    def visible(self) -> Any:
        return ExpertTerm.objects.of(self.actor).with_all()

    @property
    def own_address(self) -> str:
        """The term's own page."""
        return reverse("review:own_expert", args=[self.subject.code])


class Show(OwnTerm):
    template_name = "review/experts/own.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        steps = [step for step in open_steps(self.subject, by=self.actor, at=self.at) if step.name in OWN_STEPS]
        if self.subject.consented_at is not None:
            steps = [step for step in steps if step.name != "consent"]
        if self.subject.promised_at is not None:
            steps = [step for step in steps if step.name != "promise"]
        return self.page(
            term=self.subject,
            tone=TONES[TermState(self.subject.state)],
            steps=[(step, self.page_of(step)) for step in steps],
            duty=pool_queries.duty_of(self.subject),
            duties=self.subject.duties.order_by("-held_on", "-pk"),
        )

    def page_of(self, step: OpenStep) -> str:
        """Return the page of a step that can be taken, an empty text for one that cannot."""
        return reverse(OWN_STEPS[step.name], args=[self.subject.code]) if step.is_pressable else ""


class OwnStep(OwnTerm, TermStep):
    """A step that only the expert takes."""

    access = OWN_DESK


class Consent(OwnStep):
    step = "consent"
    do = staticmethod(nominating.consent)


class Decline(OwnStep):
    step = "decline"
    form_class = ReasonForm
    do = staticmethod(nominating.decline)


class Promise(OwnStep):
    step = "promise"
    form_class = PromiseForm
    do = staticmethod(appointing.promise)


class Resign(OwnStep):
    step = "end"
    form_class = ReasonForm
    do = staticmethod(appointing.end)
