"""Rooms of the review about an application: its timers run first."""

from django.db import models
from django.http import HttpRequest

from applications.models import Application
from portal.http.desks import Desk


class OfApplications(Desk):
    """A desk about an application, whose timers run first."""

    def timed(self, request: HttpRequest) -> models.QuerySet[Application]:
        """Return the application of the row that the address names."""
        return Application.objects.filter(pk__in=self.named().values("application"))
