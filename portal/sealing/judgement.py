"""Having a PDF judged by the process that may die of it, and adding what only the portal knows."""

import base64
import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.connectors import timestamps
from portal.connectors.errors import Malformed, Unreachable
from portal.sealing import records
from portal.sealing.judging.verdict import Changes, Finding, Verdict
from portal.sealing.keys import Chain, keyring
from portal.sealing.records import RECORD_FILE, SIGNATURE_FILE, RecordInvalid, SealedRecord

PROGRAM = Path(__file__).with_name("judging") / "__main__.py"
LARGEST = 10 * 1024 * 1024
"""Bytes; a certificate of ours has some hundred thousand."""
SECONDS = 15


class Stamp(StrEnum):
    """What is known of the time at which a file was sealed."""

    MISSING = "missing"
    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    """There is a stamp, but not of this seal or not of an authority that this installation trusts."""


@dataclass(frozen=True)
class Judgement:
    """What there is to say of a file.

    Everything but ``verdict`` is told of files alone that are GENUINE or CHANGED. ``signed_at`` is what the seal claims,
    ``stamped_at`` what a trusted authority proves. ``record`` is the attached record as it was sealed; where the file is
    CHANGED it still tells what we issued. It is None unless both its seals hold, the PDF's and its own.
    """

    verdict: Verdict
    key_id: str = ""
    changes: Changes | None = None
    signed_at: dt.datetime | None = None
    stamp: Stamp = Stamp.MISSING
    stamped_at: dt.datetime | None = None
    record: Mapping[str, str] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether one of our keys, also a retired one, sealed this file or one that it was made from."""
        return self.verdict in {Verdict.GENUINE, Verdict.CHANGED}

    @property
    def is_intact(self) -> bool:
        """Whether the file shows what we sealed."""
        return self.verdict is Verdict.GENUINE


def judge(pdf: bytes) -> Judgement:
    """Judge any bytes that somebody took for one of our certificates; never raises for what is in them.

    Takes about a second, most of which a new process needs to start. Raises KeysUnfitError without a ring.
    """
    if len(pdf) > LARGEST:
        return Judgement(Verdict.TOO_LARGE)
    found = _ask(pdf)
    stamp, stamped_at = _judge_stamp(found)
    return Judgement(
        found.verdict,
        found.key,
        found.changes,
        dt.datetime.fromisoformat(found.signed_at) if found.signed_at else None,
        stamp,
        stamped_at,
        _record_in(found.files),
    )


def our_keys() -> dict[str, str]:
    """Return the SHA-256 of every public key that ever sealed PDF files, with its id; eight digits alone can be forged."""
    return {hashlib.sha256(_spelled(chain)).hexdigest(): name for name, chain in keyring().pdf.public.items()}


def _ask(pdf: bytes) -> Finding:
    """Have the file read; a process that dies, hangs or babbles has met a file too complex for it."""
    command = [sys.executable, "-I", str(PROGRAM)]
    told = json.dumps(our_keys()).encode() + b"\n" + pdf
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=told, capture_output=True, timeout=SECONDS, check=False, env={"PATH": os.defpath}
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return Finding(Verdict.TOO_COMPLEX)
    changes = Changes(said["changes"]) if said["changes"] else None
    return Finding(**said | {"verdict": Verdict(said["verdict"]), "changes": changes})


def _judge_stamp(found: Finding) -> tuple[Stamp, dt.datetime | None]:
    if not found.stamp:
        return Stamp.MISSING, None
    try:
        stamp = timestamps.verify(base64.b64decode(found.stamp), base64.b64decode(found.signature))
    except (Malformed, Unreachable):
        return Stamp.UNTRUSTED, None
    return Stamp.TRUSTED, stamp.at


def _record_in(files: Mapping[str, str]) -> dict[str, str] | None:
    if not {RECORD_FILE, SIGNATURE_FILE} <= files.keys():
        return None
    record, signature = (base64.b64decode(files[name]) for name in (RECORD_FILE, SIGNATURE_FILE))
    try:
        return records.verify(SealedRecord.from_files(record, signature))
    except RecordInvalid:
        return None


def _spelled(chain: Chain) -> bytes:
    return chain[0].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
