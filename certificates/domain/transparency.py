"""Writing to the certificate log and answering for it: appending, roots, proofs.

What the log proves, and what it does not, is in docs/certificate-log.md; docs/verify_certificate_log.py checks it
without this code.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from certificates.domain import tree
from certificates.models import LogLeaf, LogNode
from certificates.models.transparency import HASH_BYTES
from portal.sealing import records

LOCK = "SELECT pg_advisory_xact_lock(hashtext('certificate log'))"
# Others wait while these run: with a row's worth of objects and parameters each they took four times as long.
LEAVES = """
INSERT INTO certificates_logleaf (index, record, nonce)
SELECT index, record, decode(nonce, 'hex') FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS told (index, record, nonce)
"""
NODES = """
INSERT INTO certificates_lognode (level, index, hash)
SELECT level, index, decode(hash, 'hex') FROM unnest(%s::smallint[], %s::bigint[], %s::text[]) AS told (level, index, hash)
"""


class LogBroken(Exception):  # noqa: N818 - says what the log is
    """The log is not what was signed before; nothing may be signed or proved until people know why."""


def append(events: Sequence[Mapping[str, str]]) -> int:
    """Log the records of ``events`` in their order and return the place of the first.

    Belongs at the end of the transaction of the step that it tells of: either both are there afterwards or neither.
    Writers wait for each other until they commit, so that no place stays empty. Records are flat and of texts alone.
    """
    take_turns()
    first = size()
    leaves = [LogLeaf(record=canonical(event), nonce=secrets.token_bytes(HASH_BYTES)) for event in events]
    hashes = [tree.leaf_hash(leaf.content) for leaf in leaves]
    kept = _kept(tree.complete((0, first)))
    new = tree.grown(first, hashes, kept.__getitem__)
    _store(first, leaves, new)
    return first


def take_turns() -> None:
    """Wait until no other transaction writes or signs, and keep others waiting until this one ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("The log is written in the transaction of the step that it tells of.")
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def canonical(record: Mapping[str, str]) -> str:
    """Return the one text by which ``record`` is logged and hashed: as records are sealed, so that hashes can be compared.

    Raises TypeError for anything but texts: numbers and times have more than one spelling.
    """
    return records.canonical(record).decode()


def size() -> int:
    """Return how many events are logged."""
    newest = LogLeaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def root(leaves: int) -> bytes:
    """Return the root over the first ``leaves``; raises ValueError where there are not so many."""
    return _roots([(0, leaves)])[0]


def inclusion_proof(index: int, leaves: int) -> list[bytes]:
    """Return the proof that leaf ``index`` is among the first ``leaves``; raises ValueError where it is not."""
    return _roots(tree.inclusion(index, leaves))


def consistency_proof(earlier: int, leaves: int) -> list[bytes]:
    """Return the proof that the tree of ``leaves`` goes on from that of ``earlier``; raises ValueError where none can."""
    return _roots(tree.consistency(earlier, leaves))


def leaf_hashes(start: int, end: int) -> list[bytes]:
    """Return the hashes of the leaves from ``start`` up to, but not including, ``end``, as far as there are any."""
    found = LogNode.objects.filter(level=0, index__gte=start, index__lt=end).order_by("index")
    return [bytes(kept) for kept in found.values_list("hash", flat=True)]


def place_of(leaf_hash: bytes) -> int | None:
    """Return the place of the leaf with this hash; None for one that was never logged."""
    return LogNode.objects.filter(level=0, hash=leaf_hash).values_list("index", flat=True).first()


def _store(first: int, leaves: Sequence[LogLeaf], nodes: Mapping[tree.Node, bytes]) -> None:
    places = list(range(first, first + len(leaves)))
    texts, nonces = [leaf.record for leaf in leaves], [leaf.nonce.hex() for leaf in leaves]
    levels, indexes = [level for level, _index in nodes], [index for _level, index in nodes]
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [places, texts, nonces])
        cursor.execute(NODES, [levels, indexes, [one.hex() for one in nodes.values()]])


def _roots(spans: Iterable[tree.Span]) -> list[bytes]:
    parts = [tree.complete(span) for span in spans]
    kept = _kept([node for nodes in parts for node in nodes])
    return [tree.folded([kept[node] for node in nodes]) for nodes in parts]


def _kept(nodes: Sequence[tree.Node]) -> dict[tree.Node, bytes]:
    rows = LogNode.objects.filter(pk__in=nodes).values_list("level", "index", "hash")
    found = {(level, index): bytes(kept) for level, index, kept in rows}
    if missing := set(nodes) - found.keys():
        raise ValueError(f"The log has no nodes {sorted(missing)}.")
    return found
