"""Polku's entries through the eventsourcing library's event store, and its errors by name."""

from datetime import UTC, date, datetime

import pytest
from eventsourcing.compressor import ZlibCompressor
from eventsourcing.persistence import EventStore, StoredEvent

from application.ports import Append, Fresh
from domain.entry import By, Entry, Personal, Source
from domain.journey.events import JourneyPaused, PlanStepReached, ReferralAccepted
from infrastructure.entry_mapper import EntryMapper, LoggedEntry, StoredEntry
from infrastructure.event_log import SqlEventLog
from infrastructure.event_names import UnknownEvent
from infrastructure.persistence import LogFactory
from infrastructure.recorder import LogRecorder, LogTables

BY = By("person-1", "ali")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
SOURCE = Source("hmis", "ab" * 32, "Exit.csv", 3, "X-3", datetime(2020, 5, 1, tzinfo=UTC))


def entry(version: int, event: object) -> Entry:
    day = date(2024, 2, 1)
    return Entry(version, event, day, NEVER, BY, SOURCE, correlation="c", causation="d")


def test_the_librarys_event_store_writes_what_the_log_reads(log: SqlEventLog):
    store = EventStore(EntryMapper(), LogRecorder(LogTables(log.database, uuids=False)))

    store.put([LoggedEntry("j", entry(1, ReferralAccepted()))])
    log.append(Append("j", 1, (Fresh(PlanStepReached("a"), date(2024, 2, 2)),), BY))

    through_the_log = log.load("j")
    through_the_store = [logged.entry for logged in store.get("j")]
    assert through_the_store == through_the_log
    assert through_the_log[0] == entry(1, ReferralAccepted())._replace(
        position=1, recorded_at=through_the_log[0].recorded_at
    )
    assert through_the_log[0].recorded_at > NEVER
    assert [logged.originator_version for logged in store.get("j")] == [1, 2]


def test_the_librarys_event_store_seals_what_is_personal(log: SqlEventLog):
    mapper = EntryMapper(keys=log.keys)
    store = EventStore(mapper, LogRecorder(LogTables(log.database, uuids=False)))
    told = entry(1, JourneyPaused(Personal("illness")))

    store.put([LoggedEntry("journey:j", told)])

    (row,) = log.database.rows("SELECT body, source FROM events", {})
    assert b"illness" not in bytes(row[0])
    assert "X-3" not in row[1]
    assert log.load("journey:j")[0].event == told.event
    assert next(iter(store.get("journey:j"))).entry.event == told.event


def test_a_stored_entry_has_its_envelope_beside_the_body():
    stored = EntryMapper().to_stored_event(LoggedEntry("j", entry(1, PlanStepReached("a"))))

    assert isinstance(stored, StoredEntry)
    assert (stored.topic, stored.schema_version) == ("plan-step-reached", 1)
    assert stored.state == b'{"step":"a"}'
    assert (stored.actor, stored.organisation) == ("person-1", "ali")
    assert (stored.occurred_on, stored.correlation) == ("2024-02-01", "c")
    assert EntryMapper().to_domain_event(stored).entry == entry(1, PlanStepReached("a"))


def test_an_event_without_an_envelope_is_told_apart(log: SqlEventLog):
    recorder = LogRecorder(LogTables(log.database, uuids=False))
    recorder.insert_events([StoredEvent("other", 1, "some:Topic", b"\x00\xff")])

    assert recorder.select_events("other") == [StoredEvent("other", 1, "some:Topic", b"\x00\xff")]
    with pytest.raises(UnknownEvent, match=r"position 1 of the log .*'some:Topic'"):
        log.load("other")


def test_entries_are_not_compressed_or_encrypted_as_a_whole():
    with pytest.raises(ValueError, match="leave COMPRESSOR_TOPIC and CIPHER_TOPIC unset"):
        EntryMapper(compressor=ZlibCompressor())


def test_a_factory_says_what_it_needs():
    with pytest.raises(OSError, match="set POLKU_DATABASE_URL"):
        LogFactory({})
    with pytest.raises(OSError, match="say uuid or text"):
        LogFactory({"POLKU_DATABASE_URL": "sqlite://", "ORIGINATOR_ID_TYPE": "int"})
