"""The base of pages with one form that the domain judges: a refusal comes back beside its fields, nothing is lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from portal.http.views import ChangeView, show_refusal
from portal.shared.errors import Refusal


class FormPage(ChangeView):
    """Shows a form, hands it to ``act`` when it is filled in rightly, and goes to ``next_address`` of what that returns."""

    template_name = "catalogue/bureau/form.html"
    heading: Any = ""
    button: Any = ""
    done_message: Any = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form)
        try:
            done = self.act(form)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        if self.done_message:
            messages.success(request, self.done_message)
        return HttpResponseRedirect(self.next_address(done))

    def form(self, *data: Any) -> Any:
        """Return the form, bound where data are given."""
        raise NotImplementedError

    def act(self, form: Any) -> Any:
        """Do what the form asks for with one call of the domain."""
        raise NotImplementedError

    def next_address(self, done: Any) -> str:
        """Return where the person goes after ``act`` returned ``done``."""
        raise NotImplementedError

    def cancel_address(self) -> str:
        """Return where the person goes without doing anything."""
        raise NotImplementedError

    def show(self, form: Any) -> HttpResponseBase:
        """Return the page with the form."""
        return self.page(form=form, cancel_address=self.cancel_address(), **self.beside())

    def beside(self) -> dict[str, Any]:
        """Return what else the page shows."""
        return {}
