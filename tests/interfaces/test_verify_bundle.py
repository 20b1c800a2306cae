"""The script that verifies a bundle without Polku: what it proves, and the forgeries it sees."""

import ast
import base64
import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.audit.bundle import COLUMNS
from domain.merkle import inclusion_proof, leaf_hash, root_of
from infrastructure.log_tables import ENTRY
from interfaces.cli import verify_bundle
from interfaces.cli.verify_bundle import Fault, NoBundle, main, read_keys, verify
from tests.conftest import UNHURRIED
from tests.interfaces.bundling import (
    ORIGIN,
    SCRIPT,
    PlainLedger,
    Signing,
    World,
    ed25519_key,
    files_of,
    leaf,
    opened,
    packed,
    quantum_key,
    with_entries,
    written,
)

KEY = ed25519_key().verifier.vkey()
KNOWN = read_keys(KEY)

Entries = list[dict[str, Any]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with opened() as world:
        yield world


@pytest.fixture(scope="module")
def good(world: World) -> bytes:
    return world.bundle().data


def fault(data: bytes, keys: str = KEY) -> str:
    """What is said against a bundle: by the key from outside, and by the one inside."""
    with pytest.raises(Fault) as found:
        verify(data, read_keys(keys))
    return str(found.value)


# What it is


def test_it_is_short_and_imports_nothing_but_the_standard_library_and_cryptography():
    assert len(SCRIPT.splitlines()) < 200
    imported = set()
    for node in ast.walk(ast.parse(SCRIPT)):
        if isinstance(node, ast.Import):
            imported |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= {*sys.stdlib_module_names, "cryptography"}


def test_the_columns_are_those_of_the_log():
    assert tuple(verify_bundle.COLUMNS) == COLUMNS == tuple(column.name for column in ENTRY)


# What it proves


def test_a_bundle_is_proven_by_the_key_from_outside_and_by_the_one_inside(
    world: World, good: bytes
):
    for keys in (KNOWN, None):
        said, entries = verify(good, keys)
        assert "all that 'journey:j-1' had" in said
        assert [entry["version"] for entry in entries] == list(range(1, len(entries) + 1))
    mine = [row for row in world.rows if row[1] == "journey:j-1"]
    assert [base64.b64decode(entry["body"]["base64"]) for entry in entries] == [
        row[-1] for row in mine
    ]


def test_a_journey_of_another_system_is_proven_with_what_its_source_claims(world: World):
    _, entries = verify(world.bundle("x-1").data, KNOWN)
    assert all(entry["source_recorded_at"] for entry in entries)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_the_last_entries_of_a_log_of_any_size_are_proven(world: World, size: int):
    first = next(n for n, row in enumerate(world.rows) if row[1] == "journey:j-1")
    some = PlainLedger(world.rows[: first + size])
    assert verify(world.bundle(ledger=some).data, KNOWN)[0].startswith(f"{size} entries")


def test_a_key_of_ml_dsa_proves_it_too(world: World):
    key = quantum_key()
    data = world.bundle(signing=Signing([key])).data
    assert verify(data, read_keys(key.verifier.vkey()))
    assert verify(data)
    assert "not signed by a key that is known" in fault(data)


def test_while_keys_change_the_old_and_the_new_one_prove_it(world: World):
    old, new = ed25519_key(), ed25519_key(seed=b"2" * 32)
    both = world.bundle(signing=Signing([new, old])).data
    for key in (old, new):
        assert verify(both, read_keys(key.verifier.vkey()))
    only_new = world.bundle(signing=Signing([new])).data
    assert "not signed by a key that is known" in fault(only_new, old.verifier.vkey())
    assert verify(only_new, read_keys(f"{old.verifier.vkey()} {new.verifier.vkey()}"))


# What a forger may try


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_entry_can_be_altered(good: bytes, column: str):
    def alter(entries: Entries) -> None:
        value = entries[4][column]
        if isinstance(value, int):
            entries[4][column] = value + 1
        elif isinstance(value, dict):
            body = base64.b64decode(value["base64"])
            entries[4][column] = {"base64": base64.b64encode(body + b" ").decode()}
        else:
            entries[4][column] = f"{value or ''}x"

    assert fault(with_entries(good, alter))


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_can_be_emptied_or_be_of_another_kind(good: bytes, column: str):
    for put in (None, "", 0, True, 1.0, [], {}, {"base64": "!"}, {"base64": "", "more": 1}):

        def alter(entries: Entries, put: Any = put) -> bool:
            same = type(entries[4][column]) is type(put) and entries[4][column] == put
            entries[4][column] = "other" if same else put
            return True

        assert fault(with_entries(good, alter))


ALTERATIONS: dict[str, Callable[[Entries], Any]] = {
    "an entry left out within": lambda entries: entries.pop(3),
    "the first left out": lambda entries: entries.pop(0),
    "the last left out": lambda entries: entries.pop(),
    "all left out": lambda entries: entries.clear(),
    "two exchanged": lambda entries: entries.insert(3, entries.pop(4)),
    "one twice": lambda entries: entries.append(entries[-1]),
    "one twice as the next": lambda entries: entries.append(
        {**entries[-1], "version": len(entries) + 1}
    ),
    "a column more": lambda entries: entries[2].update(remark="true"),
    "a column less": lambda entries: entries[2].pop("causation"),
    "no proof": lambda entries: entries[2].pop("proof"),
    "an empty proof": lambda entries: entries[2].update(proof=[]),
    "a proof of another entry": lambda entries: entries[2].update(proof=entries[3]["proof"]),
    "a proof cut": lambda entries: entries[2]["proof"].pop(),
    "a proof made longer": lambda entries: entries[2]["proof"].append(entries[2]["proof"][0]),
    "a proof turned round": lambda entries: entries[2]["proof"].reverse(),
    "a proof that is a text": lambda entries: entries[2].update(proof="yes"),
    "a proof of numbers": lambda entries: entries[2].update(proof=[1, 2]),
    "no entry at all": lambda entries: entries.__setitem__(2, "entry"),
    "a position that is not of the log": lambda entries: entries[2].update(position=10**9),
    "a position before the log": lambda entries: entries[2].update(position=-3),
    "half a letter": lambda entries: entries[2].update(actor="\ud800"),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_no_entry_can_be_left_out_exchanged_or_proven_by_another_proof(good: bytes, name: str):
    altered = with_entries(good, ALTERATIONS[name])
    assert fault(altered)
    with pytest.raises(Fault):
        verify(altered)


def test_an_entry_is_named_that_is_not_in_the_log(good: bytes):
    said = fault(with_entries(good, lambda entries: entries[4].update(actor="somebody")))
    assert said.startswith("entry 5 (position ")
    assert "is not in the log as it is here" in said


def test_what_is_proven_of_another_journey_cannot_be_put_in(world: World, good: bytes):
    other = json.loads(files_of(world.bundle("x-1").data)["entries.json"])
    assert "is another entry" in fault(with_entries(good, lambda entries: entries.extend(other)))
    assert fault(with_entries(good, lambda entries: entries.__setitem__(slice(0, 3), other)))


@pytest.mark.parametrize(
    "file", ["README.txt", "index.html", "keys.txt", "verify_bundle.py", "checkpoint.txt"]
)
def test_no_other_file_can_be_altered_either(good: bytes, file: str):
    files = files_of(good)
    files[file] += b"\n"
    assert fault(packed(files))


def test_the_last_entry_cannot_be_hidden_by_an_older_contents_note(world: World, good: bytes):
    mine = [n for n, row in enumerate(world.rows) if row[1] == "journey:j-1"]
    older = files_of(world.bundle(ledger=PlainLedger(world.rows[: mine[-1]])).data)
    newer = files_of(good)
    for mixed in (
        {**newer, "signed-contents.txt": older["signed-contents.txt"]},
        {**newer, **{x: older[x] for x in ("signed-contents.txt", "entries.json")}},
        {**older, "checkpoint.txt": newer["checkpoint.txt"]},
    ):
        assert fault(packed(mixed))


def test_a_checkpoint_of_another_size_or_root_is_refused(world: World, good: bytes):
    size, root = len(world.rows), root_of([leaf(row) for row in world.rows])
    signing = Signing([ed25519_key()])
    for text in (
        signing.sign(ORIGIN, size - 1, root),
        signing.sign(ORIGIN, size * 2, root),
        signing.sign(ORIGIN, size, root[::-1]),
        signing.sign(ORIGIN, 0, root),
        signing.sign(f"{ORIGIN}/bundle", size, root),
        signing.sign("other.example/log", size, root),
        files_of(good)["signed-contents.txt"].decode(),
    ):
        files = {**files_of(good), "checkpoint.txt": text.encode()}
        assert fault(packed(files))


def test_a_log_that_was_forged_as_a_whole_is_not_the_one_of_the_key(world: World):
    def forged(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*row[:9], "somebody", *row[10:])

    rows = [forged(row) for row in world.rows]
    mallory = ed25519_key(seed=b"m" * 32)
    data = world.bundle(ledger=PlainLedger(rows), signing=Signing([mallory])).data
    assert "not signed by a key that is known" in fault(data)
    assert verify(data)[1][0]["actor"] == "somebody"  # so the key must come from outside


def test_a_key_under_the_name_of_another_log_does_not_sign_for_this_one(world: World):
    other = ed25519_key("other.example/log")
    data = world.bundle(signing=Signing([other])).data
    assert "of another log" in fault(data, other.verifier.vkey())


def test_a_signature_taken_from_another_note_is_refused(good: bytes):
    files = files_of(good)
    line = files["signed-contents.txt"].splitlines(keepends=True)[-1]
    text = files["checkpoint.txt"].rpartition(b"\n\n")[0] + b"\n\n"
    assert "a signature is false" in fault(packed({**files, "checkpoint.txt": text + line}))
    both = files["checkpoint.txt"] + line
    assert "a signature is false" in fault(packed({**files, "checkpoint.txt": both}))


def test_a_node_of_the_tree_cannot_pass_for_an_entry(world: World):
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    tree = [left, right, leaf_hash(b"c"), leaf_hash(b"d")]
    proof = inclusion_proof(0, 4, lambda level, at: root_of(tree[at << level : (at + 1) << level]))
    written = [base64.b64encode(node).decode() for node in proof]
    assert verify_bundle.is_in(left, 0, 3, written, root_of(tree))
    assert not verify_bundle.is_in(root_of([left, right]), 0, 3, written[1:], root_of(tree))


# What is no bundle


def test_what_is_no_bundle_is_said_to_be_none(good: bytes):
    files = files_of(good)
    less = {name: data for name, data in files.items() if name != "keys.txt"}
    for data in (b"", b"PK", good[:-30], good[200:300], packed(less), packed({**files, "x": b""})):
        with pytest.raises(NoBundle):
            verify(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_makes_it_no_bundle(good: bytes):
    made = io.BytesIO(good)
    with zipfile.ZipFile(made, "a") as into:
        into.writestr("index.html", "another page")
    with pytest.raises(NoBundle):
        verify(made.getvalue())


def test_what_another_reader_would_find_in_the_zip_file_makes_it_no_bundle(good: bytes):
    """Some read a zip file from its beginning, some from its end, some believe one of two sizes."""
    other = packed({**files_of(good), "index.html": b"another page"})
    end = good.index(b"PK\1\2")
    for data in (
        other + good,
        good + other[:100],
        good[:-2] + len(other).to_bytes(2, "little") + other,  # as a comment of the archive
        good[:end] + other[: other.index(b"PK\1\2")] + good[end:],
        *(good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :] for at in range(len(good))[:60]),
        *(good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :] for at in range(end, len(good))),
    ):
        with pytest.raises(NoBundle):
            verify(data, KNOWN)


def test_a_file_that_unpacks_to_very_much_is_not_unpacked(
    good: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(verify_bundle, "MOST_BYTES", 1 << 20)
    bomb = packed({**files_of(good), "entries.json": b"[" + b" " * (8 << 20) + b"]"})
    assert len(bomb) < 1 << 18
    tracemalloc.start()
    with pytest.raises(NoBundle):
        verify_bundle.unpack(bomb)
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()
    with pytest.raises(NoBundle, match="no more"):
        verify(b"x" * ((1 << 20) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 300 + "]" * 300,
        "{}",
        "null",
        "{}x",
        "[\n\n]\n",
        "[\nNaN\n]\n",
        "[\n1e999\n]\n",
        "[\n" + "[" * 300 + "]" * 300 + "\n]\n",
        '[\n{"version": 1, "version": 1}\n]\n',
        "[NaN]",
        '[{"version": 1, "version": 1}]',
        f"[{'9' * 5000}]",
        "\ufeff[]",
        "[\n 1e999\n]",
    ],
)
def test_any_json_at_all_is_refused_in_words(good: bytes, text: str):
    assert fault(packed({**files_of(good), "entries.json": text.encode()}))


@pytest.mark.parametrize("vkey", ["", "a", "a+b+c", f"{KEY}x", KEY.replace("+", "-"), "+00000000+"])
def test_what_is_no_key_is_said_to_be_none(vkey: str):
    with pytest.raises(NoBundle, match="no key"):
        read_keys(vkey)


# At random


@settings(deadline=None)
@given(data=st.data())
def test_no_bytes_of_a_bundle_can_be_altered_so_that_it_says_something_else(
    data: st.DataObject, good: bytes
):
    altered = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(altered) - 1))
        altered[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    assert_refused_or_the_same(bytes(altered), good)


@settings(deadline=None)
@given(data=st.data())
def test_no_file_in_a_bundle_can_be_altered_so_that_it_says_something_else(
    data: st.DataObject, good: bytes
):
    files = files_of(good)
    name = data.draw(st.sampled_from(sorted(files)))
    altered = bytearray(files[name])
    at = data.draw(st.integers(0, len(altered)))
    altered[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    assert_refused_or_the_same(packed({**files, name: bytes(altered)}), good)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=UNHURRIED)
@given(data=st.data())
def test_no_value_in_the_entries_can_be_exchanged(data: st.DataObject, good: bytes):
    def alter(entries: Entries) -> None:
        entry = data.draw(st.sampled_from(entries))
        field = data.draw(st.sampled_from(sorted(entry)))
        entry[field] = data.draw(JSON)

    assert_refused_or_the_same(with_entries(good, alter), good)


@settings(deadline=None)
@given(text=st.binary(max_size=300) | st.lists(JSON, max_size=4).map(written))
def test_any_bytes_in_any_file_are_refused_in_words(text: bytes, good: bytes):
    files = files_of(good)
    for name in files:
        if text != files[name]:
            with pytest.raises(Fault):
                verify(packed({**files, name: text}))


@given(text=st.binary())
def test_any_bytes_at_all_are_no_bundle(text: bytes):
    with pytest.raises(NoBundle):
        verify(text)


def assert_refused_or_the_same(altered: bytes, good: bytes) -> None:
    """Where a bundle is still believed, it must hold the same, byte by byte.

    The zip file around it, and signatures of nobody who is known, say nothing.
    """
    try:
        _, entries = verify(altered, KNOWN)
    except Fault:
        return
    assert entries == verify(good, KNOWN)[1]
    mine, theirs = verify_bundle.unpack(altered), verify_bundle.unpack(good)
    note = mine.pop("signed-contents.txt"), theirs.pop("signed-contents.txt")
    assert mine == theirs
    assert note[0].rpartition(b"\n\n")[0] == note[1].rpartition(b"\n\n")[0]


# As a command


def test_as_a_command_it_says_what_is_proven_and_by_which_key(
    good: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "j-1.zip"
    file.write_bytes(good)
    assert main([str(file), "--key", KEY]) == 0
    assert "PROVEN: " in (out := capsys.readouterr().out)
    assert "by the key you gave" in out
    assert main([str(file), "--show"]) == 0
    *shown, said = capsys.readouterr().out.splitlines()
    assert "by the key INSIDE" in said
    assert [json.loads(line)["version"] for line in shown] == list(range(1, len(shown) + 1))


def test_as_a_command_it_ends_as_it_found(
    good: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    forged = tmp_path / "forged.zip"
    forged.write_bytes(with_entries(good, lambda entries: entries.pop()))
    assert main([str(forged)]) == 1
    assert main([str(forged), "--key", "nothing"]) == 2
    assert main([str(forged), "--key", ""]) == 2
    assert main([str(tmp_path / "missing.zip")]) == 2
    assert main([str(tmp_path)]) == 2
    other = tmp_path / "other"
    other.write_bytes(bytes(range(256)))
    assert main([str(other)]) == 2
    err = capsys.readouterr().err.splitlines()
    assert len(err) == 6
    assert all(line.startswith("NOT PROVEN: ") for line in err)


def test_the_script_in_the_bundle_verifies_it_where_there_is_no_polku(good: bytes, tmp_path: Path):
    for name, data in files_of(good).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "bundle.zip").write_bytes(good)
    ran = subprocess.run(
        [sys.executable, "-I", "verify_bundle.py", "bundle.zip", "--key", KEY],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("PROVEN: ")
