"""What the log promises to one who appends, loads and reads."""

import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import sleep

import psycopg
import pytest
from structlog.testing import capture_logs

from application.ports import Append, Fresh, KeyReused, Receipt, VersionConflict
from domain.entry import By, Entry, Source
from domain.journey.events import PlanStepReached, ReferralAccepted, ReferralMade
from infrastructure.database import Database, is_lost
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.event_names import UnknownEvent, UnstorableEvent

BY = By("person-1", "tampere")
DAY = date(2024, 3, 1)
SECONDS = 30.0
REFERRED = ReferralMade("client-1", "duunipolku", 1, "tampere", "tampere", "own-contact")


def command(stream, expected, *events, **more):
    return Append(stream, expected, tuple(Fresh(event, DAY) for event in events), BY, **more)


def test_what_was_appended_is_loaded_as_it_was(log: SqlEventLog):
    source = Source("hmis", "ab" * 32, "Enrollment.csv", 7, "E-7", datetime(2020, 1, 2, tzinfo=UTC))
    events = (Fresh(REFERRED, DAY, source), Fresh(ReferralAccepted(), DAY + timedelta(days=1)))
    asked = Append("journey-1", 0, events, BY, correlation="c-1", causation="k-1")

    receipt = log.append(asked)

    assert (receipt.version, receipt.position, receipt.repeated) == (2, 2, False)
    assert log.load("journey-1") == list(receipt.entries)
    assert receipt.entries[0] == Entry(
        1, REFERRED, DAY, receipt.entries[0].recorded_at, BY, source, 1, "c-1", "k-1"
    )
    assert receipt.entries[0].known_at == datetime(2020, 1, 2, tzinfo=UTC)
    assert [one.entry for one in log.read()] == list(receipt.entries)


def test_many_streams_are_loaded_at_once_each_above_its_version(log: SqlEventLog):
    log.append(command("journey-1", 0, REFERRED, ReferralAccepted()))
    log.append(command("journey-2", 0, REFERRED))
    log.append(command("journey-1", 2, PlanStepReached("1")))
    log.append(command('journey "3"', 0, REFERRED))

    found = log.load_many({"journey-1": 1, "journey-2": 1, "none": 0, 'journey "3"': 0})

    assert found == {
        "journey-1": log.load("journey-1", after=1),
        "journey-2": [],
        "none": [],
        'journey "3"': log.load('journey "3"'),
    }
    assert [entry.version for entry in found["journey-1"]] == [2, 3]
    assert log.load_many({}) == {}


def test_a_stale_decision_is_refused_and_stores_nothing(log: SqlEventLog):
    log.append(command("journey-1", 0, REFERRED))

    with pytest.raises(VersionConflict, match="journey-1 is at version 1, not 0"):
        log.append(command("journey-1", 0, REFERRED))
    with pytest.raises(VersionConflict, match="not 2"):
        log.append(command("journey-1", 2, REFERRED))

    assert log.position() == 1


def test_a_decision_that_leans_on_another_stream_is_refused_where_that_went_on(log: SqlEventLog):
    log.append(command("client-1", 0, ReferralAccepted()))
    leaning = replace(command("journey-1", 0, REFERRED), leaning_on=(("client-1", 0),))
    with pytest.raises(VersionConflict, match="client-1 is at version 1, not 0"):
        log.append(leaning)
    assert log.load("journey-1") == []
    assert log.append(replace(leaning, leaning_on=(("client-1", 1), ("client-2", 0)))).version == 1


def test_the_same_request_under_the_same_key_gets_the_first_answer(log: SqlEventLog):
    first = log.append(command("journey-1", 0, REFERRED, key="key-1", request="digest-1"))
    log.append(command("journey-1", 1, ReferralAccepted()))

    again = log.append(command("journey-1", 1, REFERRED, key="key-1", request="digest-1"))

    assert again.repeated
    assert (again.version, again.position, again.entries) == (1, 1, first.entries)
    assert log.answer("key-1", "digest-1") == again
    assert log.answer("key-2", "digest-1") is None
    assert log.position() == 2


def test_a_key_serves_one_request_only(log: SqlEventLog):
    log.append(command("journey-1", 0, REFERRED, key="key-1", request="digest-1"))

    with pytest.raises(KeyReused, match="key-1"):
        log.append(command("journey-2", 0, REFERRED, key="key-1", request="digest-2"))
    with pytest.raises(KeyReused):
        log.answer("key-1", "digest-2")

    assert log.load("journey-2") == []


def test_a_key_is_kept_when_nothing_is_recorded(log: SqlEventLog):
    log.append(command("journey-1", 0, REFERRED, ReferralAccepted()))

    log.append(command("journey-1", 2, key="key-1", request="digest-1"))
    log.append(command("journey-1", 2, PlanStepReached("a")))
    again = log.append(command("journey-1", 3, key="key-1", request="digest-1"))

    assert again == Receipt("journey-1", 2, 2, (), repeated=True)


