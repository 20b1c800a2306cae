"""Rows become entries one by one with keys, and many at once without: both say the same."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from application.ports import Append, Fresh
from domain.entry import By, Source
from domain.journey.events import PlanStepReached, ServiceAccepted
from infrastructure.event_log import SqlEventLog
from infrastructure.event_names import UnreadableEvent
from infrastructure.log_tables import ENTRY, Row, events
from infrastructure.row_reader import AT_ONCE, RowReader

BY = By("person-1", "tampere")
CLAIMED = datetime(2020, 2, 29, 23, 59, 59, 1, tzinfo=UTC)


@pytest.fixture
def rows(log: SqlEventLog) -> list[Row]:
    """More rows than are made at once, some with a source, some of which claims an instant."""
    for number in range(AT_ONCE + 3):
        source = Source("hmis", "ab" * 32, "Exit.csv", number, "", CLAIMED if number % 2 else None)
        told = (
            Fresh(PlanStepReached(f"step-{number}"), date(2024, 2, 29)),
            Fresh(ServiceAccepted("s-1"), date(2024, 3, 1), source if number % 3 else None),
        )
        more = {"correlation": "c-1", "causation": f"k-{number}"} if number % 5 else {}
        log.append(Append(f"journey:{number}", 0, told, BY, **more))
    with log.database.reading() as connection:
        found = connection.execute(select(*ENTRY).order_by(events.c.position))
        return [tuple(row) for row in found]


def test_entries_are_the_same_with_keys_and_without(log: SqlEventLog, rows: list[Row]) -> None:
    with_keys = [*RowReader(log.names, log.keys).entries(rows)]
    without = [*RowReader(log.names).entries(rows)]

    assert without == with_keys == [one.entry for one in log.read()]
    assert {type(one) for one in without} == {type(one) for one in with_keys}
    assert {one.known_at for one in without if one.claimed} == {CLAIMED}
    assert len(without) == 2 * (AT_ONCE + 3)
    assert [*RowReader(log.names).entries([])] == []


def test_a_sealed_record_stays_so_without_keys(log: SqlEventLog) -> None:
    source = Source("hmis", "ab" * 32, "Exit.csv", 1, "E-7", CLAIMED)
    log.append(Append("journey:1", 0, (Fresh(ServiceAccepted("s"), date(2024, 3, 1), source),), BY))
    with log.database.reading() as connection:
        (row,) = (tuple(row) for row in connection.execute(select(*ENTRY)))

    (told,) = RowReader(log.names).entries([row])
    assert told.source == replace(source, record="")
    (opened,) = RowReader(log.names, log.keys).entries([row])
    assert opened.source == source


@pytest.mark.parametrize("keys", [True, False])
@pytest.mark.parametrize("broken", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1])
def test_what_comes_before_one_that_cannot_be_read_is_told(
    log: SqlEventLog, rows: list[Row], broken: int, keys: bool
) -> None:
    rows[broken] = (*rows[broken][:-1], b"{")
    found, reader = [], RowReader(log.names, log.keys if keys else None)

    with pytest.raises(UnreadableEvent, match=f"position {broken + 1} of the log"):
        found.extend(reader.entries(rows))
    assert [one.position for one in found] == [*range(1, broken + 1)]

    unread: list[int] = []
    read = [one.entry.position for one in reader.readable(rows, unread.append)]
    assert unread == [broken + 1]
    assert read == [n for n in range(1, len(rows) + 1) if n != broken + 1]
