"""What became known of an expert's duty in a session, on the desks of agency and bureau (R-164)."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from review.domain import duties
from review.domain.duties import Observed
from review.interfaces.expert_forms import DutyForm
from review.models import DutyRecord
from review.views.defence_rounds import AgencyForm
from review.views.experts import OfficeTerm


class Observe(OfficeTerm, AgencyForm):
    access = OfficeTerm.access
    template_name = "review/experts/duty.html"
    heading = _("登记履职情况")
    rule = "R-164"

    def get(self, request: HttpRequest, code: str, session: str) -> HttpResponseBase:
        return self.show(self.form())

    @property
    def duty(self) -> DutyRecord:
        """The record that the address names, of the term that the office sees."""
        return get_object_or_404(DutyRecord, term=self.subject, session=self.kwargs["session"])

    def form(self, data: Any = None) -> DutyForm:
        duty = self.duty
        return DutyForm(data, initial={name: getattr(duty, name) for name in duties.OBSERVED})

    def act(self, form: DutyForm) -> DutyRecord:
        return duties.observe(self.duty, Observed(**form.cleaned_data), by=self.actor, at=self.at)

    def next_address(self, done: DutyRecord) -> str:
        return self.own_address

    def cancel_address(self) -> str:
        return self.own_address

    def show(self, form: Any) -> HttpResponseBase:
        return self.page(form=form, duty=self.duty, cancel_address=self.cancel_address())