def test_many_commands_are_judged_one_by_one(log: SqlEventLog):
    answers = log.append_all(
        [
            command("journey-1", 0, REFERRED, key="key-1", request="a"),
            command("journey-1", 0, REFERRED),
            command("journey-1", 1, ReferralAccepted()),
            command("journey-2", 0, PlanStepReached(7)),
            command("journey-2", 0, "not an event"),
            command("journey-3", 0, REFERRED, key="key-1", request="a"),
            command("journey-3", 0, REFERRED, key="key-1", request="b"),
            command("journey-4", 0, REFERRED),
        ]
    )

    kinds = [type(answer) for answer in answers]
    assert kinds == [
        Receipt, VersionConflict, Receipt, UnstorableEvent,
        UnknownEvent, Receipt, KeyReused, Receipt,
    ]  # fmt: skip
    assert answers[5].repeated
    assert answers[5].entries == answers[0].entries
    assert [one.entry.position for one in log.read()] == [1, 2, 3]
    assert [one.stream for one in log.read()] == ["journey-1", "journey-1", "journey-4"]


def test_together_means_all_or_nothing(log: SqlEventLog):
    log.append(command("journey-1", 0, REFERRED))
    good, stale = command("journey-2", 0, REFERRED), command("journey-1", 0, REFERRED)

    with pytest.raises(VersionConflict):
        log.append_all([good, stale], together=True)
    with pytest.raises(UnknownEvent):
        log.append_all([good, command("journey-3", 0, object())], together=True)
    assert log.position() == 1

    answers = log.append_all([good, command("journey-2", 1, ReferralAccepted())], together=True)
    assert [answer.version for answer in answers] == [1, 2]


REFUSE_JOURNEY_2 = {
    True: "CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.stream = 'journey-2' "
    "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
    False: "ALTER TABLE events ADD CONSTRAINT refuse CHECK (stream <> 'journey-2')",
}


def test_what_the_database_refuses_fails_alone(log: SqlEventLog):
    with log.database.writing() as connection:
        connection.exec_driver_sql(REFUSE_JOURNEY_2[log.database.is_sqlite])
    unwritable = command("journey-2", 0, REFERRED)

    answers = log.append_all(
        [command("journey-1", 0, REFERRED), unwritable, command("journey-3", 0, REFERRED)]
    )

    kinds = (sqlite3.IntegrityError, psycopg.IntegrityError)
    assert [isinstance(answer, kinds) for answer in answers] == [False, True, False]
    assert [one.stream for one in log.read()] == ["journey-1", "journey-3"]
    with pytest.raises(kinds):
        log.append(unwritable)
    assert log.append(command("journey-4", 0, REFERRED)).position == 3


@pytest.mark.parametrize(
    "field", ["stream", "person", "organisation", "key", "request", "correlation", "causation"]
)
@pytest.mark.parametrize("text", ["a\0b", "\ud800", 7])
def test_both_databases_refuse_the_same_texts(log: SqlEventLog, field: str, text: object):
    asked = command("journey-1", 0, REFERRED)
    if field in {"person", "organisation"}:
        asked = replace(asked, by=replace(BY, **{field: text}))
    else:
        asked = replace(asked, **{field: text})

    with pytest.raises(ValueError, match=f"the command's {field} "):
        log.append(asked)
    assert isinstance(log.append_all([asked])[0], ValueError)
    assert log.position() == 0


def test_a_page_is_not_the_end_of_the_log(log: SqlEventLog):
    log.append_all([command(f"journey-{n}", 0, REFERRED) for n in range(4500)])

    assert [one.entry.position for one in log.read()] == list(range(1, 4501))
    assert [one.entry.position for one in log.read(after=1999, until=4002)] == [*range(2000, 4003)]
    assert list(log.read(after=4500)) == []


def test_streams_are_listed_by_what_they_begin_with(log: SqlEventLog):
    for stream in (
        "journey:ä",
        "journey:a",
        "journey-x",
        "programme:b",
        "programme:a",
        "journey:A",
    ):
        log.append(command(stream, 0, REFERRED, ReferralAccepted()))

    assert log.streams("programme:") == ["programme:a", "programme:b"]
    assert log.streams("journey:") == ["journey:A", "journey:a", "journey:ä"]
    assert len(log.streams("")) == 6
    assert log.streams("client:") == []


