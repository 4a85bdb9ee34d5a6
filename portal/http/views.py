"""Bases of the pages: one instant per request, the object looked up among what the actor may see, steps carried out once."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views import View
from rules.predicates import Predicate

from portal.accounts.actors import Actor
from portal.http.arrival import arrived_at
from portal.http.once import key_of, once
from portal.shared.errors import Refusal, StepNotPermitted
from portal.workflow import carry_out, label_of, open_steps, settle_due


class PortalView(View):
    """A page: declares who may open it, knows who acts and when."""

    access: ClassVar[Predicate]
    template_name: ClassVar[str]

    actor: Actor
    at: dt.datetime

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = request.actor  # type: ignore[attr-defined]
        self.at = arrived_at(request)

    def page(self, status: int = 200, **context: Any) -> TemplateResponse:
        """Return the view's template filled with ``context``."""
        return TemplateResponse(
            self.request, self.template_name, {"at": self.at, "view": self, **context}, status=status
        )


class ChangeView(PortalView):
    """A page whose POST changes something: handled once per key, in one transaction."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        return once(request, self.actor, lambda: super(ChangeView, self).dispatch(request, *args, **kwargs))


class SubjectMixin(PortalView):
    """A page about one row, found by its public code among those the actor may see; unknown and foreign look alike."""

    subject: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subject = self.find(kwargs["code"])
        if settle_due(self.subject, self.at):
            self.subject = self.find(kwargs["code"])

    def visible(self) -> QuerySet[Any]:
        """Return the rows that this actor may see."""
        raise NotImplementedError

    def find(self, code: str) -> Any:
        """Return the visible row with the public code; raises Http404."""
        found = self.look_up(code)
        if found is None:
            raise Http404
        return found

    def look_up(self, code: str) -> Any:
        """Return the visible row with the public code or None; a view may ask by a statement that is written once."""
        return self.visible().filter(code=code).first()


class StepView(SubjectMixin, ChangeView):
    """A form that carries out one step of one row.

    ``form_class`` gives the facts of the step; a refusal comes back on the same page beside its fields, with all
    that was entered kept. A plain button needs no form.
    """

    step: ClassVar[str]
    form_class: ClassVar[type[Form]] = Form
    done_message: ClassVar[Any] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            self.subject = self.act(form)
        except StepNotPermitted:
            raise  # nothing in the form would change that; the page of errors says it
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        if self.done_message:
            messages.success(request, self.done_message)
        return HttpResponseRedirect(self.next_address())

    def form(self, *args: Any) -> Form:
        """Return the form, bound where data are given."""
        return self.form_class(*args)

    def act(self, form: Form) -> Any:
        """Carry the step out with what the form says; one domain call where a step needs more than its transition."""
        facts = dict(form.cleaned_data)
        note = facts.pop("note", "")
        return carry_out(
            self.subject, self.step, by=self.actor, at=self.at, key=key_of(self.request), note=note, **facts
        )

    @property
    def label(self) -> Any:
        """The words on the step's button, as its transition declares them."""
        return label_of(type(self.subject), self.step)

    def next_address(self) -> str:
        """Return where the person goes after the step."""
        raise NotImplementedError

    def show(self, form: Form) -> HttpResponseBase:
        """Return the page with the form and what this actor can do."""
        steps = open_steps(self.subject, by=self.actor, at=self.at)
        return self.page(subject=self.subject, form=form, steps=steps)


def show_refusal(form: Form, refusal: Refusal) -> None:
    """Put every reason beside its field, or above the form where it belongs to none, each with its rule."""
    for reason in refusal.reasons:
        text = (
            _("%(text)s（依据 %(basis)s）") % {"text": reason.text, "basis": reason.basis}
            if reason.basis
            else reason.text
        )
        form.add_error(reason.field if reason.field in form.fields else None, str(text))
