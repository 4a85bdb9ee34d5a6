"""Trusted time stamps (RFC 3161): proof that a text existed at a moment, signed by an outside authority."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from portal.connectors.contract import ContractBroken
from portal.connectors.errors import Malformed, Unreachable, Why
from portal.connectors.systems import System, Way, way_to
from portal.connectors.transport import Answer, Request, exchange

OPERATION = "stamp"
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True)
class TimeStamp:
    """A verified stamp; keep `response` (DER): it proves itself as long as the roots are trusted."""

    response: bytes
    at: datetime
    serial_number: str


def stamp(data: bytes) -> TimeStamp:
    """Have SHA-256 of `data` stamped and verify the stamp against the trusted roots; raise a `ConnectorError`."""
    roots = _trusted_roots()
    asked = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()

    def verified(_way: Way, answer: Answer) -> TimeStamp:
        reply = _granted(answer.body)
        _verify(VerifierBuilder.from_request(asked), roots, reply, data)
        return _stamp_of(answer.body, reply)

    return exchange(Request(System.TIMESTAMPS, OPERATION, asked.as_bytes(), QUERY), read=verified)


def fetch(query: bytes) -> bytes:
    """Send a ready RFC 3161 query (DER) and return the granted response (DER), for signing libraries.

    The caller verifies the stamp that it embeds. Raise a `ConnectorError`.
    """

    def granted(_way: Way, answer: Answer) -> bytes:
        _granted(answer.body)
        return answer.body

    return exchange(Request(System.TIMESTAMPS, OPERATION, query, QUERY), read=granted)


def verify(response: bytes, data: bytes) -> TimeStamp:
    """Return a kept stamp if it is of this very data and of a trusted authority; raise `Malformed`.

    Needs no connection; raise `Unreachable` where this installation knows no roots.
    """
    roots = _trusted_roots()
    try:
        reply = _granted(response)
        _verify(VerifierBuilder(), roots, reply, data)
    except ContractBroken as broken:
        raise Malformed(System.TIMESTAMPS, "verify", str(broken)) from broken
    return _stamp_of(response, reply)


def _granted(response: bytes) -> TimeStampResponse:
    try:
        reply = decode_timestamp_response(response)
    except ValueError as broken:
        raise ContractBroken("not a time-stamp response") from broken
    if reply.status != PKIStatus.GRANTED:
        raise ContractBroken(f"stamp not granted (status {reply.status})")
    return reply


def _verify(builder: VerifierBuilder, roots: list[Certificate], reply: TimeStampResponse, data: bytes) -> None:
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(reply, data)
    except (VerificationError, ValueError) as broken:  # the latter for a token that cannot even be read
        raise ContractBroken(f"stamp does not hold: {broken}") from broken


def _trusted_roots() -> list[Certificate]:
    way = way_to(System.TIMESTAMPS)
    try:
        return load_pem_x509_certificates(Path(way.roots if way else "").read_bytes())
    except (OSError, ValueError) as failure:
        raise Unreachable(System.TIMESTAMPS, OPERATION, Why.NOT_CONFIGURED) from failure


def _stamp_of(response: bytes, reply: TimeStampResponse) -> TimeStamp:
    return TimeStamp(response, reply.tst_info.gen_time, f"{reply.tst_info.serial_number:x}")
