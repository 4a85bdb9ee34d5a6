"""The settling desk: objections that the actor's organisation answers."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import OrganisationKind
from portal.deadlines.terms import term_of
from portal.http.once import key_of
from portal.http.views import PortalView, StepView, SubjectMixin
from portal.ledger.record import record_reading
from portal.publicity import rules
from portal.publicity.domain import objecting, queries
from portal.publicity.domain.trail import trail_of
from portal.publicity.forms import AnswerForm, FatalForm, NotAdmittedForm, ReasonForm
from portal.publicity.models import Objection as ObjectionRow
from portal.workflow import open_steps

OBJECTIONS_A_PAGE = 20


class Objections(PortalView):
    access = rules.staff
    template_name = "publicity/handler/objections.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        page = Paginator(queries.objections_of(self.actor), OBJECTIONS_A_PAGE).get_page(request.GET.get("page"))
        return self.page(page=page)


class OwnObjection(SubjectMixin):
    access = rules.staff

    def visible(self) -> Any:
        return queries.objections_of(self.actor)


class Objection(OwnObjection):
    template_name = "publicity/handler/objection.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(is_revealed=False)

    def show(self, *, is_revealed: bool) -> HttpResponseBase:
        due = objecting.answer_due(self.subject)
        return self.page(
            objection=self.subject,
            line=self.subject.line,
            notice=self.subject.line.notice,
            due=due,
            term=term_of(due) if due else None,
            steps=open_steps(self.subject, by=self.actor, at=self.at, **self.known()),
            files=files_of(self.subject),
            trail=trail_of(self.subject),
            may_reveal=self.subject.is_named and queries.may_see_objector(self.actor, self.subject),
            is_revealed=is_revealed,
        )

    def known(self) -> dict[str, Any]:
        return {"to": objecting.next_instance(self.subject)}


def files_of(objection: ObjectionRow) -> list[dict[str, Any]]:
    """Return the evidence as the list of files shows it."""
    return [
        {
            "name": evidence.file.original_name,
            "size": evidence.file.received_size,
            "sha256": evidence.file.received_sha256,
            "address": reverse("documents:download", args=[evidence.file.code]),
        }
        for evidence in objection.evidence.select_related("file").order_by("pk")
    ]


class Reveal(Objection):
    """Who objects, shown on a click that the ledger keeps."""

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if not queries.may_see_objector(self.actor, self.subject):
            raise Http404
        record_reading(self.subject, "objector", by=self.actor, at=self.at)
        return self.show(is_revealed=True)


class ObjectionStep(OwnObjection, StepView):
    template_name = "publicity/handler/step.html"

    def next_address(self) -> str:
        return reverse("publicity:objection", args=[self.subject.code])


class Accept(ObjectionStep):
    step = "accept"
    done_message = _("已受理，请在期限内核查并答复。")

    def act(self, form: Form) -> Any:
        return objecting.accept(self.subject, by=self.actor, at=self.at, key=key_of(self.request))


class Extend(ObjectionStep):
    step = "extend"
    form_class = ReasonForm
    done_message = _("核查期限已延长，并已告知双方。")

    def act(self, form: Form) -> Any:
        reason = form.cleaned_data["reason"]
        return objecting.extend(self.subject, reason=reason, by=self.actor, at=self.at, key=key_of(self.request))


class Escalate(ObjectionStep):
    step = "escalate"
    done_message = _("已移交上级处理。")

    def act(self, form: Form) -> Any:
        return objecting.escalate(self.subject, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self) -> str:
        return reverse("publicity:objections")


class Decide(ObjectionStep):
    """Closes the objection with written reasons."""

    form_class: ClassVar[type[Form]] = AnswerForm
    done_message = _("已办结，并已答复。")

    def act(self, form: Form) -> Any:
        return objecting.decide(
            self.subject, self.step, by=self.actor, at=self.at, key=key_of(self.request), **form.cleaned_data
        )


class NotAdmitted(Decide):
    step = "reject_form"
    form_class = NotAdmittedForm


class Unfounded(Decide):
    step = "find_unfounded"


class Correctable(Decide):
    step = "find_correctable"


class Fatal(Decide):
    """An employer or an agency only suspects fraud and reports it; the bureau, which decides on it, has a step of its own."""

    step = "find_fatal"
    form_class = FatalForm

    def form(self, *args: Any) -> Form:
        form = super().form(*args)
        if self.subject.handler.kind == OrganisationKind.BUREAU:
            del form.fields["suspects_fraud"]
        return form


class Fraud(Decide):
    step = "find_fraud"
