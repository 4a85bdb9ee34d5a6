"""Moves of a session as they happen: an event stream for a while, or no stream at all where places are taken.

A stream tells the revision and nothing else; the page then fetches its own screen, judged by who reads it. Streams hold
a thread of the server each, so they are short and few: pages must never wait for them.
"""

import threading
import time
from collections.abc import Generator, Iterator

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from review.models import CommitteeSession
from review.views.session_pages import OwnSession

LONGEST, PAUSE = 25.0, 1.0  # seconds
RETRY = 2000  # milliseconds after which the browser asks for another stream
_places = threading.BoundedSemaphore(max(1, settings.LIVE_STREAMS))


class Moves(OwnSession):
    """Server-sent events; 204 where this process has no place left, which tells the browser to ask by itself instead."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        if not settings.LIVE_STREAMS or not _places.acquire(blocking=False):
            return HttpResponse(status=204)
        answer = StreamingHttpResponse(
            _Stream(self.subject.pk, self.subject.revision), content_type="text/event-stream"
        )
        answer["Cache-Control"] = "no-store"
        answer["Content-Encoding"] = "identity"  # a compressor would keep the lines until there are enough of them
        answer["X-Accel-Buffering"] = "no"
        return answer


class _Stream:
    """The lines of one stream; gives its place back however it ends."""

    def __init__(self, session: int, revision: int) -> None:
        self._lines = self._told(session, revision)
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._lines

    def close(self) -> None:
        """Give the place back; the server calls it when the stream ends or the browser left."""
        self._lines.close()
        if self._is_open:
            self._is_open = False
            _places.release()

    def _told(self, session: int, revision: int) -> Generator[bytes, None, None]:
        yield f"retry: {RETRY}\ndata: {revision}\n\n".encode()
        ends = time.monotonic() + LONGEST
        while time.monotonic() < ends:
            time.sleep(PAUSE)
            now = CommitteeSession.objects.filter(pk=session).values_list("revision", flat=True).first()
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            if now is None:
                return
            if now != revision:
                revision = now
                yield f"data: {revision}\n\n".encode()
            else:
                yield b": still here\n\n"
