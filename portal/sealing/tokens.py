"""The code on a certificate that proves its face without asking anybody: COSE_Sign1 (RFC 9052) in decimal digits.

The digits stand behind the # of an address, so that no server hears of them, and a QR code packs digits densely. They are
the number whose bytes are 01 and then the token. The token is what ``make`` writes, byte for byte, and nothing else: tag
18, the protected header {1: -8 (EdDSA), 4: key id}, an empty header, the payload, the signature (Ed25519, RFC 8032).
static/js/certificates/token.js reads the same in the browser.
"""

import base64
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.sealing.keys import ID_BYTES, keyring
from portal.sealing.names import LEVELS

VERSION = 1
FIELDS = {
    "number": 1,
    "holder_name": 2,
    "series": 3,
    "specialty": 4,
    "title": 5,
    "level": 6,
    "passed_on": 7,
    "issued_on": 8,
    "check_code": 9,
    "district_limited": 10,
    "is_restricted": 11,
}
"""By which numbers the payload names parts of the face; 0 is the version. Numbers are never used for something else."""
NAMES = {code: name for name, code in FIELDS.items()}
RESTRICTED = ("number", "is_restricted")
DAYS = ("passed_on", "issued_on")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
TRUE = "true"

HEAD = b"\xd2\x84\x49\xa2\x01\x27\x04\x44"
EMPTY_HEADER = b"\xa0"
SIGNATURE_BYTES = 64
LONGEST = 2000
"""Digits; a usual face takes 470, and a code of 2,000 no longer fits a certificate."""
DIGITS = re.compile(r"[1-9]\d*", re.ASCII)


class Fault(StrEnum):
    """Why digits prove nothing."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    TOO_LONG = "too_long"


class TokenInvalid(Exception):  # noqa: N818 - says how the token is
    """The digits are no token of this portal; ``fault`` says why not."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def make(face: Mapping[str, str]) -> str:
    """Return the digits that prove ``face``, a record of texts as ``Face.record()`` gives it.

    Carries what FIELDS names and is not empty; of a restricted certificate only its number and that it is one. Raises
    KeyError for a face without number, ValueError for one that no code would hold.
    """
    keys = keyring().tokens
    payload = cbor2.dumps({0: VERSION, **_coded(face)})
    header = HEAD[3:] + bytes.fromhex(keys.in_use)
    signature = keys.private.sign(_to_be_signed(header, payload))
    digits = str(int.from_bytes(b"\x01" + _token(header, payload, signature)))
    if len(digits) > LONGEST:
        raise ValueError("a face too long for a code")
    return digits


def read(digits: str) -> dict[str, str]:
    """Return the parts of the face that ``digits`` prove, as texts; raises TokenInvalid.

    A retired key still proves; whether the certificate was revoked since, no token can tell.
    """
    if len(digits) > LONGEST:
        raise TokenInvalid(Fault.TOO_LONG)
    if not DIGITS.fullmatch(digits):
        raise TokenInvalid(Fault.MALFORMED)
    number = int(digits)
    token = number.to_bytes((number.bit_length() + 7) // 8)
    header, payload, signature = _parts(token)
    key = keyring().tokens.public.get(header[-ID_BYTES:].hex())
    if key is None:
        raise TokenInvalid(Fault.UNKNOWN_KEY)
    try:
        key.verify(signature, _to_be_signed(header, payload))
    except InvalidSignature as failure:
        raise TokenInvalid(Fault.BAD_SIGNATURE) from failure
    return _told(cbor2.loads(payload))


def public_keys() -> dict[str, str]:
    """Return all public keys for pages that verify by themselves: id to the 32 bytes in Base64."""
    return {name: base64.b64encode(_raw(key)).decode() for name, key in keyring().tokens.public.items()}


def _coded(face: Mapping[str, str]) -> dict[int, Any]:
    names = RESTRICTED if face.get("is_restricted") == TRUE else FIELDS
    values = {FIELDS[name]: _value(name, face[name]) for name in names if face.get(name)}
    if FIELDS["number"] not in values:
        raise KeyError("number")
    return {code: value for code, value in values.items() if value is not False}


def _value(name: str, text: str) -> Any:
    if name == "is_restricted":
        return text == TRUE
    if name == "level" and text in LEVELS:
        return LEVELS.index(text)
    if name in DAYS:
        day = DAY.fullmatch(text)
        if day is None:
            raise ValueError(f"{name} is no day")
        return int("".join(day.groups()))
    return text


def _told(payload: Any) -> dict[str, str]:
    """Return what the payload says, in words; it was signed by us, yet perhaps by a version that knew more."""
    if not isinstance(payload, dict) or payload.pop(0, None) != VERSION:
        raise TokenInvalid(Fault.MALFORMED)
    return {NAMES[code]: _text(NAMES[code], value) for code, value in payload.items() if code in NAMES}


def _text(name: str, value: Any) -> str:
    if value is True:
        return TRUE
    if name == "level" and isinstance(value, int) and value < len(LEVELS):
        return LEVELS[value]
    if name in DAYS:
        digits = f"{value:08d}"
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return str(value)


def _token(header: bytes, payload: bytes, signature: bytes) -> bytes:
    return b"".join((HEAD[:3], header, EMPTY_HEADER, cbor2.dumps(payload), cbor2.dumps(signature)))


def _parts(token: bytes) -> tuple[bytes, bytes, bytes]:
    """Return header, payload and signature of a token that ``make`` could have written; raises TokenInvalid."""
    if token[:1] != b"\x01":
        raise TokenInvalid(Fault.MALFORMED)
    token = token[1:]
    header, signature = token[3 : len(HEAD) + ID_BYTES], token[-SIGNATURE_BYTES:]
    start, end = len(HEAD) + ID_BYTES + len(EMPTY_HEADER), len(token) - SIGNATURE_BYTES - 2
    for length_bytes in (1, 2, 3):
        payload = token[start + length_bytes : end]
        if payload and _token(header, payload, signature) == token and header.startswith(HEAD[3:]):
            return header, payload, signature
    raise TokenInvalid(Fault.MALFORMED)


def _to_be_signed(header: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", header, b"", payload])


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
