"""An entry that cannot be read is told by its place, whatever is wrong with its row."""

from pathlib import Path
from typing import Any

import pytest

from domain.journey import events as e
from infrastructure.archive import ParquetArchive
from infrastructure.archive_log import EntryMissing
from infrastructure.event_log import open_log
from infrastructure.event_names import UnknownEvent, UnreadableEvent
from tests.domain import journeys as j
from tests.infrastructure.archived import Clock, fill
from tests.infrastructure.tampering import tampering

REFERRAL, CORRECTION = 1, 2
NESTED = (
    b'{"entry":1,"event":{"name":"referral-made","schema":1,"body":7},"occurred_on":"2025-03-03"}'
)


@pytest.mark.parametrize(
    ("position", "column", "value"),
    [
        (REFERRAL, "body", b'{"client":"c"'),
        (REFERRAL, "body", b'{"client":7}'),
        (REFERRAL, "occurred_on", "1.3.2024"),
        (REFERRAL, "source", "{}"),
        (REFERRAL, "name", "never-heard-of"),
        (REFERRAL, "schema_version", 9),
        (CORRECTION, "body", b'{"entry":"first"}'),
        (CORRECTION, "body", NESTED),
        (CORRECTION, "schema_version", 9),
    ],
)
def test_an_entry_that_cannot_be_read_is_told_by_its_place(
    position: int, column: str, value: Any, database_url: str, tmp_path: Path
) -> None:
    corrected = e.EntryCorrected(1, j.REFERRED, j.DAY, j.WHY)
    every = j.given(j.REFERRED, corrected, e.ReferralAccepted()).entries
    clock = Clock()
    with open_log(database_url, clock=clock) as log:
        fill(log, clock, {"j": list(every)})
    with tampering(database_url) as tamper:
        tamper.run(f"UPDATE events SET {column} = ? WHERE position = ?", value, position)
    with open_log(database_url, clock=clock) as log:
        archive = ParquetArchive(tmp_path / "a", log.database)
        with pytest.raises((UnknownEvent, UnreadableEvent), match=f"position {position} of the"):
            archive.catch_up()
        assert archive.position == 0


@pytest.mark.parametrize("position", [1, 2])
def test_an_entry_that_is_missing_is_told_and_no_archive_is_without_it(
    position: int, database_url: str, tmp_path: Path
) -> None:
    every = j.given(j.REFERRED, e.ReferralAccepted(), e.JourneyResumed()).entries
    clock = Clock()
    with open_log(database_url, clock=clock) as log:
        fill(log, clock, {"j": list(every)})
    with tampering(database_url) as tamper:
        tamper.run("DELETE FROM events WHERE position = ?", position)
    with open_log(database_url, clock=clock) as log:
        archive = ParquetArchive(tmp_path / "a", log.database)
        with pytest.raises(EntryMissing, match=f"row of position {position} is missing"):
            archive.catch_up()
        assert archive.position == 0
        assert not [*(tmp_path / "a").glob("*-*")]
