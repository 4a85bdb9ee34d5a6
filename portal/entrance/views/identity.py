"""A person's numbers: masked, and in full on a click that is written down."""

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.accounts.rules import logged_in
from portal.entrance.domain.revealing import open_to, reveal
from portal.entrance.interfaces.forms import RevealForm
from portal.http.views import SubjectMixin, show_refusal
from portal.shared.errors import Refusal


@method_decorator(never_cache, name="dispatch")
class Identity(SubjectMixin):
    """Not a change that happens once per key: each showing is a reading of its own, and its page is the answer."""

    access = logged_in
    template_name = "entrance/identity.html"

    def visible(self):
        return open_to(self.actor)

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return self.show(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        told = form.cleaned_data
        reason = dict(RevealForm.REASONS)[told["reason"]]
        try:
            with transaction.atomic():
                number = reveal(self.subject, told["what"], by=self.actor, at=self.at, reason=str(reason))
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return self.show(form, number=number)

    def form(self, *args) -> RevealForm:
        return RevealForm(*args, person=self.subject, is_own=self.subject == self.actor.person)

    def show(self, form: RevealForm, number: str = "") -> HttpResponseBase:
        return self.page(form=form, subject=self.subject, number=number)
