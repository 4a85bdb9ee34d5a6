"""A tree of hashes that only grows (RFC 9162, 2.1): which subtrees make up its root and each proof about it.

Arithmetic on positions, without storage. A node is named by its level and its index there: node (3, 2) is the root over
the leaves 16 to 23. Nodes whose leaves are all there never change again, so that only those are worth keeping.
"""

import hashlib
from collections.abc import Callable, Sequence

Node = tuple[int, int]
Span = tuple[int, int]  # leaves from the first up to, but not including, the second

NOTHING = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(size: int, hashes: Sequence[bytes], kept: Callable[[Node], bytes]) -> dict[Node, bytes]:
    """Return the nodes that are complete once leaves with these ``hashes`` follow the first ``size``.

    ``kept`` gives the hash of a node that was complete before.
    """
    new: dict[Node, bytes] = {}
    for index, leaf in enumerate(hashes, start=size):
        level, place, found = 0, index, leaf
        new[level, place] = found
        while place % 2:
            left = (level, place - 1)
            found = node_hash(new[left] if left in new else kept(left), found)
            level, place = level + 1, place // 2
            new[level, place] = found
    return new


def complete(span: Span) -> list[Node]:
    """Return the largest complete subtrees that make up ``span``, from left to right."""
    low, high = span
    nodes = []
    while low < high:
        level = (high - low).bit_length() - 1
        if low:
            level = min(level, (low & -low).bit_length() - 1)
        nodes.append((level, low >> level))
        low += 1 << level
    return nodes


def folded(hashes: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees, given from left to right; that of the empty tree for none."""
    if not hashes:
        return NOTHING
    *others, root = hashes
    for left in reversed(others):
        root = node_hash(left, root)
    return root


def inclusion(index: int, size: int) -> list[Span]:
    """Return the spans whose roots prove that leaf ``index`` is in the tree of ``size`` leaves (RFC 9162, 2.1.3.1).

    Raises ValueError for a leaf that is not in it.
    """
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    low, high, spans = 0, size, []
    while high - low > 1:
        middle = low + _half(high - low)
        if index < middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    return spans[::-1]


def consistency(earlier: int, size: int) -> list[Span]:
    """Return the spans whose roots prove that the tree of ``size`` leaves begins with the ``earlier`` ones (2.1.4.1).

    Raises ValueError for an earlier tree that is empty or larger.
    """
    if not 0 < earlier <= size:
        raise ValueError(f"A tree of {size} leaves does not go on from one of {earlier}.")
    low, high, spans, whole = 0, size, [], True
    while earlier != high:
        middle = low + _half(high - low)
        if earlier <= middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low, whole = middle, False
    if not whole:
        spans.append((low, high))
    return spans[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether ``proof`` leads from the hash of leaf ``index`` to the ``root`` of ``size`` leaves (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(one, found)
            place, last = _past_the_edge(place, last)
        else:
            found = node_hash(found, one)
        place, last = place // 2, last // 2
    return last == 0 and found == root


def goes_on(earlier: int, size: int, earlier_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether ``proof`` shows that the tree of ``size`` leaves begins with the ``earlier`` ones (2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    path = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not proof:
        return False
    place, last = earlier - 1, size - 1
    while place % 2:
        place, last = place // 2, last // 2
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            place, last = _past_the_edge(place, last)
        else:
            new = node_hash(new, one)
        place, last = place // 2, last // 2
    return last == 0 and old == earlier_root and new == root


def _past_the_edge(place: int, last: int) -> Node:
    """Climb to where a node at the right edge of the tree has a sibling on its left."""
    while place and not place % 2:
        place, last = place // 2, last // 2
    return place, last


def _half(leaves: int) -> int:
    """Return the largest power of two that is smaller than ``leaves``."""
    return 1 << ((leaves - 1).bit_length() - 1)
