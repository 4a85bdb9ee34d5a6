"""Records sealed with SM2 over SM3, as the rules for commercial cryptography want it beside the PDF's own signature.

The signature is of the record's canonical bytes, in DER (GM/T 0009), with the usual user id; ``openssl dgst -sm3 -verify
KEY.pem -signature FILE -sigopt distid:1234567812345678`` agrees. It is attached as a small JSON text of its own.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string
from tongsuopy.crypto import hashes
from tongsuopy.crypto.asymciphers.ec import ECDSA
from tongsuopy.crypto.exceptions import InternalError, InvalidSignature

from portal.sealing.keys import RecordKeys, keyring

RECORD_FILE, SIGNATURE_FILE = "certificate.json", "certificate.sm2.json"
"""Under which names a sealed PDF carries the record and its signature."""
ALGORITHM = "SM2-with-SM3"
USER_ID = "1234567812345678"
"""Fixed by GM/T 0009; tongsuopy signs and verifies with it."""
LONGEST = 64 * 1024


class Fault(StrEnum):
    """What is wrong with a sealed record."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"


class RecordInvalid(Exception):  # noqa: N818 - says how the record is
    """The record is not sealed by this portal; ``fault`` says why not."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class RecordSigner(Protocol):
    """Who signs records: a file's key, or an agency's signature service named by SEALING_RECORD_SIGNER.

    The public key of a service must lie among those of the ring, under ``key_id``.
    """

    @property
    def key_id(self) -> str: ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature of ``data`` with the usual user id, in DER."""


@dataclass(frozen=True)
class FileSigner:
    """Signs with the ring's own key."""

    keys: RecordKeys

    @property
    def key_id(self) -> str:
        return self.keys.in_use

    def sign(self, data: bytes) -> bytes:
        return bytes(self.keys.private.sign(data, ECDSA(hashes.SM3())))


@dataclass(frozen=True)
class SealedRecord:
    """The canonical bytes of a record and their signature in DER."""

    record: bytes
    key_id: str
    signature: bytes

    def signature_file(self) -> bytes:
        """Return what is attached beside the record."""
        told = {
            "algorithm": ALGORITHM,
            "key": self.key_id,
            "signature": base64.b64encode(self.signature).decode(),
            "user_id": USER_ID,
        }
        return canonical(told)

    @classmethod
    def from_files(cls, record: bytes, signature_file: bytes) -> "SealedRecord":
        """Return what the two attached files say, not yet verified; raises RecordInvalid where they say nothing."""
        try:
            told = _read(signature_file)
            sealed = cls(record, told["key"], base64.b64decode(told["signature"], validate=True))
        except (ValueError, KeyError) as failure:
            raise RecordInvalid(Fault.MALFORMED) from failure
        if sealed.signature_file() != signature_file:
            raise RecordInvalid(Fault.MALFORMED)
        return sealed


def sign(record: Mapping[str, str]) -> SealedRecord:
    """Seal a record with the key in use."""
    data, by = canonical(record), signer()
    return SealedRecord(data, by.key_id, by.sign(data))


def verify(sealed: SealedRecord) -> dict[str, str]:
    """Return the record if one of our keys, also a retired one, sealed these very bytes; raises RecordInvalid."""
    key = keyring().records.public.get(sealed.key_id)
    if key is None:
        raise RecordInvalid(Fault.UNKNOWN_KEY)
    try:
        key.verify(sealed.signature, sealed.record, ECDSA(hashes.SM3()))
    except (InvalidSignature, InternalError) as failure:  # the latter for what is no signature at all
        raise RecordInvalid(Fault.BAD_SIGNATURE) from failure
    try:
        return _read(sealed.record)
    except ValueError as failure:
        raise RecordInvalid(Fault.MALFORMED) from failure


def signer() -> RecordSigner:
    """Return who signs records in this installation."""
    named: str = settings.SEALING["record_signer"]
    return cast("RecordSigner", import_string(named)()) if named else FileSigner(keyring().records)


def canonical(record: Mapping[str, str]) -> bytes:
    """Return the one spelling of a record of texts: JSON in UTF-8, names sorted, no spaces, no escapes without need.

    For names of ASCII letters this is RFC 8785. Raises TypeError for a value that is not text.
    """
    if not all(isinstance(part, str) for pair in record.items() for part in pair):
        raise TypeError("a sealed record consists of texts")
    return json.dumps(dict(record), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _read(data: bytes) -> dict[str, str]:
    """Return the texts that canonical bytes spell; raises ValueError for any other spelling of them."""
    if len(data) > LONGEST:
        raise ValueError("too long")
    try:
        told: Any = json.loads(data)
        if not isinstance(told, dict) or canonical(told) != data:
            raise ValueError("not canonical")
    except (TypeError, RecursionError) as failure:
        raise ValueError("not a record of texts") from failure
    return told
