"""The front door, and the desk behind it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise

from portal.accounts.actors import PUBLIC
from portal.accounts.models import Membership
from portal.accounts.rules import anyone, logged_in
from portal.catalogue.enums import Band
from portal.catalogue.models.policy import NoPolicyInForceError
from portal.catalogue.queries import policy_in_force, windows
from portal.http import navigation, worklist
from portal.http.views import PortalView
from portal.shared import clock
from portal.web.guides import guides_for


class Home(PortalView):
    access = anyone
    template_name = "web/home.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(
            public=navigation.entries_for(PUBLIC, besides="web"),
            windows=sorted(windows(self.at), key=lambda window: window.schedule.pk),
            fees=self.fees(),
        )

    def fees(self) -> list[tuple[str | Promise, int]]:
        """Return what each band costs under the policy in force, or nothing before the first."""
        try:
            policy = policy_in_force(clock.day_of(self.at))
        except NoPolicyInForceError:
            return []
        return [(band.label, policy.fee(band)) for band in Band]


class Desk(PortalView):
    """What waits for the actor, and everything that the desk offers."""

    access = logged_in
    template_name = "web/desk.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        entries = [entry for entry in navigation.entries_for(self.actor) if entry.room != "web" or not entry.is_in_bar]
        groups = worklist.waiting_for(self.actor, self.at)
        return self.page(groups=groups, entries=entries, guides=guides_for(self.actor), elsewhere=self.elsewhere())

    def elsewhere(self) -> list[str]:
        """Return the organisations whose desks wait behind another choice of whom one acts for."""
        if not self.actor.acts_personally:
            return []
        held = Membership.objects.in_force(clock.day_of(self.at)).filter(person=self.actor.person)
        return list(held.order_by("organisation__name").values_list("organisation__name", flat=True).distinct())
