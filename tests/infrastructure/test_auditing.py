"""How far an audit came, noted in a file."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from infrastructure.auditing import UnusableFile, _go_on
from infrastructure.database import Database
from infrastructure.ledger_audit import Audit, Verified

ROOT = bytes(32)


def test_two_audits_that_note_in_one_file_are_not_in_each_others_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, replace = tmp_path / "state", Path.replace
    with closing(Database("sqlite://")) as database:
        first, second = Audit(database), Audit(database)
    for audit in (first, second):
        _go_on(audit, file)

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
