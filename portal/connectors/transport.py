"""The one place that speaks HTTP to the outside: time-outs, retries, breaker, signatures, log line.

An attempt that fails because the system is not there (no connection, time-out, 5xx, an unsigned or
unreadable answer) counts against its breaker. An idempotent call is tried again, after a back-off
with jitter, as long as attempts and patience last. A call that is not idempotent is tried again
only if its request certainly never arrived.
"""

import atexit
import json
import os
import random
import re
import ssl
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, TypeVar

import httpx
import structlog
from django.conf import settings

from portal.connectors import signing
from portal.connectors.breaker import Breaker
from portal.connectors.contract import ContractBroken
from portal.connectors.errors import ConnectorError, Malformed, Refused, Unreachable, Why
from portal.connectors.systems import System, Way, way_to

T = TypeVar("T")
log = structlog.get_logger("portal.connectors")

LARGEST_ANSWER = 8 * 1024 * 1024
NEVER_ARRIVED = (Why.NOT_CONFIGURED, Why.CIRCUIT_OPEN, Why.NO_CONNECTION, Why.BUSY)
BUSY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True)
class Request:
    """One thing asked of one system; `idempotent` says that doing it twice does no more than once."""

    system: System
    operation: str
    body: bytes
    content_type: str = "application/json"
    idempotent: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back, whole, with the headers of the request that it answers."""

    status: int
    headers: httpx.Headers
    body: bytes
    asked: dict[str, str]


Reader = Callable[[Way, Answer], T]
"""Turns an answer into a value, or raises `ContractBroken` where it cannot be the system's own."""


def call(
    system: System,
    operation: str,
    facts: Mapping[str, Any],
    *,
    at: datetime,
    read: Callable[[dict[str, Any]], T],
    idempotent: bool = True,
) -> T:
    """Ask a JSON system and return what `read` makes of the answer; raise a `ConnectorError`.

    `at` is the moment for which the answer is wanted (months paid up to then, an order placed then).
    """
    body = json.dumps({"at": at.isoformat(), **facts}, ensure_ascii=False, separators=(",", ":")).encode()
    answer = exchange(Request(system, operation, body, idempotent=idempotent), read=_signed_object)
    try:
        return read(answer)
    except ContractBroken as broken:
        log.warning("connector_contract_broken", system=system.value, operation=operation, defect=str(broken))
        raise Malformed(system, operation, str(broken)) from broken


def exchange(request: Request, *, read: Reader[T]) -> T:
    """Send one request, with retries, and return what `read` makes of the answer; raise a `ConnectorError`."""
    way = way_to(request.system)
    if way is None:
        raise Unreachable(request.system, request.operation, Why.NOT_CONFIGURED)
    return _Call(request, way).run(read)