def test_the_clock_never_runs_backwards(database_url: str):
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    times = iter([noon, noon - timedelta(hours=3), noon + timedelta(microseconds=7)])

    with open_log(database_url, clock=lambda: next(times)) as log:
        recorded = [log.append(command(f"j-{n}", 0, REFERRED)).entries[0] for n in range(3)]
        stored = [one.entry for one in log.read()]

    assert [entry.recorded_at - noon for entry in recorded] == [
        timedelta(0), timedelta(0), timedelta(microseconds=7),
    ]  # fmt: skip
    assert stored == recorded


def test_now_is_not_before_what_was_recorded(database_url: str):
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    with open_log(database_url, clock=lambda: noon) as log:
        log.append(command("j-1", 0, REFERRED))
    with open_log(database_url, clock=lambda: noon - timedelta(days=1)) as log:
        assert log.now() == noon


def test_now_is_not_before_what_was_recorded_while_the_clock_was_asked(database_url: str):
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    later = iter([noon + timedelta(seconds=1)])

    def clock() -> datetime:
        if not log.load("j-1"):  # what another machine recorded, whose clock is a second ahead
            with open_log(database_url, clock=lambda: next(later)) as other:
                other.append(command("j-1", 0, REFERRED))
            log.append(command("j-2", 0, REFERRED))
        return noon

    with open_log(database_url, clock=clock) as log:
        assert log.now() == log.load("j-2")[0].recorded_at == noon + timedelta(seconds=1)
        assert log.now() == noon + timedelta(seconds=1)


def test_a_clock_without_a_time_zone_is_refused(database_url: str):
    with open_log(database_url, clock=lambda: datetime(2024, 5, 1)) as log:  # noqa: DTZ001
        with pytest.raises(ValueError, match="no time zone"):
            log.append(command("j-1", 0, REFERRED))
        with pytest.raises(ValueError, match="no time zone"):
            log.now()
        assert log.position() == 0


def test_a_log_in_memory_is_ready_at_once(memory_log: SqlEventLog):
    assert memory_log.append(command("journey-1", 0, REFERRED)).position == 1


def test_who_writes_in_memory_can_read_while_many_wait_to_read(memory_log: SqlEventLog):
    database, read = memory_log.database, SimpleQueue[str]()

    def ask(who: str) -> None:
        database.rows("SELECT 1", {})
        read.put(who)

    def write() -> None:
        with database.connection("BEGIN IMMEDIATE") as connection:
            for thread in waiting:
                thread.start()
            sleep(0.1)  # by now each of them waits for the connection
            ask("writer")
            connection.execute("COMMIT")

    waiting = [Thread(target=ask, args=("reader",), daemon=True) for _ in range(4)]
    Thread(target=write, daemon=True).start()
    assert [read.get(timeout=SECONDS) for _ in range(5)] == ["writer", *["reader"] * 4]


@pytest.mark.parametrize("what", ["deleted", "moved", "replaced"])
def test_a_file_that_went_away_takes_nothing_more(sqlite_url: str, what: str):
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with open_log(sqlite_url) as log:
        log.append(command("j-1", 0, REFERRED))
        away = file.rename(file.with_name("away.db"))
        if what == "replaced":
            shutil.copy(away, file)
        if what == "deleted":
            away.unlink()
        there = set(file.parent.iterdir())

        for act in (lambda asked: log.append_all([asked], together=True), log.append):
            with pytest.raises(sqlite3.OperationalError, match="deleted, moved or replaced"):
                act(command("j-2", 0, REFERRED))
        log.database.engine.dispose()  # a new connection would make a new file
        with pytest.raises(sqlite3.OperationalError, match="deleted, moved or replaced"):
            log.append(command("j-2", 0, REFERRED))

        assert {path for path in file.parent.iterdir() if path.suffix == ".db"} == {
            path for path in there if path.suffix == ".db"
        }
        if what == "moved":
            away.rename(file)
            assert log.append(command("j-2", 0, REFERRED)).position == 2


def test_a_connection_that_postgresql_ended_for_its_time_is_lost_and_no_trace_is_printed(
    postgresql_url, capfd
):
    def is_idle_too_long(then):
        with database.connection() as connection:
            connection.execute("SET idle_in_transaction_session_timeout = '200ms'")
            connection.execute("BEGIN")
            time.sleep(0.6)
            then(connection)

    def asks(connection):
        for _ in range(20):  # the server may be slow to look at its clock
            connection.execute("SELECT 1")
            time.sleep(0.4)

    def fails(_connection):
        raise RuntimeError

    database = Database(postgresql_url)
    with closing(database), capture_logs() as logged:
        with pytest.raises(psycopg.Error) as ended:
            is_idle_too_long(asks)
        with pytest.raises(RuntimeError):
            is_idle_too_long(fails)
        assert database.rows("SELECT 1", {}) == [(1,)]
    assert is_lost(ended.value)
    assert {one["event"] for one in logged} == {"driver"}
    assert "Traceback" not in "".join(capfd.readouterr())
