"""`polku audit checkpoint` and `polku audit verify`, as an operator and as an auditor use them."""

import http.server
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.merkle import consistency_proof, verify_consistency
from infrastructure.checkpoints import claim_of, notes_in
from infrastructure.database import Database
from infrastructure.ledger_filling import cover_rows
from infrastructure.ledger_tree import StoredTree
from infrastructure.notes import read_checkpoint, read_note
from infrastructure.signing import read_verifier
from tests.databases import Fill
from tests.infrastructure.tampering import tampering
from tests.infrastructure.test_ledger_audit import fill, rewrite_ledger
from tests.interfaces.conftest import Polku


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are made are made for this test alone, also beside no file."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def thirty(url: str) -> None:
    """Fill a database with thirty entries."""
    fill(url, 30)


@pytest.fixture
def filled(polku_on: Callable[[Fill], Polku]) -> Polku:
    return polku_on(thirty)


def key_file(folder: Path, name: str, algorithm: str = "ed25519") -> Path:
    file = folder / name
    made = ["openssl", "genpkey", "-algorithm", algorithm, "-out", str(file)]
    subprocess.run(made, check=True, capture_output=True)
    file.chmod(0o600)
    return file


def kept(polku: Polku, file: Path) -> str:
    said = polku("audit", "checkpoint", "--out", str(file))
    assert said.code == 0
    return said.out


def test_a_checkpoint_whose_file_cannot_be_written_is_told_as_kept(polku, tmp_path):
    polku("db", "upgrade")
    said = polku("audit", "checkpoint", "--out", str(tmp_path / "none" / "here.txt"))
    assert (said.code, said.out) == (2, "")
    assert "--out: the checkpoint is signed and kept, but " in said.err
    assert polku("audit", "checkpoint", "--json").json["number"] == 2


def test_without_a_key_one_is_made_and_that_is_said(filled: Polku):
    first, second = filled("audit", "checkpoint", "--json"), filled("audit", "checkpoint", "--json")
    assert "POLKU_LEDGER_KEY is not set" in first.err
    assert "proves nothing to others" in first.err
    assert (first.json["size"], first.json["number"], second.json["number"]) == (30, 1, 2)
    assert first.json["keys"] == second.json["keys"]
    file = Path(first.json["local_key"])
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o644)
    refused = filled("audit", "checkpoint")
    assert refused.code == 2
    assert f"chmod 600 {file}" in refused.err


