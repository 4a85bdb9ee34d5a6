"""The subject's own desk: what was told, answering it, what was decided."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import logged_in
from portal.deadlines.terms import term_of
from portal.documents import offers
from portal.documents.models import StoredFile
from portal.http.once import key_of
from portal.http.views import PortalView, StepView, SubjectMixin
from portal.integrity import desks
from portal.integrity.domain import noticing
from portal.integrity.enums import EVIDENCE
from portal.integrity.forms import StatementForm
from portal.workflow import open_steps


class OwnRecords(PortalView):
    access = logged_in
    template_name = "integrity/subject/records.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(records=desks.own_records(self.actor))


class OwnRecordMixin(SubjectMixin):
    access = logged_in

    def visible(self) -> Any:
        return desks.own_records(self.actor)


class OwnRecord(OwnRecordMixin):
    template_name = "integrity/subject/record.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        record, due = self.subject, noticing.time_to_state(self.subject)
        letter = desks.letter_to_sign(record, self.actor)
        return self.page(
            record=record,
            letter=letter,
            due=due,
            term=term_of(due) if due else None,
            steps=[] if letter else open_steps(record, by=self.actor, at=self.at),
            entries=record.entries.order_by("pk"),
        )


class StateOwnCase(OwnRecordMixin, StepView):
    step = "state_own_case"
    form_class = StatementForm
    template_name = "integrity/subject/statement.html"
    done_message = _("陈述申辩已提交。")

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        # The notice is read against its receipt; the page of the record leads to it.
        if desks.letter_to_sign(self.subject, self.actor):
            return HttpResponseRedirect(self.next_address())
        return super().get(request, code)

    def act(self, form: Form) -> Any:
        entered = form.cleaned_data
        return noticing.state_own_case(
            self.subject,
            statement=entered["statement"],
            file=self.evidence(entered["file"]),
            by=self.actor,
            at=self.at,
            key=key_of(self.request),
        )

    def evidence(self, offer: Any) -> StoredFile | None:
        return offers.take(offer, purpose=EVIDENCE, by=self.actor, at=self.at) if offer else None

    def next_address(self) -> str:
        return reverse("integrity:own_record", args=[self.subject.code])
