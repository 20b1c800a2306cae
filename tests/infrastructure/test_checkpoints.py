"""Numbers of the checkpoints that a log keeps."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infrastructure import checkpoints
from infrastructure.database import Database
from infrastructure.kept_checkpoints import Kept, KeptKey, kept, keys_out_of_step, out_of_step
from infrastructure.notes import Checkpoint
from infrastructure.signing import Signer, sign
from tests.infrastructure.full_disk import disk_with
from tests.infrastructure.tampering import tampering


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ([], []),
        ([1, 2, 3], []),
        ([1, 3], ["before checkpoint 3 there is none of number 2: it was taken out"]),
        ([-7, 1], ["no checkpoint is given the number -7: the row was altered"]),
        (
            [0, 2],
            [
                "no checkpoint is given the number 0: the row was altered",
                "before checkpoint 2 there is none of number 1: it was taken out",
            ],
        ),
    ],
)
def test_a_number_that_is_missing_or_never_given_is_told(
    numbers: list[int], wrong: list[str]
) -> None:
    assert list(out_of_step([Kept(number, 0, "no note") for number in numbers])) == wrong


def test_two_that_are_given_out_at_once_have_a_number_each(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, both = checkpoints._going_on, Barrier(2)

    def look_together(*of: Any) -> Any:
        found = look(*of)
        with suppress(BrokenBarrierError):  # where one waits for the other
            both.wait(1)
        return found

    monkeypatch.setattr(checkpoints, "_going_on", look_together)
    at = datetime(2025, 6, 2, 9, tzinfo=UTC)
    with closing(Database(database_url)) as database, ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(checkpoints.issue, database, "polku.example/log", [SIGNER], at)
            for _ in range(2)
        ]
        assert sorted(one.result().number for one in asked) == [1, 2]
        assert list(out_of_step(kept(database))) == []


def test_half_a_note_that_found_no_room_spoils_no_other_in_its_file(tmp_path: Path) -> None:
    """Behind it no other note could be read, nor those before it, for a file is read whole."""
    file, notes = tmp_path / "witness.txt", [note_of(3), note_of(5)]
    checkpoints.add_to(file, notes[0])
    with disk_with(len(notes[0]) + 20), pytest.raises(OSError, match=r"(?i)no space"):
        checkpoints.add_to(file, notes[1])
    assert [*checkpoints.notes_in(file.read_text())] == notes[:1]
    checkpoints.add_to(file, notes[1])
    assert [*checkpoints.notes_in(file.read_text())] == notes


@pytest.mark.parametrize("number", ["'x'", "x'00'", "NULL", "1.5"])
def test_a_number_that_is_none_is_told(sqlite_url: str, number: str) -> None:
    with tampering(sqlite_url) as tamper:
        tamper.run("DROP TABLE ledger_checkpoints")
        tamper.run("CREATE TABLE ledger_checkpoints (issued, size, issued_at, note)")
        tamper.run(f"INSERT INTO ledger_checkpoints VALUES ({number}, 0, 0, 'no note')")
    with closing(Database(sqlite_url)) as database:
        told = list(out_of_step(kept(database)))
    assert told == ["no checkpoint is given the number 0: the row was altered"]


FALLEN = (
    "checkpoint 3 is of 5 entries, and checkpoint 2, given out before it, of 8: a log never has "
    "fewer, so one of the rows was altered"
)


SIGNER = Signer("polku.example/log", Ed25519PrivateKey.from_private_bytes(b"1" * 32))


def note_of(size: int) -> str:
    """A signed note of a checkpoint of so many entries."""
    return sign(Checkpoint("polku.example/log", size, bytes(32)).text(), [SIGNER]).written()


@pytest.mark.parametrize(("sizes", "wrong"), [([3, 3, 8], []), ([3, 8, 5], [FALLEN])])
def test_sizes_that_fall_as_numbers_rise_are_told(sizes: list[int], wrong: list[str]) -> None:
    among = [Kept(number, size, note_of(size)) for number, size in enumerate(sizes, 1)]
    assert list(out_of_step(among)) == wrong
    assert list(out_of_step(among[::-1])) == wrong


@pytest.mark.parametrize("beside", [4, "many", None])
def test_a_size_that_is_not_its_notes_is_told_whatever_it_is(beside: Any) -> None:
    among = [Kept(1, 3, note_of(3)), Kept(2, beside, note_of(5)), Kept(3, 8, "no note")]
    assert list(out_of_step(among)) == [
        f"the row of checkpoint 2 says {beside} entries, and its note 5: the row was altered"
    ]


STRANGER = Signer("polku.example/log", Ed25519PrivateKey.from_private_bytes(b"2" * 32))


@pytest.mark.parametrize(
    ("key", "since", "wrong"),
    [
        (SIGNER.verifier.vkey(), 3, None),
        (SIGNER.verifier.vkey(), 5, "signs from 5 entries on, and its first checkpoint is of 3"),
        (SIGNER.verifier.vkey(), "nothing", "signs from nothing entries on"),
        (STRANGER.verifier.vkey(), 3, "and no checkpoint that it has signed: the key was put in"),
        ("polku", 3, "a row of the log's keys was altered: 'polku' is no verifier key"),
    ],
)
def test_a_key_that_does_not_go_with_the_checkpoints_is_told(
    key: str, since: Any, wrong: str | None
) -> None:
    among = [Kept(1, 0, "no note"), Kept(2, 3, note_of(3)), Kept(3, 8, note_of(8))]
    told = list(keys_out_of_step([KeptKey(key, since)], among))
    assert [wrong in one for one in told if wrong] == ([True] if wrong else [])
    assert len(told) == (wrong is not None)
