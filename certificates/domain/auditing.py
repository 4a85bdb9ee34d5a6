"""Going over the whole log: what was changed behind the database's triggers, also where it was made to fit."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.domain import checkpoints, tree
from certificates.domain.transparency import LogBroken
from certificates.models import LogCheckpoint, LogLeaf, LogNode

AT_ONCE = 2000


@dataclass(frozen=True)
class Fault:
    """A place where the log is not what was once logged or signed: a leaf's index, or how many leaves were signed."""

    place: int
    why: str


def faults(public_keys: Sequence[bytes] = ()) -> list[Fault]:
    """Return what does not hold; empty for a sound log. Checks signatures too where ``public_keys`` are given.

    Hashes every record again, in this process and not in the database, and holds the stored nodes, the signed roots
    and what the witness was told against that. The log may grow meanwhile: what rests on something is read before it.
    Keeps all hashes in memory: 130 MB for a million leaves.
    """
    found = list(_told_otherwise())
    signed = list(LogCheckpoint.objects.order_by("size"))
    nodes = LogNode.objects.count()
    records, gaps = _hashed_records()
    found += gaps
    levels = [records]
    while levels[-1]:
        stored, wrong = _compared(len(levels) - 1, levels[-1])
        found += wrong
        levels[-1] = stored
        levels.append([tree.node_hash(left, right) for left, right in zip(stored[::2], stored[1::2], strict=False)])
    if nodes > sum(len(records) >> level for level in range(len(records).bit_length())):
        found.append(Fault(len(records), "there are nodes without records"))
    return found + list(_signed_otherwise(signed, levels, public_keys))


def _hashed_records() -> tuple[list[bytes], list[Fault]]:
    """Return the hash of each record, and where records are missing before the last."""
    hashes, last = [], -1
    for leaf in LogLeaf.objects.order_by("index").iterator(chunk_size=AT_ONCE):
        hashes.append(tree.leaf_hash(leaf.content))
        last = leaf.index
    return hashes, [] if last + 1 == len(hashes) else [Fault(len(hashes), "records are missing")]


def _compared(level: int, reckoned: list[bytes]) -> tuple[list[bytes], list[Fault]]:
    """Return what is stored of a level, so that one wrong node shows once and not in all above it, and what differs."""
    rows = LogNode.objects.filter(level=level, index__lt=len(reckoned)).values_list("index", "hash")
    stored = {index: bytes(kept) for index, kept in rows.iterator(chunk_size=AT_ONCE)}
    what = "the record is not what was logged" if level == 0 else f"the node of level {level} does not fit those below"
    wrong = [Fault(index << level, what) for index, one in enumerate(reckoned) if stored.get(index) != one]
    return [stored.get(index, one) for index, one in enumerate(reckoned)], wrong


def _signed_otherwise(
    signed: Sequence[LogCheckpoint], levels: list[list[bytes]], public_keys: Sequence[bytes]
) -> Iterator[Fault]:
    leaves = len(levels[0])
    for one in signed:
        if one.size > leaves:
            yield Fault(one.size, "more was signed than there is")
        elif tree.folded([levels[level][index] for level, index in tree.complete((0, one.size))]) != bytes(one.root):
            yield Fault(one.size, "the records no longer give the signed root")
        if not _says(one):
            yield Fault(one.size, "the signed text says something else")
        elif public_keys and not any(_is_signed(one, public) for public in public_keys):
            yield Fault(one.size, "the signature is not by the log's key")


def _says(checkpoint: LogCheckpoint) -> bool:
    top = base64.b64encode(bytes(checkpoint.root)).decode()
    return checkpoint.note.split("\n")[1:4] == [str(checkpoint.size), top, ""]


def _is_signed(checkpoint: LogCheckpoint, public: bytes) -> bool:
    text, _blank, line = checkpoint.note.partition("\n\n")
    try:
        signature = base64.b64decode(line.split(" ")[2])
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], f"{text}\n".encode())
    except (InvalidSignature, IndexError, ValueError):
        return False
    return True


def _told_otherwise() -> Iterator[Fault]:
    size, told = 0, []
    try:
        for size, note in checkpoints.told_to_witness():
            told.append((size, note))
    except LogBroken as torn:
        yield Fault(size, str(torn))
    signed = dict(LogCheckpoint.objects.values_list("size", "note"))
    for size, note in told:
        if signed.get(size) != note:
            yield Fault(size, "the witness was told something else")
