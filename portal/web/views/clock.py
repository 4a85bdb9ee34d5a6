"""The demonstration clock: skips days so that a person can see a notice close."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from portal.accounts.rules import anyone
from portal.deadlines import ringing
from portal.http.views import ChangeView
from portal.shared import clock
from portal.web.views.preferences import next_address
from portal.workdays.counting import next_workday
from portal.workdays.queries import calendar_in_force


class MoveClock(ChangeView):
    access = anyone
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.DEMO_CLOCK:
            raise Http404
        if not self.move(request.POST.get("move", ""), request.POST.get("to", "")):
            messages.warning(request, _("请填写要前往的日期，例如 2026-07-15。"))
        ringing.ring_due(at=clock.now())
        return HttpResponseRedirect(next_address(request, request.POST.get("next")))

    def move(self, how: str, to: str) -> bool:
        """Move the clock; return whether the input made sense."""
        day = _parsed(to)
        if how == "day":
            clock.move_by(dt.timedelta(days=1))
        elif how == "workday":
            following = next_workday(calendar_in_force(), clock.day_of(self.at))
            clock.move_to(dt.datetime.combine(following, self.at.timetz()))
        elif how == "real":
            clock.back_to_real_time()
        elif how == "date" and day:
            clock.move_to(dt.datetime.combine(day, self.at.timetz()))
        else:
            return False
        return True


def _parsed(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
