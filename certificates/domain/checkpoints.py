"""Signing what the log has become, and handing that out: a signed head that stays in the house proves nothing.

A checkpoint is a signed note in the form that witnesses of such logs read (C2SP tlog-checkpoint, signed-note).
"""

import base64
import datetime as dt
import hashlib
import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from certificates.domain import transparency, tree
from certificates.domain.transparency import LogBroken
from certificates.models import LogCheckpoint

ED25519 = b"\x01"


def newest() -> LogCheckpoint | None:
    """Return the newest checkpoint; None before the first."""
    return LogCheckpoint.objects.order_by("-size").first()


def unsigned() -> int:
    """Return how many events wait for a signature; negative where more was signed than there is."""
    last = newest()
    return transparency.size() - (last.size if last else 0)


def sign_checkpoint(key: Ed25519PrivateKey, origin: str, *, at: dt.datetime) -> LogCheckpoint | None:
    """Sign the root over everything logged so far, keep it and tell the witness; None for an empty log.

    A size that was signed is not signed again. Raises LogBroken, and signs nothing, where the log does not go on under
    its name from the checkpoint before and from what the witness was told: a database put back from an old copy would
    make the city sign a second history. Commits by itself: a signature that was given cannot be rolled back.
    """
    with transaction.atomic(durable=True):
        transparency.take_turns()
        before, leaves = newest(), transparency.size()
        _must_hold_what_was_told()
        if leaves != (before.size if before else 0):
            top = transparency.root(leaves)
            _must_go_on(before, origin, leaves, top)
            note = signed_note(key, origin, leaves, top)
            LogCheckpoint.objects.create(size=leaves, root=top, note=note, signed_at=at)
    tell_witness()
    return newest()


def signed_note(key: Ed25519PrivateKey, origin: str, leaves: int, top: bytes) -> str:
    """Return the checkpoint's text with the signature of ``key`` under it."""
    text = f"{origin}\n{leaves}\n{base64.b64encode(top).decode()}\n"
    signature = key_id(origin, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n— {origin} {base64.b64encode(signature).decode()}\n"


def key_id(origin: str, public: bytes) -> bytes:
    """Return the four bytes by which a signature names its key."""
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(origin: str, public: bytes) -> str:
    """Return the log's name and public key as one line, as verifiers of signed notes take it."""
    return f"{origin}+{key_id(origin, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def tell_witness() -> None:
    """Append every checkpoint that the witness was not told yet to its file, which belongs on another machine."""
    if not settings.CERTIFICATE_LOG_WITNESS:
        return
    path = Path(settings.CERTIFICATE_LOG_WITNESS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        transparency.take_turns()
        last = _last_told()
        untold = LogCheckpoint.objects.filter(size__gt=last[0] if last else 0).order_by("size")
        lines = "".join(json.dumps({"size": one.size, "note": one.note}) + "\n" for one in untold)
        with path.open("ab", buffering=0) as witness:  # in one piece: a torn line would stop all signing
            witness.write(lines.encode())


def told_to_witness() -> Iterator[tuple[int, str]]:
    """Yield size and text of each checkpoint that the witness was told of, oldest first; raises LogBroken at a torn line."""
    if settings.CERTIFICATE_LOG_WITNESS and Path(settings.CERTIFICATE_LOG_WITNESS).exists():
        with Path(settings.CERTIFICATE_LOG_WITNESS).open(encoding="utf-8") as witness:
            for line in witness:
                try:
                    told = json.loads(line)
                    size, note = told["size"], told["note"]
                except (ValueError, TypeError, KeyError) as failure:
                    raise LogBroken(f"A line of {settings.CERTIFICATE_LOG_WITNESS} cannot be read.") from failure
                yield size, note


def _last_told() -> tuple[int, str] | None:
    last = deque(told_to_witness(), maxlen=1)
    return last[0] if last else None


def _must_hold_what_was_told() -> None:
    last = _last_told()
    if last and not LogCheckpoint.objects.filter(size=last[0], note=last[1]).exists():
        raise LogBroken(
            f"The witness holds another checkpoint of {last[0]} leaves than the log, or the log holds none."
        )


def _must_go_on(before: LogCheckpoint | None, origin: str, leaves: int, top: bytes) -> None:
    if before is None:
        return
    if not before.note.startswith(f"{origin}\n"):
        raise LogBroken(f"The log was signed under another name than {origin!r}.")
    if leaves < before.size:
        raise LogBroken(f"{before.size} leaves were signed, and {leaves} are left.")
    proof = transparency.consistency_proof(before.size, leaves)
    if not tree.goes_on(before.size, leaves, bytes(before.root), top, proof):
        raise LogBroken(f"The log of {leaves} leaves does not go on from the {before.size} that were signed.")
