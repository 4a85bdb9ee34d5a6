"""After repeated failures nobody logs in to this account from this address for a while, and the page says how long.

The account may exist or not: the answer is the same. What was typed as an account name is kept only as a blind
index, for people type their identity number there.
"""

import datetime as dt
import math
from typing import Any

from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from portal.shared.encryption import blind_index


def account_index(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return under which name failures of this attempt are counted."""
    typed = (credentials or {}).get("username") or (credentials or {}).get("login") or request.POST.get("login", "")
    return blind_index(str(typed), "log_in")


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """Return the page that says for how long log-in is closed."""
    page = TemplateResponse(
        request,
        "entrance/locked_out.html",
        {"minutes": minutes_left(request, credentials), "failures": settings.AXES_FAILURE_LIMIT},
        status=429,
    )
    return page.render()


def minutes_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """Return after how many minutes, rounded up, the next attempt is heard."""
    latest = (
        AccessAttempt.objects.filter(
            username=account_index(request, credentials), ip_address=get_client_ip_address(request)
        )
        .order_by("-attempt_time")
        .first()
    )
    tried_at = getattr(request, "axes_attempt_time", None)
    left = settings.AXES_COOLOFF_TIME
    if latest is not None and tried_at is not None:
        left -= tried_at - latest.attempt_time
    return max(1, math.ceil(left / dt.timedelta(minutes=1)))
