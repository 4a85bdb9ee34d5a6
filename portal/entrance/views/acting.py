"""Choosing for whom one acts."""

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from portal.accounts.models import Membership
from portal.accounts.rules import logged_in
from portal.http.middleware import ACTING_FOR
from portal.http.views import ChangeView
from portal.shared import clock


class Switch(ChangeView):
    access = logged_in
    template_name = "entrance/switch.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(choices=self.choices(), chosen=self.actor.organisation)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        code = request.POST.get("organisation", "")
        if code and code not in {organisation.code for organisation, roles in self.choices()}:
            raise Http404
        request.session[ACTING_FOR] = code
        return HttpResponseRedirect(reverse("web:desk"))

    def choices(self):
        """Return each organisation with the names of the person's roles there."""
        held = Membership.objects.in_force(clock.day_of(self.at)).filter(person=self.actor.person)
        found = {}
        for membership in held.select_related("organisation").order_by("organisation__name", "role"):
            found.setdefault(membership.organisation, []).append(membership.get_role_display())
        return list(found.items())
