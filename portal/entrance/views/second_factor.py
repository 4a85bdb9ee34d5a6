"""Enrolling a second factor."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from django.http.response import HttpResponseBase

from portal.accounts.actors import acting_personally
from portal.accounts.rules import logged_in
from portal.ledger.record import record
from portal.shared import clock


class Enrol(ActivateTOTPView):
    """Who has just typed a right code need not type the next one to go on."""

    access = logged_in

    def form_valid(self, form) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        person = self.request.user
        record_authentication(self.request, person, "mfa", type="totp")
        record(person, "enrol_second_factor", by=acting_personally(person), at=clock.now())
        return response
