"""Where the payment gateway reports: open to anybody, believed only with its signature."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from portal.accounts.rules import anyone
from portal.connectors.errors import ConnectorError
from portal.http import limits
from portal.http.views import PortalView
from portal.shared.errors import Refusal
from review.domain import listening
from review.enums.paying import ACCEPTED

LARGEST = 16 * 1024
# The gateway's own notices are never counted: on the last evening it sends thousands from one address.
DISBELIEVED_AN_HOUR = 60


@method_decorator(csrf_exempt, name="dispatch")
class Notices(PortalView):
    """Answers ``success`` once a notice took effect; anything else makes the gateway send it again."""

    access = anyone
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST:
            return _said("too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = request.body
        try:
            outcome = listening.hear(request.get_full_path(), request.headers, body, at=self.at)
        except ConnectorError as error:
            return self.disbelieved(error, body)
        return _said("success", HTTPStatus.OK) if outcome in ACCEPTED else _said(outcome, HTTPStatus.CONFLICT)

    def disbelieved(self, error: ConnectorError, body: bytes) -> HttpResponseBase:
        """Keep that it came, as long as one address does not fill the table with it."""
        try:
            limits.count_against(self.request, "gateway_notices", per_hour=DISBELIEVED_AN_HOUR)
        except Refusal:
            return _said("too often", HTTPStatus.TOO_MANY_REQUESTS)
        listening.note_disbelief(error, body, at=self.at)
        return _said("not believed", HTTPStatus.FORBIDDEN)


def _said(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain")
