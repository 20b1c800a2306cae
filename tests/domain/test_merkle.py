"""The Merkle tree: the published vectors of RFC 6962, all small sizes, and forgeries."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.merkle import (
    EMPTY,
    Frontier,
    complete_root,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTOR = [
    leaf_hash(bytes.fromhex(data))
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The leaves of the test vectors of Certificate Transparency."""

ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

MOST = 130
LEAVES = [leaf_hash(b"%d" % number) for number in range(MOST)]
TREES = [root_of(LEAVES[:size]) for size in range(MOST + 1)]


def subtrees(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    """Answer as a store of complete subtrees, and refuse what it could not have."""

    def subtree(level: int, index: int) -> bytes:
        start, end = index << level, (index + 1) << level
        assert end <= len(leaves), "asked for a subtree that is not complete"
        return plain_root(leaves[start:end])

    return subtree


def plain_root(leaves: list[bytes]) -> bytes:
    """The root as the definition in RFC 6962 has it, word for word."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


def hexes(proof: tuple[bytes, ...]) -> list[str]:
    return [node.hex() for node in proof]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_published_vectors(size: int):
    assert root_of(VECTOR[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_inclusion_proofs_are_those_of_the_published_vectors(
    index: int, size: int, proof: list[str]
):
    made = inclusion_proof(index, size, subtrees(VECTOR[:size]))
    assert hexes(made) == proof
    assert verify_inclusion(VECTOR[index], index, size, made, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (
            1,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_consistency_proofs_are_those_of_the_published_vectors(
    old: int, new: int, proof: list[str]
):
    made = consistency_proof(old, new, subtrees(VECTOR[:new]))
    assert hexes(made) == proof
    assert verify_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), made)


def test_the_edge_tells_the_root_of_the_definition_at_every_size():
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES):
        assert frontier.size == size
        assert frontier.root() == plain_root(LEAVES[:size])
        frontier = frontier.extended([leaf])


def test_the_root_of_a_complete_subtree_is_that_of_the_definition():
    for size in range(MOST + 1):
        if size.bit_count() == 1:
            assert complete_root(LEAVES[:size]) == plain_root(LEAVES[:size])
        else:
            with pytest.raises(ValueError, match="no subtree"):
                complete_root(LEAVES[:size])


@given(st.lists(st.integers(0, MOST), min_size=1, max_size=8))
def test_leaves_added_in_any_parts_make_one_tree(cuts: list[int]):
    frontier = Frontier()
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), MOST], strict=True):
        frontier = frontier.extended(LEAVES[start:end])
    assert frontier == Frontier().extended(LEAVES)


@pytest.mark.parametrize(("size", "hashes"), [(-1, ()), (0, (EMPTY,)), (3, (EMPTY,)), (1, ())])
def test_an_edge_has_a_hash_for_each_subtree(size: int, hashes: tuple[bytes, ...]):
    with pytest.raises(ValueError, match="cannot have"):
        Frontier(size, hashes)


def test_every_leaf_of_every_small_tree_is_proven_at_its_place_alone():
    for size in range(1, MOST + 1, 3):
        subtree = subtrees(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, subtree)
            assert verify_inclusion(LEAVES[index], index, size, proof, TREES[size])
            other = (index + 1) % size
            if other != index:
                assert not verify_inclusion(LEAVES[other], index, size, proof, TREES[size])
                assert not verify_inclusion(LEAVES[index], other, size, proof, TREES[size])


def test_every_small_tree_is_proven_to_begin_every_larger_one():
    for new in range(0, MOST + 1, 5):
        subtree = subtrees(LEAVES[:new])
        for old in range(new + 1):
            proof = consistency_proof(old, new, subtree)
            assert verify_consistency(old, new, TREES[old], TREES[new], proof)
            if 0 < old < new:
                assert not verify_consistency(old, new, TREES[old - 1], TREES[new], proof)
                assert not verify_consistency(old, new, TREES[old], TREES[new - 1], proof)
                assert not verify_consistency(old, new, TREES[old], TREES[old], proof)


def test_a_tree_begins_itself_alone_among_those_of_its_size():
    assert verify_consistency(0, 0, EMPTY, EMPTY, ())
    assert not verify_consistency(0, 0, EMPTY, TREES[1], ())
    assert not verify_consistency(0, 5, TREES[1], TREES[5], ())
    assert not verify_consistency(5, 5, TREES[5], TREES[6], ())
    assert not verify_consistency(5, 5, TREES[5], TREES[5], (EMPTY,))
    assert not verify_consistency(6, 5, TREES[6], TREES[5], ())
    assert not verify_consistency(4, 6, TREES[4], TREES[6], ())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int, size: int):
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_proof(index, size, subtrees(LEAVES))


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_no_proof_is_made_that_a_larger_tree_begins_a_smaller(old: int, new: int):
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(old, new, subtrees(LEAVES))


HASH = st.one_of(st.sampled_from([EMPTY, *LEAVES[:6], *TREES[:6]]), st.binary(max_size=33))


def spoiled(draw: st.DrawFn, proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Leave out, repeat, exchange or alter a node of a proof."""
    nodes = list(proof)
    at = draw(st.integers(0, len(nodes)))
    match draw(st.sampled_from(["drop", "add", "swap", "alter"])):
        case "drop" if at < len(nodes):
            del nodes[at]
        case "swap" if at + 1 < len(nodes):
            nodes[at], nodes[at + 1] = nodes[at + 1], nodes[at]
        case "alter" if at < len(nodes):
            nodes[at] = draw(HASH)
        case _:
            nodes.insert(at, draw(HASH))
    return tuple(nodes)


@given(st.data())
def test_no_spoiled_inclusion_proof_is_believed(data: st.DataObject):
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, subtrees(LEAVES[:size]))
    forged = data.draw(st.composite(spoiled)(proof))
    believed = verify_inclusion(LEAVES[index], index, size, forged, TREES[size])
    assert believed == (forged == proof)


@given(st.data())
def test_no_spoiled_consistency_proof_is_believed(data: st.DataObject):
    new = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(old, new, subtrees(LEAVES[:new]))
    forged = data.draw(st.composite(spoiled)(proof))
    believed = verify_consistency(old, new, TREES[old], TREES[new], forged)
    assert believed == (forged == proof)


@given(st.data())
def test_a_proof_holds_for_no_other_place_or_root(data: st.DataObject):
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, subtrees(LEAVES[:size]))
    claimed = data.draw(st.integers(-3, 2 * MOST))
    assert verify_inclusion(LEAVES[index], claimed, size, proof, TREES[size]) == (claimed == index)
    root = data.draw(st.sampled_from(TREES))
    assert verify_inclusion(LEAVES[index], index, size, proof, root) == (root == TREES[size])


def test_a_node_is_no_leaf():
    proof = inclusion_proof(0, 4, subtrees(LEAVES[:4]))
    pair = node_hash(LEAVES[0], LEAVES[1])
    assert not verify_inclusion(pair, 0, 4, proof[1:], TREES[4])


INTEGER = st.integers(-(2**70), 2**70) | st.integers(-2, 9)


@given(HASH, INTEGER, INTEGER, st.lists(HASH, max_size=5), HASH)
def test_any_values_at_all_are_judged_without_an_error(
    leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes
):
    believed = verify_inclusion(leaf, index, size, proof, root)
    assert not believed or (index in range(size) and len(leaf) == len(root) == len(EMPTY))
    believed = verify_consistency(index, size, leaf, root, proof)
    assert not believed or 0 <= index <= size
