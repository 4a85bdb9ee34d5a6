"""When a request arrived: a rule of law looks at that instant, not at the one at which a busy server got round to it."""

import datetime as dt
import re

from django.conf import settings
from django.http import HttpRequest

from portal.shared import clock

HEADER = "X-Request-Start"
STAMP = re.compile(r"^t=(\d{1,10}\.\d{1,6})$")
LONGEST_WAIT = dt.timedelta(seconds=100)


def arrived_at(request: HttpRequest) -> dt.datetime:
    """Return when the proxy in front took the request; now, where no proxy is trusted or its stamp makes no sense.

    A person who pressed the button at 23:59:58 was in time however long the queue was (A-33). The stamp counts up to
    ``LONGEST_WAIT`` back and never forward; longer than that the proxy has given up anyway.
    """
    at = clock.now()
    found = STAMP.match(request.headers.get(HEADER, "")) if settings.PROXY_STAMPS_ARRIVAL else None
    if found is None:
        return at
    waited = dt.timedelta(seconds=clock.since_epoch() - float(found[1]))
    return at - waited if dt.timedelta(0) <= waited <= LONGEST_WAIT else at


def everybody_arrived_until() -> dt.datetime:
    """Return the instant up to which no request can still be waiting in line; a sweep of deadlines goes no further.

    Otherwise it would end at 24:00:05 what a person who pressed the button at 23:59:58 is still waiting to submit.
    """
    return clock.now() - LONGEST_WAIT if settings.PROXY_STAMPS_ARRIVAL else clock.now()
