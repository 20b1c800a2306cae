"""The directory in which the processes of a service add their numbers up, and who removes it."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from interfaces.http.serving import NUMBERS, in_use, remove_left_behind

USING = """
import sys
from pathlib import Path
from interfaces.http.serving import in_use
with in_use(Path(sys.argv[1])):
    print("in use", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def numbers_of(temporary: Path, name: str) -> Path:
    made = temporary / f"{NUMBERS}{name}"
    made.mkdir()
    (made / "counter_1.db").write_bytes(b"1")
    return made


@contextmanager
def another_uses(directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    asked = [sys.executable, "-c", USING, str(directory)]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in use\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_numbers_of_a_service_that_was_killed_go_and_those_of_one_that_lives_stay(
    temporary: Path,
):
    killed, alive, own = (numbers_of(temporary, name) for name in ("killed", "alive", "own"))
    with another_uses(killed) as process:
        os.kill(process.pid, signal.SIGKILL)
    with another_uses(alive), in_use(own):
        remove_left_behind()
        assert {one.name for one in temporary.iterdir()} == {alive.name, own.name}
    remove_left_behind()
    assert [*temporary.iterdir()] == []


def test_what_has_no_lock_is_left_alone(temporary: Path):
    """It belongs to a service that just begins, or to an older program's."""
    begins, other = numbers_of(temporary, "begins"), temporary / "polku.db"
    other.mkdir()
    remove_left_behind()
    assert {one.name for one in temporary.iterdir()} == {begins.name, other.name}
    assert (begins / "counter_1.db").read_bytes() == b"1"
