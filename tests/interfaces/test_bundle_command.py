"""`polku audit bundle`: on both databases, by the real ledger, and what it refuses."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from sqlalchemy import create_engine, text

from application.audit.bundle_page import page
from infrastructure.database import database_url as url_of
from interfaces.cli.verify_bundle import main, read_keys, verify
from tests.interfaces.bundling import files_of
from tests.interfaces.conftest import Polku

ORIGIN = "polku.example/log"


def pem(key: Any) -> str:
    made: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.decode()


@pytest.fixture
def keyed(told: Polku, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Polku:
    """Commands on a log with the journeys j-1 and x-1, and a key in a file."""
    file = tmp_path / "log-key.pem"
    file.write_text(pem(ed25519.Ed25519PrivateKey.generate()))
    monkeypatch.setenv("POLKU_LEDGER_KEY", str(file))
    monkeypatch.setenv("POLKU_LEDGER_ORIGIN", ORIGIN)
    return told


def test_a_bundle_of_the_real_ledger_is_proven(keyed: Polku, tmp_path: Path):
    out = tmp_path / "j-1.zip"
    said = keyed("audit", "bundle", "j-1", "--out", str(out), "--json")
    assert said.code == 0, said.err
    (key,) = said.json["keys"]
    assert main([str(out), "--key", key]) == 0
    told, entries = verify(out.read_bytes(), read_keys(key))
    assert len(entries) == said.json["entries"]
    assert f"in the {said.json['size']} of '{ORIGIN}'" in told


def test_keys_may_come_from_the_environment_and_both_sign(
    keyed: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    new, old = mldsa.MLDSA44PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
    monkeypatch.setenv("POLKU_LEDGER_KEY", (pem(new) + pem(old)).replace("\n", "\\n"))
    said = keyed("audit", "bundle", "x-1", "--out", str(tmp_path / "x-1.zip"), "--json")
    assert len(said.json["keys"]) == 2
    for key in said.json["keys"]:
        assert main([str(tmp_path / "x-1.zip"), "--key", key]) == 0


def test_nobody_else_on_the_machine_can_read_it(keyed: Polku, tmp_path: Path):
    out = tmp_path / "j-1.zip"
    assert keyed("audit", "bundle", "j-1", "--out", str(out)).code == 0
    assert f"{out.stat().st_mode:o}" == "100600"


def test_its_checkpoint_is_kept_with_those_that_were_given_out(keyed: Polku, tmp_path: Path):
    keyed("audit", "bundle", "x-1", "--out", str(tmp_path / "x-1.zip"))
    note = files_of((tmp_path / "x-1.zip").read_bytes())["checkpoint.txt"]
    (tmp_path / "checkpoint.txt").write_bytes(note)
    audited = keyed("audit", "verify", "--checkpoint", str(tmp_path / "checkpoint.txt"))
    assert audited.code == 0, audited.err + audited.out
    given_out = keyed("audit", "checkpoint", "--json")
    assert given_out.json["number"] == 2


def test_for_a_person_it_says_the_key_to_tell(keyed: Polku, tmp_path: Path):
    said = keyed("audit", "bundle", "x-1", "--out", str(tmp_path / "x-1.zip"))
    assert "3 entries of journey x-1, proven in the log polku.example/log" in said.out
    assert f"  {ORIGIN}+" in said.out


def test_a_row_that_was_changed_gets_no_bundle(keyed: Polku, tmp_path: Path, database_url: str):
    engine = create_engine(url_of(database_url))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in connection.execute(text(triggers)).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        change = "UPDATE events SET actor = 'maija' WHERE stream = 'journey:j-1' AND version = 3"
        connection.execute(text(change))
    engine.dispose()
    said = keyed("audit", "bundle", "j-1", "--out", str(tmp_path / "j-1.zip"))
    assert said.code == 1
    assert "no bundle was made: entry 3 (position " in said.err
    assert not (tmp_path / "j-1.zip").exists()


def test_a_ledger_with_a_hole_gets_no_bundle(keyed: Polku, tmp_path: Path, database_url: str):
    engine = create_engine(url_of(database_url))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger_tail"))
    engine.dispose()
    said = keyed("audit", "bundle", "j-1", "--out", str(tmp_path / "j-1.zip"))
    assert said.code == 1
    assert "the ledger does not have what it must have" in said.err


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("/nowhere/key.pem", "cannot be read"),
        ("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----", "cannot be read"),
    ],
)
def test_a_key_that_cannot_be_read_is_said(
    keyed: Polku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, said: str
):
    monkeypatch.setenv("POLKU_LEDGER_KEY", key)
    answered = keyed("audit", "bundle", "j-1", "--out", str(tmp_path / "j-1.zip"))
    assert answered.code == 2
    assert said in answered.err


def test_what_cannot_be_written_or_is_not_there_is_said(keyed: Polku, tmp_path: Path):
    there = tmp_path / "there.zip"
    there.write_bytes(b"")
    for journey, out, said in (
        ("j-1", there, "is there already"),
        ("j-1", tmp_path / "no" / "folder.zip", "cannot be written"),
        ("nobody", tmp_path / "new.zip", "nobody"),
    ):
        answered = keyed("audit", "bundle", journey, "--out", str(out))
        assert answered.code == 2
        assert said in answered.err


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_no_half_of_a_bundle(keyed: Polku, tmp_path: Path):
    folder = tmp_path / "out"
    folder.mkdir()
    answered = keyed("audit", "bundle", "j-1", "--out", str(folder / "j-1.zip"))
    assert answered.code == 2
    assert "No space left" in answered.err
    assert not [*folder.iterdir()]


class Tags(HTMLParser):
    """The tags of a page, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_stands_alone_and_can_be_read_by_everybody(keyed: Polku, tmp_path: Path):
    out = tmp_path / "j-1.zip"
    keyed("audit", "bundle", "j-1", "--out", str(out))
    files = files_of(out.read_bytes())
    told = files["index.html"].decode()
    reader = Tags()
    reader.feed(told)
    tags = [tag for tag, _ in reader.found]
    assert not {"script", "link", "img", "iframe", "a"} & set(tags)
    assert "http" not in told.replace("http-equiv", "")
    assert dict(reader.found)["html"] == {"lang": "en"}
    assert {"main", "h1", "h2", "caption", "thead"} <= set(tags)
    scopes = [attributes.get("scope") for tag, attributes in reader.found if tag == "th"]
    entries = json.loads(files["entries.json"])
    assert scopes == ["col"] * 7 + ["row"] * len(entries)
    assert "2025-01-20" in told  # the day it happened
    assert "2025-02-10 09:00:00" in told  # the instant it was recorded