def test_a_checkpoint_says_the_tree_and_is_signed(
    filled: Polku, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("POLKU_LEDGER_KEY", str(key_file(tmp_path, "key.pem")))
    monkeypatch.setenv("POLKU_LEDGER_ORIGIN", "polku.example/log")
    said = filled("audit", "checkpoint", "--json")
    assert said.err == ""
    (vkey,) = said.json["keys"]
    claim = claim_of("it", said.json["note"], "polku.example/log", [read_verifier(vkey)])
    assert (claim.size, claim.root) == (30, root(database_url, 30))
    assert filled("audit", "checkpoint").out.startswith("polku.example/log\n30\n")


def root(url: str, size: int) -> bytes:
    database = Database(url)
    try:
        return StoredTree(database).root(size)
    finally:
        database.close()


def test_a_log_that_is_right_is_verified_against_checkpoints(
    filled: Polku, database_url: str, tmp_path: Path
):
    file = tmp_path / "kept.txt"
    kept(filled, file)
    fill(database_url, 12, "later")
    kept(filled, file)
    said = filled("audit", "verify", "--checkpoint", str(file), "--json")
    assert said.code == 0
    assert said.json["right"]
    assert said.json["entries"] == 42
    assert len(said.json["checkpoints"]) == 4  # two in the file, two that the database keeps
    told = filled("audit", "verify", "--jobs", "1")
    assert told.out == "All is right: 42 entries, 2 checkpoints fit\n"


def test_one_checkpoint_is_the_beginning_of_the_next(
    filled: Polku, database_url: str, tmp_path: Path
):
    file = tmp_path / "kept.txt"
    kept(filled, file)
    fill(database_url, 300, "later")
    kept(filled, file)
    old, new = (read_checkpoint(read_note(note).text) for note in notes_in(file.read_text()))
    database = Database(database_url)
    proof = consistency_proof(old.size, new.size, StoredTree(database).subtree)
    database.close()
    assert verify_consistency(old.size, new.size, old.root, new.root, proof)


def test_the_first_row_that_is_wrong_is_named(filled: Polku, database_url: str):
    with tampering(database_url) as tamper:
        tamper.run("UPDATE events SET actor = 'x' WHERE position IN (9, 21)")
    said = filled("audit", "verify")
    assert said.code == 1
    assert said.out.startswith("the row of position 9 is not what was recorded: it was altered\n")
    faults = filled("audit", "verify", "--json").json["faults"]
    assert [(one["position"], one["wrong"]) for one in faults] == [(9, "altered"), (21, "altered")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE ledger_checkpoints SET size = 29 WHERE issued = 2", "says 29 entries, and its"),
        ("DELETE FROM ledger_checkpoints WHERE issued = 1", "is none of number 1: it was taken"),
        ("UPDATE ledger_checkpoints SET issued = -7 WHERE issued = 1", "before checkpoint 2"),
        ("UPDATE ledger_checkpoints SET note = '' WHERE issued = 2", "cannot be believed"),
        ("UPDATE ledger_keys SET since = 29", "signs from 29 entries on, and its first"),
    ],
)
def test_what_was_changed_in_the_list_of_checkpoints_is_found(
    filled: Polku, database_url: str, tmp_path: Path, change: str, said: str
):
    for _ in range(2):
        kept(filled, tmp_path / "kept.txt")
    with tampering(database_url) as tamper:
        tamper.run(change)
    found = filled("audit", "verify")
    assert found.code == 1
    assert said in found.out


@pytest.mark.parametrize("value", ["x'00'", "CAST(x'ff' AS TEXT)", "''", "7"])
def test_what_sqlite_takes_for_a_text_of_the_checkpoints_is_found(
    filled: Polku, database_url: str, tmp_path: Path, value: str
):
    if not database_url.startswith("sqlite"):
        value = "'7'"
    kept(filled, tmp_path / "kept.txt")
    for table, column in (("ledger_checkpoints", "note"), ("ledger_keys", "key")):
        with tampering(database_url) as tamper:
            stored = tamper.one(f"SELECT {column} FROM {table}")
            tamper.run(f"UPDATE {table} SET {column} = {value}")
        found = filled("audit", "verify", "--json")
        assert (found.code, found.json["faults"][0]["wrong"]) == (1, "checkpoint"), (table, column)
        if column == "note":
            assert "none is signed" in filled("audit", "checkpoint").err
            with tampering(database_url) as tamper:
                tamper.run(f"UPDATE {table} SET {column} = ?", stored)
    assert filled("audit", "checkpoint").code == 0, "the key that signs is kept anew"


@pytest.mark.parametrize("checkpoints", [0, 1])
def test_what_is_no_tree_is_refused_a_checkpoint_in_words(
    filled: Polku, database_url: str, tmp_path: Path, checkpoints: int
):
    for number in range(checkpoints):
        kept(filled, tmp_path / f"{number}.txt")
    with tampering(database_url) as tamper:
        tamper.run("UPDATE ledger_tail SET frontier = ?", b"x")
    refused = filled("audit", "checkpoint")
    assert refused.code == 1
    assert "none is signed: `polku audit verify` says where it was changed" in refused.err
    assert filled("audit", "verify", "--json").json["faults"][0]["wrong"] == "head"


