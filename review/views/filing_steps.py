"""One step of one filing: handed in and amended by the agency, judged by the bureau."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.forms import Form

from portal.http.once import key_of
from portal.http.views import StepView
from review.domain import filing_queries, filing_steps
from review.interfaces.filing_forms import ReasonForm, RecordForm, SizeForm
from review.models import CommitteeFiling
from review.views.filings import OneFiling

Do = Callable[..., CommitteeFiling]


class FilingStep(OneFiling, StepView):
    """A button or a short form, carried out by one call of the domain."""

    template_name = "review/filings/step.html"
    do: ClassVar[Do]

    def act(self, form: Form) -> Any:
        return type(self).do(self.subject, **form.cleaned_data, by=self.actor, at=self.at, key=key_of(self.request))

    def next_address(self) -> str:
        return self.own_address

    @property
    def outside(self) -> filing_queries.Outside:
        """The share of members from outside, shown before a roll goes to the bureau and before the bureau files it."""
        return filing_queries.from_outside(self.subject, self.at)


class Submit(FilingStep):
    step = "submit"
    do = staticmethod(filing_steps.submit)


class SendBack(FilingStep):
    step = "send_back"
    form_class = ReasonForm
    do = staticmethod(filing_steps.send_back)


class Refuse(FilingStep):
    step = "refuse"
    form_class = ReasonForm
    do = staticmethod(filing_steps.refuse)


class ApproveSize(FilingStep):
    step = "approve_size"
    form_class = SizeForm
    do = staticmethod(filing_steps.approve_size)


class Record(FilingStep):
    step = "record"
    form_class = RecordForm
    do = staticmethod(filing_steps.record)


class Amend(FilingStep):
    step = "amend"
    form_class = ReasonForm
    do = staticmethod(filing_steps.amend)


class HandInChange(FilingStep):
    step = "hand_in_change"
    do = staticmethod(filing_steps.hand_in_change)


class ConfirmChange(FilingStep):
    step = "confirm_change"
    do = staticmethod(filing_steps.confirm_change)


class DropChange(FilingStep):
    step = "drop_change"
    form_class = ReasonForm
    do = staticmethod(filing_steps.drop_change)


class Revoke(FilingStep):
    step = "revoke"
    form_class = ReasonForm
    do = staticmethod(filing_steps.revoke)
