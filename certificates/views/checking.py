"""Checking a certificate, by anybody: what the code on it points to."""

import json

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from certificates.domain.checking import Answer
from certificates.interfaces import answers, asking
from certificates.interfaces.checking_forms import CheckForm
from portal.accounts.rules import anyone, employer
from portal.http.views import PortalView, show_refusal
from portal.sealing import tokens
from portal.sealing.keys import KeysUnfitError
from portal.shared.errors import Refusal


class Check(PortalView):
    """Form and answer on one page: the question comes in the body, so that no name stands in an address.

    A check is a question and changes nothing but its log: asking again is another check, and needs no key.
    """

    access = anyone
    template_name = "certificates/public/check.html"

    @property
    def may_send_sheets(self) -> bool:
        """Whether the actor may check many at once."""
        return employer.test(self.actor)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.show(CheckForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = CheckForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            found = asking.answer_to(request, form.asked, by=self.actor, at=self.at)
        except Refusal as refusal:
            show_refusal(form, refusal)
            return self.show(form)
        return self.show(form, is_missing=True) if found is None else self.answered(found)

    def show(self, form: CheckForm, *, is_missing: bool = False) -> HttpResponseBase:
        return self.page(form=form, is_missing=is_missing, keys=_keys(), parts=answers.proven_parts())

    def answered(self, answer: Answer) -> HttpResponseBase:
        verdict, tone = answers.verdict_of(answer), answers.tone_of(answer)
        return self.page(answer=answer, verdict=verdict, tone=tone, rows=answers.rows_of(answer))


def _keys() -> str:
    """Return the public keys of codes as JSON; empty where none are there, and then the page asks for number and name."""
    try:
        return json.dumps(tokens.public_keys())
    except KeysUnfitError:
        return ""
