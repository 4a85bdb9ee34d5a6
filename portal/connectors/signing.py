"""HMAC-SHA256 signatures over a canonical string; the one description of it that both sides share.

Canonical string: the parts joined by newlines, the last being the SHA-256 of the body in hex.
    request   REQUEST, method, path, timestamp, nonce, request id
    answer    ANSWER, status, timestamp, nonce of the request, request id
    notice    NOTICE, method, path, timestamp, nonce
The first word keeps a signature of one kind from passing for another; an answer is bound to its
request by nonce and id, so an old answer cannot be played again.

Timestamps are Unix seconds of the machine's own clock, not of the portal's: freshness is a matter
between two machines and must hold while a demonstration moves the portal's clock by days.
"""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping

KEY_ID = "X-Key-Id"
TIMESTAMP = "X-Timestamp"
NONCE = "X-Nonce"
REQUEST_ID = "X-Request-Id"
SIGNATURE = "X-Signature"

UNIX_SECONDS = re.compile(r"[0-9]{1,11}")
TOLERANCE = 300
"""Seconds by which two machines' clocks may differ before a message counts as stale."""


def canonical(*parts: str, body: bytes) -> bytes:
    """Return the bytes that are signed; a part may hold no newline, or two messages could look alike."""
    if any("\n" in part for part in parts):
        raise ValueError("a signed part may not contain a newline")
    return "\n".join((*parts, hashlib.sha256(body).hexdigest())).encode()


def sign(secret: str, *parts: str, body: bytes) -> str:
    """Return the signature of the parts and the body as 64 hex digits."""
    return hmac.new(secret.encode(), canonical(*parts, body=body), hashlib.sha256).hexdigest()


def holds(signature: str, secret: str, *parts: str, body: bytes) -> bool:
    """Tell whether a signature is right, in constant time; an ill-formed part is simply not right."""
    try:
        expected = sign(secret, *parts, body=body)
    except ValueError:
        return False
    return hmac.compare_digest(signature.encode(), expected.encode())


def request_headers(key_id: str, secret: str, *, path: str, request_id: str, body: bytes) -> dict[str, str]:
    """Return the headers that sign a POST; each attempt is signed anew, the request id stays."""
    timestamp, nonce = stamp(), new_nonce()
    signature = sign(secret, "REQUEST", "POST", path, timestamp, nonce, request_id, body=body)
    return {
        KEY_ID: key_id,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        REQUEST_ID: request_id,
        SIGNATURE: signature,
    }


def answer_holds(secret: str, status: int, asked: Mapping[str, str], answer: Mapping[str, str], body: bytes) -> bool:
    """Tell whether an answer is signed for exactly this request and is fresh."""
    timestamp = answer.get(TIMESTAMP, "")
    parts = ("ANSWER", str(status), timestamp, asked[NONCE], asked[REQUEST_ID])
    return holds(answer.get(SIGNATURE, ""), secret, *parts, body=body) and is_fresh(timestamp)


def notice_headers(key_id: str, secret: str, *, path: str, body: bytes) -> dict[str, str]:
    """Return the headers with which an outside system signs a notice that it sends by itself."""
    timestamp, nonce = stamp(), new_nonce()
    signature = sign(secret, "NOTICE", "POST", path, timestamp, nonce, body=body)
    return {KEY_ID: key_id, TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: signature}


def stamp() -> str:
    """Return this machine's time in whole Unix seconds."""
    return str(int(time.time()))


def new_nonce() -> str:
    """Return 128 random bits in hex."""
    return secrets.token_hex(16)


def is_fresh(timestamp: str) -> bool:
    """Tell whether a timestamp lies within the tolerance of this machine's clock."""
    return UNIX_SECONDS.fullmatch(timestamp) is not None and abs(time.time() - int(timestamp)) <= TOLERANCE
