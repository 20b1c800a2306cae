"""Secrets of this machine: each made once, and no other copy of it stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.own_secrets import make_once

KILLED = """
import os, sys
from pathlib import Path
from infrastructure.own_secrets import make_once
link = os.link

def killed(beside, file):
    if sys.argv[2] == "after":
        link(beside, file)
    os._exit(9)

os.link = killed
make_once(Path(sys.argv[1]), lambda: b"the first")
"""


def left_by_one_killed(file: Path, when: str) -> Path:
    told = subprocess.run([sys.executable, "-c", KILLED, str(file), when], check=False)
    assert told.returncode == 9
    (left,) = file.parent.glob(".*")
    return left


@pytest.mark.parametrize(("when", "kept"), [("after", b"the first"), ("before", b"the second")])
def test_what_one_left_that_was_killed_is_removed_at_the_next_start(
    tmp_path: Path, when: str, kept: bytes
) -> None:
    """It was a second copy of the secret that stayed for ever."""
    file = tmp_path / "p.db.key"
    assert left_by_one_killed(file, when).read_bytes() == b"the first"
    assert make_once(file, lambda: b"the second") is (when == "before")
    assert (file.read_bytes(), [*tmp_path.iterdir()]) == (kept, [file])


def test_nothing_else_beside_it_is_removed(tmp_path: Path) -> None:
    ends = "0" * 15, "0" * 17, "g" * 16, "0" * 16 + ".part"
    others = [tmp_path / f".p.db.key.{end}" for end in ends]
    others += [tmp_path / f".other.key.{'0' * 16}", tmp_path / f"p.db.key.{'0' * 16}"]
    for other in others:
        other.touch()
    folder = tmp_path / f".p.db.key.{'1' * 16}"
    folder.mkdir()
    make_once(tmp_path / "p.db.key", lambda: b"a secret")
    assert {*tmp_path.iterdir()} == {*others, folder, tmp_path / "p.db.key"}


def test_who_is_slower_and_whose_own_was_removed_meanwhile_reads_that_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, link = tmp_path / "p.db.key", os.link

    def after_another(beside: Path, to: Path) -> None:
        monkeypatch.undo()
        make_once(file, lambda: b"the first")
        assert not beside.exists()
        link(beside, to)

    monkeypatch.setattr(os, "link", after_another)
    make_once(file, lambda: b"the second")
    assert (file.read_bytes(), [*tmp_path.iterdir()]) == (b"the first", [file])


def test_where_nothing_can_be_removed_the_secret_is_read_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "p.db.key"
    left = left_by_one_killed(file, "after")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    assert not make_once(file, lambda: b"the second")
    assert left.exists()
