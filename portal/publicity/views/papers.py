"""Papers for the notice-board."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from redis.exceptions import RedisError

from portal.http.limits import count_against
from portal.publicity.domain import papers, posting
from portal.publicity.enums import OPEN_TO_READERS
from portal.publicity.models import Notice
from portal.publicity.views.addresses import readers_address
from portal.publicity.views.public import ReaderView
from portal.publicity.views.publisher import OwnNotice

KEPT_SECONDS = 3600
PRINTS_AN_HOUR = 60


def paper(notice: Notice, request: HttpRequest) -> HttpResponseBase:
    """Answer with a paper of ``notice``: written once an hour at most, sent only to whom it is new."""
    asked, parts = request.GET.get("part", "1"), papers.parts_of(notice)
    if notice.state not in OPEN_TO_READERS or asked not in {str(part) for part in range(1, len(parts) + 1)}:
        raise Http404
    content = _written(notice, int(asked), readers_address(notice, request))
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{notice.code}-{asked}.pdf" if len(parts) > 1 else f"{notice.code}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    etag = response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=etag, response=response) or response


def _written(notice: Notice, part: int, address: str) -> bytes:
    end = posting.end_of(notice)
    known = f"{notice.code} {end.due_at if end else ''} {part} {address}"
    key = f"publicity:paper:{hashlib.sha256(known.encode()).hexdigest()}"
    try:
        kept: bytes | None = cache.get(key)
        content = kept or papers.printed(notice, part=part, address=address)
        cache.set(key, content, KEPT_SECONDS)
    except RedisError:
        return papers.printed(notice, part=part, address=address)
    return content


class OwnPaper(OwnNotice):
    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        return paper(self.subject, request)


class ReaderPaper(ReaderView):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        count_against(request, "print", per_hour=PRINTS_AN_HOUR)
        return paper(self.notice, request)
