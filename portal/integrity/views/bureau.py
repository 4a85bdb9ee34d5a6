"""The bureau's desk: the list of records, one record, and opening one, which others may propose."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.rules import bureau
from portal.deadlines.terms import term_of
from portal.http.limits import count_against
from portal.http.views import ChangeView, PortalView, SubjectMixin, show_refusal
from portal.integrity import desks, rules
from portal.integrity.domain import noticing
from portal.integrity.domain.opening import PROPOSALS_AN_HOUR, open_about
from portal.integrity.enums import SubjectRole
from portal.integrity.forms import DeskFilter, OpenForm
from portal.integrity.models import IntegrityRecord
from portal.ledger.models import Entry
from portal.ledger.queries import history_of
from portal.shared.errors import Refusal
from portal.workflow import label_of, open_steps

RECORDS_A_PAGE = 20
BY_THEMSELVES = {
    "open": gettext_lazy("立案"),
    "add_clue": gettext_lazy("补充线索"),
    "statement_time_over": gettext_lazy("陈述申辩期满"),
}


class Records(PortalView):
    access = bureau
    template_name = "integrity/bureau/records.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form = DeskFilter(request.GET)
        records = desks.records_seen_by(self.actor)
        if form.is_valid():
            records = desks.narrowed(records, **form.cleaned_data)
        page = Paginator(records, RECORDS_A_PAGE).get_page(request.GET.get("page"))
        return self.page(page=page, filter_form=form)


class Record(SubjectMixin):
    access = bureau
    template_name = "integrity/bureau/record.html"

    def visible(self) -> Any:
        return desks.records_seen_by(self.actor)

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        record, due = self.subject, noticing.time_to_state(self.subject)
        entries = [(entry, open_steps(entry, by=self.actor, at=self.at)) for entry in record.entries.order_by("pk")]
        return self.page(
            record=record,
            due=due,
            term=term_of(due) if due else None,
            steps=open_steps(record, by=self.actor, at=self.at),
            entries=entries,
            history=[(entry, words_of(entry)) for entry in history_of(record)],
        )


class Open(ChangeView):
    """Opens a record; whoever is not the bureau proposes it, and reads nothing back."""

    access = bureau | rules.proposes
    template_name = "integrity/bureau/open.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show(OpenForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = OpenForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            record = self.open(form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        if bureau.test(self.actor):
            return HttpResponseRedirect(reverse("integrity:record", args=[record.code]))
        known = {"code": record.code}
        messages.success(request, _("已提请市人力资源社会保障局立案，编号%(code)s。") % known)
        return HttpResponseRedirect(reverse("web:home"))

    def open(self, entered: dict[str, Any]) -> IntegrityRecord:
        if not bureau.test(self.actor):
            count_against(self.request, "integrity_proposal", per_hour=PROPOSALS_AN_HOUR)
        role = SubjectRole(entered["role"])
        who = desks.subject_numbered(role, entered["number"])
        return open_about(who, role=role, source=entered["source"], facts=entered["facts"], by=self.actor, at=self.at)

    def show(self, form: OpenForm) -> HttpResponseBase:
        return self.page(form=form, is_proposal=not bureau.test(self.actor))


def words_of(entry: Entry) -> Any:
    """Return what the ledger's entry says to people."""
    return BY_THEMSELVES.get(entry.step) or label_of(IntegrityRecord, entry.step)
