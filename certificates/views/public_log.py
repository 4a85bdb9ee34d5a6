"""What everybody may see of the certificate log, and the program with which they check it."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from certificates.domain import checkpoints, log_keys, stamping
from portal.accounts.rules import anyone
from portal.http.views import PortalView
from portal.sealing.keys import KeysUnfitError

VERIFIER = Path(settings.BASE_DIR) / "docs" / "verify_certificate_log.py"
CLOSINGS_SHOWN = 10


class Log(PortalView):
    """The newest head, the heads of the last days, the keys, and how to check all of that."""

    access = anyone
    template_name = "certificates/public/log.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page(
            newest=checkpoints.newest(),
            closings=stamping.closings(self.at)[:CLOSINGS_SHOWN],
            keys=_keys(),
            portal=request.build_absolute_uri("/").rstrip("/"),
            program=VERIFIER.name,
            program_hash=hashlib.sha256(_program()).hexdigest(),
        )


class Verifier(PortalView):
    """The program for strangers, as a file."""

    access = anyone

    def get(self, request: HttpRequest) -> HttpResponseBase:
        response = HttpResponse(_program(), content_type="text/x-python; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{VERIFIER.name}"'
        return response


@cache
def _program() -> bytes:
    return VERIFIER.read_bytes()


def _keys() -> list[log_keys.PublishedKey]:
    try:
        return log_keys.published_keys()
    except KeysUnfitError:
        return []
