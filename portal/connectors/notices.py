"""Messages that an outside system sends by itself: who sent them, when, and not twice."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from hmac import compare_digest
from typing import Any, TypeVar

import structlog
from django.core.cache import cache

from portal.connectors import signing
from portal.connectors.breaker import CACHE_DOWN
from portal.connectors.contract import ContractBroken
from portal.connectors.errors import Malformed, Unreachable, Why
from portal.connectors.systems import System, Way, way_to

T = TypeVar("T")
OPERATION = "notice"
log = structlog.get_logger("portal.connectors")


def open_notice(
    system: System,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    read: Callable[[dict[str, Any]], T],
) -> T:
    """Verify a notice and return what `read` makes of it; raise `Malformed` or `Unreachable`.

    `path` is the path with query as the sender called it, `headers` any mapping that finds names
    regardless of case (Django's `request.headers`).
    """
    way = way_to(system)
    if way is None:
        raise Unreachable(system, OPERATION, Why.NOT_CONFIGURED)
    try:
        _believe(system, way, path, headers, body)
        return read(json.loads(body))
    except (ValueError, ContractBroken) as broken:
        log.warning("connector_notice_refused", system=system.value, defect=str(broken))
        raise Malformed(system, OPERATION, str(broken)) from broken


def _believe(system: System, way: Way, path: str, headers: Mapping[str, str], body: bytes) -> None:
    timestamp, nonce = headers.get(signing.TIMESTAMP, ""), headers.get(signing.NONCE, "")
    known_key = compare_digest(headers.get(signing.KEY_ID, "").encode(), way.key_id.encode())
    parts = ("NOTICE", "POST", path, timestamp, nonce)
    if not known_key or not signing.holds(headers.get(signing.SIGNATURE, ""), way.secret, *parts, body=body):
        raise ContractBroken("signature does not hold")
    if not signing.is_fresh(timestamp):
        raise ContractBroken("stale")
    if not _first_time(system, nonce):
        raise ContractBroken("replayed")


def _first_time(system: System, nonce: str) -> bool:
    """Remember a nonce for as long as its timestamp can be fresh.

    With the cache down every nonce is new: signature and freshness still hold, and a notice that
    takes effect is idempotent, so a replay within minutes changes nothing.
    """
    with suppress(*CACHE_DOWN):
        return bool(cache.add(f"connectors:{system}:nonce:{nonce}", 1, timeout=2 * signing.TOLERANCE))
    return True
