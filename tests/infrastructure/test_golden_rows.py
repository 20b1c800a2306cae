"""A whole stored row, as the log writes it: every column of it stays readable for ever."""

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from application.ports import Append, Fresh
from domain.entry import By, Entry, Source
from domain.journey.events import PlanStepReached
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.event_names import UnreadableEvent
from infrastructure.log_tables import events

ROWS = Path(__file__).parents[1] / "golden" / "rows"
NOON = datetime(2024, 3, 1, 12, 0, 0, 1, tzinfo=UTC)
SOURCE = Source("hmis", "ab" * 32, "Enrollment.csv", 7, "E-7", datetime(2020, 1, 2, tzinfo=UTC))
PLAIN = Entry(
    1, PlanStepReached("a"), date(2024, 3, 1), NOON, By("person-1", "tampere"), position=1
)
ENTRIES = {
    "with-source.v1": PLAIN._replace(source=SOURCE, correlation="c-1", causation="k-1"),
    "without-source": PLAIN,
}


def stored(name: str) -> dict[str, object]:
    return json.loads((ROWS / f"{name}.json").read_text(encoding="utf-8"))


def store(log: SqlEventLog, row: dict[str, object]) -> None:
    with log.database.writing() as connection:
        connection.execute(insert(events), {**row, "body": row["body"].encode()})


def test_every_row_has_its_entry():
    assert sorted(file.stem for file in ROWS.glob("*.json")) == sorted(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_a_stored_row_is_read_for_ever(log: SqlEventLog, name: str):
    store(log, stored(name))
    assert log.load("journey-1") == [ENTRIES[name]]


@pytest.mark.parametrize("name", ENTRIES)
def test_the_log_writes_the_row_that_is_read_for_ever(database_url: str, name: str):
    entry = ENTRIES[name]
    with open_log(database_url, clock=lambda: NOON) as log:
        fresh = Fresh(entry.event, entry.occurred_on, entry.source)
        more = {"correlation": entry.correlation, "causation": entry.causation}
        log.append(Append("journey-1", 0, (fresh,), entry.by, **more))
        with log.database.reading() as connection:
            row = dict(connection.execute(select(events)).mappings().one())
    assert {**row, "body": row["body"].decode()} == stored(name)


def test_a_record_id_whose_key_is_gone_is_empty(log: SqlEventLog):
    row = stored("with-source.v1")
    form = base64.b64encode(b"\1" + bytes(40)).decode()
    sealed = row["source"].replace('"text":"E-7","sealed":null', f'"text":null,"sealed":"{form}"')
    store(log, {**row, "source": sealed})
    assert log.load("journey-1")[0].source == replace(SOURCE, record="")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": "{}"}, "position 1 of the log .*source cannot be read: .*required field"),
        ({"source": "nothing"}, "position 1 of the log .*source cannot be read"),
        ({"source": stored("with-source.v1")["source"].replace('"v":1', '"v":2')}, "version 2"),
        ({"occurred_on": "1.3.2024"}, "position 1 of the log .*day or source cannot be read"),
    ],
)
def test_an_unreadable_row_is_told_by_its_place(log: SqlEventLog, change: dict, said: str):
    store(log, {**stored("with-source.v1"), **change})
    with pytest.raises(UnreadableEvent, match=said):
        log.load("journey-1")


@pytest.mark.parametrize("micros", ["noon", b"noon", 2**62, float("inf")])
def test_an_instant_that_is_none_is_told_by_its_place(sqlite_url: str, micros: object):
    """SQLite takes anything in a column, and PostgreSQL nothing but a number."""
    with open_log(sqlite_url) as log:
        with log.database.connection("BEGIN IMMEDIATE") as connection:
            row = stored("without-source")
            row |= {"body": str(row["body"]).encode(), "recorded_at": micros}
            names = ", ".join(row)
            marks = ", ".join("?" * len(row))
            written = f"INSERT INTO events ({names}) VALUES ({marks})"
            connection.execute(written, [*row.values()])
            connection.commit()
        with pytest.raises(UnreadableEvent, match=r"position 1 of the log: .* is no instant"):
            log.load("journey-1")
    with pytest.raises(UnreadableEvent, match=r"position 1 of the log: .* is no instant"):
        open_log(sqlite_url)