def test_the_page_is_in_the_language_that_is_asked_for(keyed: Polku, tmp_path: Path):
    out = tmp_path / "j-1.zip"
    said = keyed("audit", "bundle", "j-1", "--out", str(out), "--language", "it")
    assert said.code == 0
    told = files_of(out.read_bytes())["index.html"].decode()
    assert '<html lang="it">' in told
    assert "<td>20/01/2025</td><td>2025-02-10 09:00:00</td>" in told


def test_so_is_the_note_on_how_to_verify_it_but_for_what_a_shell_is_given(
    keyed: Polku, tmp_path: Path
):
    notes = {}
    for language in ("en", "it"):
        out = tmp_path / f"{language}.zip"
        said = keyed("audit", "bundle", "j-1", "--out", str(out), "--language", language)
        assert said.code == 0
        notes[language] = files_of(out.read_bytes())["README.txt"].decode()
    assert notes["en"].startswith("The journey j-1 as the log")
    assert notes["it"].startswith("Il percorso j-1 come lo ha il log")
    for note in notes.values():
        lines = note.splitlines()
        assert "    python -m pip install cryptography" in lines
        assert max(map(len, lines)) <= 100
        named = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
        assert named == [
            *("entries.json", "checkpoint.txt", "signed-contents.txt"),
            *("keys.txt", "index.html", "verify_bundle.py"),
        ]


def test_what_texts_hold_cannot_command_the_page():
    told = page("<script>alert('a')</script>", [], "log", 0, ["log+00000000+AA=="])
    assert "<script" not in told
    assert "&lt;script&gt;" in told
