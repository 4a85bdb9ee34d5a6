"""The tree of hashes beside the standard's own vectors, a tree reckoned naively, and every forgery of a proof."""

import hashlib
import os
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain import tree
from tests.certificates.verifier import verifier

# The leaves and roots with which Certificate Transparency tests its trees (RFC 6962).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
MOST, ALL_PAIRS = 130, 70


class Tree:
    """A tree in memory, grown in the given portions."""

    def __init__(self, leaves: list[bytes], portion: int = 7) -> None:
        self.hashes = [tree.leaf_hash(leaf) for leaf in leaves]
        self.kept: dict[tree.Node, bytes] = {}
        for start in range(0, len(leaves), portion):
            self.kept |= tree.grown(start, self.hashes[start : start + portion], self.kept.__getitem__)

    def root_over(self, span: tree.Span) -> bytes:
        return tree.folded([self.kept[node] for node in tree.complete(span)])

    def root(self, size: int) -> bytes:
        return self.root_over((0, size))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return [self.root_over(span) for span in tree.inclusion(index, size)]

    def consistency(self, earlier: int, size: int) -> list[bytes]:
        return [self.root_over(span) for span in tree.consistency(earlier, size)]


GROWN = Tree([os.urandom(20) for _ in range(MOST)])


def naive(hashes: list[bytes]) -> bytes:
    """Reckon the root as RFC 9162 defines it, from the top down."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return tree.node_hash(naive(hashes[:half]), naive(hashes[half:]))


def altered(proof: list[bytes]) -> list[list[bytes]]:
    """Return the proof with each hash changed, one left out, one added, two in another order."""
    changed = [[*proof[:n], hashlib.sha256(one).digest(), *proof[n + 1 :]] for n, one in enumerate(proof)]
    swapped = [[*proof[:n], right, left, *proof[n + 2 :]] for n, (left, right) in enumerate(pairwise(proof))]
    return [*changed, *swapped, proof[1:], proof[:-1], [*proof, os.urandom(32)]] if proof else [[os.urandom(32)]]


def test_the_roots_of_the_standards_vectors() -> None:
    grown = Tree(LEAVES, portion=3)
    assert [grown.root(size).hex() for size in range(1, 9)] == ROOTS


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert Tree([]).root(0) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("portion", [1, 2, 8, 64, MOST])
def test_every_root_equals_a_naive_tree(portion: int) -> None:
    grown = Tree([n.to_bytes(2, "big") for n in range(MOST)], portion)
    for size in range(1, MOST + 1):
        assert grown.root(size) == naive(grown.hashes[:size])


def test_only_complete_nodes_are_kept() -> None:
    assert set(Tree(LEAVES[:7]).kept) == {(0, n) for n in range(7)} | {(1, 0), (1, 1), (1, 2), (2, 0)}


@pytest.mark.parametrize("of", [tree, verifier], ids=["portal", "verifier"])
def test_every_inclusion_is_proved_and_no_altered_proof_passes(of: object) -> None:
    for size in range(1, ALL_PAIRS + 1):
        root = GROWN.root(size)
        for index in range(size):
            leaf, proof = GROWN.hashes[index], GROWN.inclusion(index, size)
            assert of.includes(leaf, index, size, proof, root)
            assert not of.includes(GROWN.hashes[size], index, size, proof, root)
            assert not of.includes(leaf, index ^ 1, size, proof, root)
            assert not of.includes(leaf, index, size, proof, GROWN.root(size + 1))


@pytest.mark.parametrize("of", [tree, verifier], ids=["portal", "verifier"])
def test_every_consistency_is_proved_and_no_other_history_passes(of: object) -> None:
    for size in range(1, ALL_PAIRS + 1):
        root = GROWN.root(size)
        for earlier in range(1, size + 1):
            before, proof = GROWN.root(earlier), GROWN.consistency(earlier, size)
            assert of.goes_on(earlier, size, before, root, proof)
            assert not of.goes_on(earlier, size, os.urandom(32), root, proof)
            assert not of.goes_on(earlier, size, before, os.urandom(32), proof)
            assert earlier == size or not of.goes_on(earlier, size, before, root, [])


@given(st.data())
def test_altered_proofs_prove_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    index, earlier = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root, before = GROWN.root(size), GROWN.root(earlier)
    for of in (tree, verifier):
        for proof in altered(GROWN.inclusion(index, size)):
            assert not of.includes(GROWN.hashes[index], index, size, proof, root)
        for proof in altered(GROWN.consistency(earlier, size)):
            assert not of.goes_on(earlier, size, before, root, proof)


@given(st.data())
def test_a_changed_history_has_no_proof_of_going_on(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 40))
    earlier = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, earlier - 1))
    leaves = [n.to_bytes(2, "big") for n in range(size)]
    told, other = Tree(leaves), Tree([*leaves[:changed], b"another", *leaves[changed + 1 :]])
    proof = other.consistency(earlier, size)
    assert not tree.goes_on(earlier, size, told.root(earlier), other.root(size), proof)


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_complete_subtrees_cover_a_span_without_gap_or_overlap(low: int, length: int) -> None:
    reached = low
    for level, index in tree.complete((low, low + length)):
        assert index << level == reached
        reached += 1 << level
    assert reached == low + length


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_what_is_not_in_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion(index, size)
    assert not tree.includes(b"", index, size, [], GROWN.root(1))


@pytest.mark.parametrize(("earlier", "size"), [(0, 3), (4, 3)])
def test_an_empty_or_larger_tree_is_no_earlier_one(earlier: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not go on"):
        tree.consistency(earlier, size)
    assert not tree.goes_on(earlier, size, GROWN.root(1), GROWN.root(1), [])