class _Call:
    """One call with its attempts; the request id stays the same, each attempt is signed anew."""

    def __init__(self, request: Request, way: Way) -> None:
        self.request = request
        self.way = way
        self.breaker = Breaker(request.system, way.breaker_threshold, way.breaker_pause)
        self.request_id = str(uuid.uuid4())
        self.ends = time.monotonic() + way.patience
        self.maybe_done = False

    def run(self, read: Reader[T]) -> T:
        if not self.breaker.admits():
            self._log(Why.CIRCUIT_OPEN, 0, time.monotonic())
            raise self._unreachable(Why.CIRCUIT_OPEN)
        attempt = 1
        while True:
            try:
                return self._attempt(attempt, read)
            except Unreachable as failure:
                pause = self._pause_after(attempt, failure)
                if pause is None:
                    raise
                time.sleep(pause)
                if not self.breaker.admits():
                    raise
            attempt += 1

    def _pause_after(self, attempt: int, failure: Unreachable) -> float | None:
        """Return the seconds to wait before the next attempt, or None where there shall be none."""
        again = self.request.idempotent or failure.why in NEVER_ARRIVED
        pause = self.way.back_off * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311
        last = attempt >= self.way.attempts or time.monotonic() + pause >= self.ends
        return pause if again and not last else None

    def _attempt(self, attempt: int, read: Reader[T]) -> T:
        began = time.monotonic()
        try:
            value = self._counted(read)
        except ConnectorError as failure:
            self._log(_outcome(failure), attempt, began)
            raise
        self._log("ok", attempt, began)
        return value

    def _counted(self, read: Reader[T]) -> T:
        """Ask once and tell the breaker; a refusal proves that the system lives."""
        try:
            value = self._ask(read)
        except Refused:
            self.breaker.succeeded()
            raise
        except (Unreachable, Malformed) as failure:
            self.breaker.failed(_outcome(failure))
            raise
        self.breaker.succeeded()
        return value

    def _ask(self, read: Reader[T]) -> T:
        answer = self._answer()
        if answer.status in BUSY:
            raise self._unreachable(Why.BUSY)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise self._unreachable(Why.SERVER_ERROR)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise Refused(self.request.system, self.request.operation, *_refusal(answer))
        try:
            return read(self.way, answer)
        except ContractBroken as broken:
            raise self._malformed(str(broken)) from broken

    def _answer(self) -> Answer:
        try:
            return self._exchange()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as failure:
            raise self._unreachable(Why.NO_CONNECTION) from failure
        except httpx.TimeoutException as failure:
            raise self._unreachable(Why.TIMEOUT) from failure
        except httpx.HTTPError as failure:
            raise self._unreachable(Why.DROPPED) from failure

    def _exchange(self) -> Answer:
        url = httpx.URL(f"{self.way.url.rstrip('/')}/{self.request.operation}")
        signed = signing.request_headers(
            self.way.key_id,
            self.way.secret,
            path=url.raw_path.decode(),
            request_id=self.request_id,
            body=self.request.body,
        )
        left = max(0.1, self.ends - time.monotonic())
        with _client(os.getpid()).stream(
            "POST",
            url,
            content=self.request.body,
            headers={"Content-Type": self.request.content_type, **signed},
            timeout=httpx.Timeout(min(self.way.read_timeout, left), connect=min(self.way.connect_timeout, left)),
        ) as response:
            return Answer(response.status_code, response.headers, self._whole(response), signed)

    def _whole(self, response: httpx.Response) -> bytes:
        """Read the body; one that drips past the patience is a time-out, one without end is cut off."""
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if time.monotonic() > self.ends:
                raise self._unreachable(Why.TIMEOUT)
            if size > LARGEST_ANSWER:
                raise self._malformed("answer too large")
        return b"".join(parts)

    def _unreachable(self, why: Why) -> Unreachable:
        self.maybe_done = self.maybe_done or why not in NEVER_ARRIVED
        return Unreachable(self.request.system, self.request.operation, why, maybe_done=self.maybe_done)

    def _malformed(self, defect: str) -> Malformed:
        return Malformed(self.request.system, self.request.operation, defect)

    def _log(self, outcome: str, attempt: int, began: float) -> None:
        log.info(
            "connector_call",
            system=self.request.system.value,
            operation=self.request.operation,
            outcome=outcome,
            attempt=attempt,
            ms=round((time.monotonic() - began) * 1000),
            request_id=self.request_id,
        )


def _signed_object(way: Way, answer: Answer) -> dict[str, Any]:
    if not signing.answer_holds(way.secret, answer.status, answer.asked, answer.headers, answer.body):
        raise ContractBroken("signature does not hold")
    try:
        value = json.loads(answer.body)
    except ValueError as broken:
        raise ContractBroken("answer is not JSON") from broken
    if not isinstance(value, dict):
        raise ContractBroken("answer is not an object")
    return value


def _refusal(answer: Answer) -> tuple[str, str]:
    """Return code and text of a refusal; a refusal may come unsigned from a gateway in between."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    told = told if isinstance(told, dict) else {}
    code, text = str(told.get("code", "")), str(told.get("message", ""))
    return code if CODE.fullmatch(code) else f"http_{answer.status}", text[:200]


def _outcome(failure: ConnectorError) -> str:
    if isinstance(failure, Unreachable):
        return failure.why.value
    if isinstance(failure, Refused):
        return f"refused:{failure.code}"
    return "malformed"


@lru_cache(maxsize=1)
def _client(process: int) -> httpx.Client:
    """Return this process's connection pool; `process` keeps a forked worker from sharing its parent's.

    Proxies and certificates of the machine's environment are not read: where calls go and whom they
    trust is decided by the settings alone.
    """
    trust = ssl.create_default_context(cafile=settings.CONNECTORS_CA_FILE or None)
    client = httpx.Client(verify=trust, trust_env=False, follow_redirects=False)
    atexit.register(client.close)
    return client
