"""How far an audit came, noted in a file; and audits beside those who give out checkpoints."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, event

from infrastructure.auditing import Asked, UnusableFile, _go_on, audit
from infrastructure.checkpoints import issue
from infrastructure.database import Database
from infrastructure.ledger_audit import Audit, Verified
from infrastructure.settings import Settings
from infrastructure.signing import Signer

ROOT, ORIGIN = bytes(32), "polku.example/log"


def test_two_audits_that_note_in_one_file_are_not_in_each_others_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, replace = tmp_path / "state", Path.replace
    with closing(Database("sqlite://")) as database:
        first, second = Audit(database), Audit(database)
    for one in (first, second):
        _go_on(one, file)

    def while_the_other_notes(beside: Path, to: Path) -> Path:
        monkeypatch.undo()
        second.on_verified(Verified(200, ROOT))
        return replace(beside, to)

    monkeypatch.setattr(Path, "replace", while_the_other_notes)
    first.on_verified(Verified(100, ROOT))
    assert json.loads(file.read_text())["position"] == 100
    assert [*tmp_path.iterdir()] == [file]


def test_what_cannot_be_noted_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with closing(Database("sqlite://")) as database:
        audit = Audit(database)
    _go_on(audit, file)
    file.mkdir()
    with pytest.raises(UnusableFile, match="cannot be written"):
        audit.on_verified(Verified(100, ROOT))
    assert [*tmp_path.iterdir()] == [file]


def test_a_note_whose_own_name_is_too_long_is_told_as_one_that_cannot_be_written(
    tmp_path: Path,
) -> None:
    """To remove what was never made failed as well, and nothing said which file it was."""
    file = tmp_path / ("s" * 250)
    with closing(Database("sqlite://")) as database:
        audit = Audit(database)
    _go_on(audit, file)
    with pytest.raises(UnusableFile, match=r"s cannot be written: File name too long"):
        audit.on_verified(Verified(100, ROOT))


def test_the_first_checkpoint_of_a_key_that_is_given_out_during_an_audit_is_no_fault(
    database_url: str,
) -> None:
    """Keys are changed while others work: the audit told that somebody had altered the log."""
    at, given_out = datetime(2025, 6, 2, 9, tzinfo=UTC), list[int]()
    given = Settings(database_url=database_url, ledger_origin=ORIGIN)
    old, new = (
        Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(byte * 32)) for byte in (b"1", b"2")
    )
    with closing(Database(database_url)) as others:
        issue(others, ORIGIN, [old], at)

        def then_given_out(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not given_out and re.search("FROM ledger_(checkpoints|keys)", statement):
                given_out.append(1)
                given_out[0] = issue(others, ORIGIN, [new], at).number

        event.listen(Engine, "after_cursor_execute", then_given_out)
        try:
            found = audit(given, Asked(), lambda _done, _all: None)
        finally:
            event.remove(Engine, "after_cursor_execute", then_given_out)
        again = audit(given, Asked(), lambda _done, _all: None)
    assert given_out == [2]
    assert (found.faults, again.faults) == ([], [])
    assert len(again.fitting) == 2