def test_a_rewritten_history_is_refused_a_checkpoint_and_found_by_an_old_one(
    filled: Polku, database_url: str, tmp_path: Path
):
    file = tmp_path / "kept.txt"
    (key,) = filled("audit", "checkpoint", "--out", str(file), "--json").json["keys"]
    with tampering(database_url) as tamper:
        tamper.run("UPDATE events SET actor = 'x' WHERE position = 9")
        rewrite_ledger(tamper)
        cover_rows(tamper._connection.cursor(), is_sqlite=database_url.startswith("sqlite"))
    refused = filled("audit", "checkpoint")
    assert refused.code == 1
    assert "does not go on from checkpoint 1 (of 30 entries): none is signed" in refused.err
    with tampering(database_url) as tamper:
        tamper.run("DELETE FROM ledger_checkpoints")
    assert "no checkpoint that it has signed" in filled("audit", "verify").out
    with tampering(database_url) as tamper:
        tamper.run("DELETE FROM ledger_keys")  # now only the auditor's own tells
    assert filled("audit", "verify").code == 0
    found = filled("audit", "verify", "--checkpoint", str(file), "--key", key, "--json")
    assert found.code == 1
    assert [one["wrong"] for one in found.json["faults"]] == ["checkpoint"]


def test_a_forked_history_shown_to_two_readers_is_found(
    filled: Polku, database_url: str, tmp_path: Path
):
    """One signature for each of two readers; neither log has both."""
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    kept(filled, one)
    with tampering(database_url) as tamper:
        tamper.run("UPDATE events SET actor = 'x' WHERE position = 9")
        rewrite_ledger(tamper)
        cover_rows(tamper._connection.cursor(), is_sqlite=database_url.startswith("sqlite"))
        tamper.run("DELETE FROM ledger_checkpoints")
    kept(filled, other)
    both = ("--checkpoint", str(one), "--checkpoint", str(other))
    found = filled("audit", "verify", *both, "--json")
    assert found.code == 1
    (fault,) = found.json["faults"]
    assert fault["wrong"] == "checkpoint"
    assert str(one) in fault["said"]
    assert "another history" in fault["said"]


