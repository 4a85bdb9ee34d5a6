"""The working-day calendar that every deadline rests on."""

import datetime as dt
import itertools

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.rules import anyone
from portal.http.views import PortalView
from portal.workdays.counting import Day, DayKind
from portal.workdays.models import YearNotice
from portal.workdays.queries import calendar_in_force

NAMED = frozenset({DayKind.HOLIDAY, DayKind.MAKE_UP})


class Years(PortalView):
    access = anyone
    template_name = "workdays/public/years.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(notices=YearNotice.objects.in_force().order_by("-year"))


class Year(PortalView):
    access = anyone
    template_name = "workdays/public/year.html"

    def get(self, request: HttpRequest, year: int) -> HttpResponseBase:
        notice = YearNotice.objects.in_force().filter(year=year).first()
        if notice is None:
            raise Http404
        months = months_of(year)
        workdays = sum(day.is_workday for _month, days in months for day in days)
        special = [(month, named) for month, days in months if (named := [day for day in days if day.kind in NAMED])]
        return self.page(notice=notice, months=special, workdays=workdays)


def months_of(year: int) -> list[tuple[dt.date, list[Day]]]:
    """Return the months of ``year``, each as its first day and its days."""
    calendar = calendar_in_force()
    first, after = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    days = (calendar.day(dt.date.fromordinal(number)) for number in range(first.toordinal(), after.toordinal()))
    grouped = itertools.groupby(days, key=lambda day: day.date.replace(day=1))
    return [(month, list(group)) for month, group in grouped]
