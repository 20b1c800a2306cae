"""The Merkle tree of RFC 6962 and RFC 9162 over SHA-256: roots, and proofs that anybody can check.

A tree of so many leaves has one root. An *inclusion proof* shows that a leaf stands at an index of
the tree with a given root; a *consistency proof* shows that the tree of an older root is the
beginning of the tree of a newer one. A *subtree* is complete: it has 2**level leaves. All hashes
have 32 bytes; indexes count from 0. The formulas are those of RFC 9162, section 2.1.

What is kept of the log grows by `Frontier`, and a bundle carries inclusion proofs; `audit verify`
recomputes every root from the rows, which shows more than a consistency proof does. Verifying is
the reader's part (`verify_bundle.py` is the script for it): here it says what a proof must stand
up to.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

HASH_SIZE: Final = 32
"""Bytes of a hash."""

EMPTY: Final = sha256(b"").digest()
"""The root of the tree that has no leaf."""

Subtree: TypeAlias = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree: its level (a leaf's is 0), and its index at that level."""


_BEGUN = sha256(b"\x01")
"""The hash of a node, before what it is over: to copy it takes less time than to begin anew."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of the leaf that holds these bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two others."""
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a complete subtree: over 2**n hashes that stand side by side.

    It is that of `Frontier`, and faster. Raises ValueError for another count.
    """
    if hashes and len(hashes) & (len(hashes) - 1) == 0:
        level = list(hashes)
        while len(level) > 1:
            above = []
            for left, right in zip(level[::2], level[1::2], strict=True):
                node = _BEGUN.copy()
                node.update(left)
                node.update(right)
                above.append(node.digest())
            level = above
        return level[0]
    raise ValueError(f"no subtree of a tree is complete with {len(hashes)} leaves")


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to add leaves, and to tell the root.

    `hashes` are the roots of the complete subtrees that the tree falls into, the largest first: one
    for each bit that is set in `size`, the number of leaves. Raises ValueError for another number.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(
                f"the edge of a tree of {self.size} leaves cannot have {len(self.hashes)} hashes"
            )

    def extended(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Return the edge after these leaves were added, in their order."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaf_hashes:
            node, full = leaf, size
            while full & 1:
                node = sha256(b"\x01" + hashes.pop() + node).digest()
                full >>= 1
            hashes.append(node)
            size += 1
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        return _joined(self.hashes) if self.hashes else EMPTY


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of the tree of these leaves."""
    return Frontier().extended(leaf_hashes).root()


def inclusion_proof(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Return the proof that the leaf at `index` is in the tree of the first `size` leaves.

    Raises ValueError where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_hash(start, middle, subtree))
            start = middle
    return tuple(reversed(proof))


def consistency_proof(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Return the proof that the tree of `old` leaves is the beginning of the tree of `new`.

    It is empty where there is nothing to prove: for the same size, and for the empty tree. Raises
    ValueError where the old tree is larger than the new one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with a tree of {old}")
    if old in {0, new}:
        return ()
    proof: list[bytes] = []
    start, end = 0, new
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range_hash(middle, end, subtree))
            end = middle
        else:
            proof.append(_range_hash(start, middle, subtree))
            start = middle
    if start:  # otherwise the old tree is one subtree, whose root the reader has
        proof.append(_range_hash(start, end, subtree))
    return tuple(reversed(proof))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether the proof shows the leaf (its hash) at `index` of the tree of `size` with a root.

    A root alone does not say of how many leaves it is: both must come from one checkpoint that the
    reader trusts. Never raises: what is no proof proves nothing.
    """
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    at, last, node = index, size - 1, leaf
    for other in proof:
        if not last:
            return False
        if at & 1 or at == last:
            node = node_hash(other, node)
            at, last = _up_to_odd(at, last)
        else:
            node = node_hash(node, other)
        at, last = at >> 1, last >> 1
    return not last and node == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether the proof shows the tree of `old` leaves to be the beginning of that of `new`.

    The empty tree begins every other, and needs no proof. Never raises.
    """
    if not 0 <= old <= new or not _hashes(old_root, new_root, *proof):
        return False
    if old in {0, new}:
        is_empty = old_root == EMPTY if old == 0 else True
        return not proof and is_empty and (old != new or old_root == new_root)
    nodes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(nodes) and _leads_to_both(old, new, old_root, new_root, nodes)


def _leads_to_both(
    old: int, new: int, old_root: bytes, new_root: bytes, nodes: Sequence[bytes]
) -> bool:
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    of_old = of_new = nodes[0]
    for other in nodes[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            of_old, of_new = node_hash(other, of_old), node_hash(other, of_new)
            at, last = _up_to_odd(at, last)
        else:
            of_new = node_hash(of_new, other)
        at, last = at >> 1, last >> 1
    return not last and of_old == old_root and of_new == new_root


def _up_to_odd(at: int, last: int) -> tuple[int, int]:
    """Climb past the levels at which a node on the right edge has nothing beside it."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)


def _split(size: int) -> int:
    """Return the largest power of two that is smaller than a size of 2 or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_hash(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash over the leaves from `start` until `end`: a node of the tree."""
    parts: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append(subtree(level, start >> level))
        start += 1 << level
    return _joined(parts)


def _joined(parts: Sequence[bytes]) -> bytes:
    """Return the hash over subtrees that stand side by side, each smaller than the one before."""
    node = parts[-1]
    for left in reversed(parts[:-1]):
        node = node_hash(left, node)
    return node