def test_a_checkpoint_of_another_log_or_with_a_forged_line_is_not_believed(
    filled: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file, forged, other = (tmp_path / name for name in ("kept.txt", "forged.txt", "other.txt"))
    kept(filled, file)
    forged.write_text(file.read_text().replace("\n30\n", "\n29\n"))
    said = filled("audit", "verify", "--checkpoint", str(forged))
    assert said.code == 1
    assert f"the checkpoint of {forged} cannot be believed: the signature of" in said.out
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("POLKU_LEDGER_ORIGIN", "another.example/log")
        said = filled("audit", "verify", "--checkpoint", str(file))
        assert said.code == 1
        assert "it is of another log" in said.out
    elsewhere_key = key_file(tmp_path, "stranger.pem")
    with monkeypatch.context() as stranger:
        stranger.setenv("POLKU_LEDGER_KEY", str(elsewhere_key))
        stranger.setenv("POLKU_DATABASE_URL", f"sqlite:///{tmp_path / 'stranger.db'}")
        assert filled("db", "upgrade").code == 0
        kept(filled, other)
    said = filled("audit", "verify", "--checkpoint", str(other))
    assert said.code == 1
    assert "nobody who is known has signed" in said.out


def test_when_keys_are_changed_old_checkpoints_stay_verified(
    filled: Polku, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    old, new = key_file(tmp_path, "old.pem"), key_file(tmp_path, "new.pem")
    file = tmp_path / "kept.txt"
    monkeypatch.setenv("POLKU_LEDGER_KEY", str(old))
    kept(filled, file)
    both = f"{new.read_text()}{old.read_text()}"
    monkeypatch.setenv("POLKU_LEDGER_KEY", both)  # the text itself, for the days of the change
    signed_by_both = filled("audit", "checkpoint", "--out", str(file), "--json").json
    assert len(signed_by_both["keys"]) == 2
    monkeypatch.setenv("POLKU_LEDGER_KEY", str(new))
    fill(database_url, 6, "later")
    kept(filled, file)
    said = filled("audit", "verify", "--checkpoint", str(file), "--json")
    assert said.code == 0
    assert len(said.json["checkpoints"]) == 6
    only_old = signed_by_both["keys"][1]
    said = filled("audit", "verify", "--checkpoint", str(file), "--key", only_old, "--json")
    assert said.code == 1
    assert len(said.json["checkpoints"]) == 4  # not the two that the new key alone has signed


def test_a_witness_file_gets_every_checkpoint_and_is_one_to_verify_against(
    filled: Polku, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    witness = tmp_path / "witness.txt"
    monkeypatch.setenv("POLKU_LEDGER_WITNESS", str(witness))
    notes = [filled("audit", "checkpoint").out, filled("audit", "checkpoint").out]
    assert list(notes_in(witness.read_text())) == notes
    assert filled("audit", "verify", "--checkpoint", str(witness)).code == 0
    monkeypatch.setenv("POLKU_LEDGER_WITNESS", str(tmp_path / "none" / "witness.txt"))
    failed = filled("audit", "checkpoint")
    assert failed.code == 1
    assert "signed and kept, but the witness" in failed.err
    assert "No such file" in failed.err


@pytest.fixture
def witness() -> Iterator[tuple[str, list[str]]]:
    """A witness that takes the first checkpoint, and then has had enough."""
    got: list[str] = []

    class Taking(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200 if len(got) == 1 else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", got
        server.shutdown()
        thread.join()


def test_a_witness_at_an_address_gets_every_checkpoint(
    filled: Polku, witness: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
):
    address, got = witness
    monkeypatch.setenv("POLKU_LEDGER_WITNESS", address)
    said = filled("audit", "checkpoint", "--json")
    assert said.code == 0
    assert got == [said.json["note"]]
    failed = filled("audit", "checkpoint")
    assert failed.code == 1
    assert f"the witness {address} has not got it (Service Unavailable)" in failed.err


@pytest.mark.parametrize("address", ["http://127.0.0.1:port/", "http://", "http://[::1/"])
def test_an_address_that_is_none_is_told_as_a_witness_that_has_not_got_it(
    filled: Polku, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setenv("POLKU_LEDGER_WITNESS", address)
    failed = filled("audit", "checkpoint")
    assert failed.code == 1
    assert f"the witness {address} has not got it" in failed.err


def test_what_cannot_be_used_ends_with_2(filled: Polku, tmp_path: Path):
    names = ("nothing", "bytes", "words", "state", "endless", "deep")
    nothing, bytes_, words, state, endless, deep = (tmp_path / name for name in names)
    bytes_.write_bytes(b"\xff")
    words.write_text("a letter\n")
    state.write_text('{"position": 65536, "root": "00"}')
    endless.write_text('{"position": Infinity, "root": "00"}')
    deep.write_text("[" * 20_000)
    empty = tmp_path / "empty"
    empty.write_text("")
    for arguments, reason in (
        (("--checkpoint", str(nothing)), f"{nothing} cannot be read: No such file or directory\n"),
        (("--checkpoint", str(tmp_path)), f"{tmp_path} cannot be read: Is a directory\n"),
        (("--checkpoint", str(bytes_)), f"{bytes_} cannot be read: it is no text in UTF-8\n"),
        (("--checkpoint", str(words)), "the note has no signatures"),
        (("--checkpoint", str(empty)), "holds no checkpoint"),
        (("--key", "polku"), "is no verifier key"),
        (("--resume", str(state)), "delete it to begin anew"),
        *((("--resume", str(file)), "delete it to begin anew") for file in (words, endless, deep)),
    ):
        said = filled("audit", "verify", *arguments)
        assert said.code == 2, said
        assert reason in said.err


def test_an_audit_that_is_done_forgets_how_far_it_was(filled: Polku, tmp_path: Path):
    state = tmp_path / "state"
    assert filled("audit", "verify", "--resume", str(state), "--from", "20").code == 0
    assert not state.exists()


def test_an_append_to_a_log_changed_by_another_way_is_refused_in_a_sentence(
    filled: Polku, database_url: str
):
    with tampering(database_url) as tamper:
        tamper.delete(30)
    said = filled("programmes", "publish", "askel")
    assert said.code == 1
    assert "the ledger covers 30 entries, and the log ends at position 29" in said.err
    assert json.loads(filled("audit", "verify", "--json").out)["right"] is False
