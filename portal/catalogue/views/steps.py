"""The page of one step of the catalogue: what it does, why it may be refused, its form."""

from typing import Any, ClassVar

from django.forms import Form
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.http.views import StepView
from portal.workflow.machine import transitions_of


class CatalogueStep(StepView):
    """A step whose page needs no more than its label, an explanation and a form.

    ``home`` is the URL name of the subject's own page, to which one returns.
    """

    template_name = "catalogue/bureau/step.html"
    home: ClassVar[str]
    explanation: ClassVar[Any] = ""

    def next_address(self) -> str:
        return reverse(self.home, args=[self.subject.code])

    def show(self, form: Form) -> HttpResponseBase:
        found = next(each for each in transitions_of(type(self.subject)) if each.name == self.step)
        return self.page(
            subject=self.subject,
            form=form,
            label=found.custom["label"],
            basis=found.custom["basis"],
            caution=found.custom["caution"],
            cancel_address=self.next_address(),
            **self.beside(),
        )

    def beside(self) -> dict[str, Any]:
        """Return what else the page shows so that the decision can be taken."""
        return {}
