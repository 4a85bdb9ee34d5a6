"""Writing to the certificate log and answering for it: appending, roots, proofs, signed checkpoints.

The checkpoint is a signed note in the form that witnesses of such logs read (C2SP tlog-checkpoint); what it proves is in
docs/certificate-log.md, and docs/verify_certificate_log.py checks it without this code.
"""

import base64
import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection, transaction

from certificates.domain import tree
from certificates.models import LogCheckpoint, LogLeaf, LogNode
from certificates.models.transparency import HASH_BYTES

ED25519 = b"\x01"
LOCK = "SELECT pg_advisory_xact_lock(hashtext('certificate log'))"


def append(records: Sequence[Mapping[str, Any]], *, at: dt.datetime) -> int:
    """Log ``records`` in their order and return the place of the first.

    Belongs into the transaction of the step that it tells of: either both are there afterwards or neither. Writers wait
    for each other until they commit, so that no place stays empty. Records must be JSON values, without floats.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The log is written in the transaction of the step that it tells of.")
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    first = size()
    leaves = [
        LogLeaf(index=place, record=canonical(record), nonce=secrets.token_bytes(HASH_BYTES), logged_at=at)
        for place, record in enumerate(records, start=first)
    ]
    hashes = [tree.leaf_hash(leaf.content) for leaf in leaves]
    kept = _kept(tree.complete((0, first)))
    new = tree.grown(first, hashes, kept.__getitem__)
    LogLeaf.objects.bulk_create(leaves)
    LogNode.objects.bulk_create(
        [LogNode(level=level, index=index, hash=found) for (level, index), found in new.items()], batch_size=2000
    )
    return first


def canonical(record: Mapping[str, Any]) -> str:
    """Return the one text by which ``record`` is logged and hashed: JSON with sorted names and without spaces."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def size() -> int:
    """Return how many events are logged."""
    newest = LogLeaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def root(leaves: int) -> bytes:
    """Return the root over the first ``leaves``."""
    return _roots([(0, leaves)])[0]


def inclusion_proof(index: int, leaves: int) -> list[bytes]:
    """Return the proof that leaf ``index`` is among the first ``leaves``; raises ValueError where it is not."""
    return _roots(tree.inclusion(index, leaves))


def consistency_proof(earlier: int, leaves: int) -> list[bytes]:
    """Return the proof that the tree of ``leaves`` goes on from that of ``earlier``; raises ValueError where none can."""
    return _roots(tree.consistency(earlier, leaves))


def sign_checkpoint(key: Ed25519PrivateKey, origin: str) -> LogCheckpoint | None:
    """Sign the root over everything logged so far and keep it; None for an empty log.

    What is in the database always goes on from what was signed before, or it could not have been logged. A size that
    was signed is not signed again: two texts for one size would look like two histories.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
        leaves = size()
        if not leaves:
            return None
        found = LogCheckpoint.objects.filter(size=leaves).first()
        if found is not None:
            return found
        top = root(leaves)
        return LogCheckpoint.objects.create(size=leaves, root=top, note=signed_note(key, origin, leaves, top))


def signed_note(key: Ed25519PrivateKey, origin: str, leaves: int, top: bytes) -> str:
    """Return the checkpoint's text with the signature of ``key`` under it."""
    text = f"{origin}\n{leaves}\n{base64.b64encode(top).decode()}\n"
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    name = hashlib.sha256(origin.encode() + b"\n" + ED25519 + public).digest()[:4]
    signature = base64.b64encode(name + key.sign(text.encode())).decode()
    return f"{text}\n— {origin} {signature}\n"


def evidence_of(index: int, checkpoint: LogCheckpoint) -> dict[str, Any]:
    """Return what a holder needs to prove one event to anybody; raises ValueError for one logged after ``checkpoint``."""
    proof = inclusion_proof(index, checkpoint.size)
    leaf = LogLeaf.objects.get(pk=index)
    inclusion = {
        "index": index,
        "record": leaf.record,
        "nonce": bytes(leaf.nonce).hex(),
        "proof": [one.hex() for one in proof],
    }
    return {"checkpoint": checkpoint.note, "inclusion": inclusion}


def faults() -> list[int]:
    """Return the sizes of the checkpoints whose root the leaves, hashed again, no longer give; empty for a sound log.

    Reads the whole log. It finds what was changed behind the database's triggers, also where the nodes were made to fit.
    """
    signed = dict(LogCheckpoint.objects.values_list("size", "root"))
    edge: dict[tree.Node, bytes] = {}
    wrong = []
    for place, leaf in enumerate(LogLeaf.objects.order_by("index").iterator(chunk_size=2000)):
        edge.update(tree.grown(place, [tree.leaf_hash(leaf.content)], edge.__getitem__))
        spine = tree.complete((0, place + 1))
        edge = {node: edge[node] for node in spine}
        told = signed.pop(place + 1, None)
        if leaf.index != place or (told is not None and bytes(told) != tree.folded([edge[node] for node in spine])):
            wrong.append(place + 1)
    return wrong + sorted(signed)


def _roots(spans: Iterable[tree.Span]) -> list[bytes]:
    parts = [tree.complete(span) for span in spans]
    kept = _kept([node for nodes in parts for node in nodes])
    return [tree.folded([kept[node] for node in nodes]) for nodes in parts]


def _kept(nodes: Iterable[tree.Node]) -> dict[tree.Node, bytes]:
    found = LogNode.objects.filter(pk__in=list(nodes)).values_list("level", "index", "hash")
    return {(level, index): bytes(kept) for level, index, kept in found}
