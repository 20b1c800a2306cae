"""Where readings are found: by whose data were read, and by who read them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from application.accesses import RECORDER, Wanted, readings, readings_stream
from application.ports import Append, EventLog, Fresh
from application.views import VIEWS
from application.views.rows import ReadingRow
from domain.access import Answered, Reading, ReadingsRecorded, Subject
from infrastructure.database import Database
from infrastructure.event_log import open_log
from infrastructure.projections import Projections
from infrastructure.rebuilding import Rebuild
from infrastructure.view_queries import ViewQueries
from infrastructure.view_tables import table_name
from tests.databases import Own
from tests.infrastructure.view_world import RULES

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def answered(person: str, organisation: str, *read: tuple[str | None, str | None]) -> Answered:
    subjects = tuple(Subject(*one) for one in read)
    return Answered(
        person, "case-worker", organisation, "service", "caseload", AT, None, read=subjects
    )


ENTRIES = (
    (answered("aino", "kuopio", ("c-1", "j-1"), ("c-2", "j-2")),),
    (answered("eero", "oulu", ("c-1", None)), answered("aino", "kuopio", (None, "j-1"))),
    (answered("eero", "kuopio", ("c-1", "j-3")), answered("aino", "oulu")),
)
"""Answers of three entries, one of which tells of nobody."""

WANTED = (
    Wanted(client="c-1"),
    Wanted(client="c-2"),
    Wanted(client="c-2", also=("c-1",)),
    Wanted(journey="j-1"),
    Wanted(journey="j-3"),
    Wanted(person="aino"),
    Wanted(organisation="oulu"),
    Wanted(client="c-1", journey="j-1", person="aino"),
    Wanted(client="nobody"),
    Wanted(client="c-1", since=date(2026, 3, 2)),
    Wanted(client="c-1", since=date(2026, 3, 3)),
)


NAMED = {
    "client:c-1": [1, 2, 3],
    "client:c-2": [1],
    "journey:j-1": [1, 2],
    "person:aino": [1, 2, 3],
    "organisation:oulu": [2, 3],
    "client:nobody": [],
}
"""The entries that have readings under a key."""


def _note(url: str) -> None:
    """Fill a database with the entries, in two spools, and the views of them."""
    with open_log(url) as log:
        projections = Projections(log, VIEWS, RULES)
        for spool, version, answers in (("a", 0, ENTRIES[0]), ("a", 1, ENTRIES[1])):
            _record(log, spool, version, answers)
        Rebuild(projections, list(projections.views.values()), grace=0).run()
        _record(log, "b", 0, ENTRIES[2])
        Rebuild(projections, list(projections.views.values()), grace=0).run()


@pytest.fixture
def noted(own_database: Own) -> Iterator[tuple[EventLog, ViewQueries]]:
    """A log with the entries, in two spools, and the views of it; on both databases."""
    with open_log(own_database.filled(_note)) as log:
        yield log, ViewQueries(Projections(log, VIEWS, RULES))


def _record(log: EventLog, spool: str, version: int, answers: tuple[Answered, ...]) -> None:
    stream = readings_stream(f"2026-03-02-{spool}")
    fresh = Fresh(ReadingsRecorded(answers), AT.date())
    log.append(Append(stream, version, (fresh,), RECORDER))


def every() -> list[Reading]:
    return [one for entry in ENTRIES for answer in entry for one in answer.readings()]


def is_wanted(one: Reading, wanted: Wanted) -> bool:
    return (
        (wanted.client is None or one.client in (wanted.client, *wanted.also))
        and wanted.journey in (None, one.journey)
        and wanted.person in (None, one.person)
        and wanted.organisation in (None, one.organisation)
        and (wanted.since is None or one.at.date() >= wanted.since)
    )


def test_readings_looked_up_are_those_that_a_look_at_all_finds(
    noted: tuple[EventLog, ViewQueries],
) -> None:
    log, views = noted
    for wanted in WANTED:
        found = list(readings(log, wanted, views.readings))
        assert found == list(readings(log, wanted)), wanted
        assert found == [one for one in every() if is_wanted(one, wanted)], wanted


def test_readings_of_some_persons_are_looked_up_together(
    noted: tuple[EventLog, ViewQueries],
) -> None:
    log, views = noted
    for wanted, persons in ((Wanted(), {"aino"}), (Wanted(organisation="oulu"), {"aino", "eero"})):
        found = list(readings(log, wanted, views.readings, persons=persons))
        assert found == [x for x in every() if x.person in persons and is_wanted(x, wanted)]


def test_only_the_entries_that_have_them_are_named(noted: tuple[EventLog, ViewQueries]) -> None:
    found = {key: noted[1].readings(key) for key in NAMED}
    assert found == NAMED


def test_rows_of_an_older_program_answer_until_they_are_made_anew(
    noted: tuple[EventLog, ViewQueries], own_database: Own
) -> None:
    database = Database(own_database.url)
    with closing(database), database.writing() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT generation FROM projections WHERE name = 'readings'")
        table = table_name("readings", ReadingRow, cursor.fetchone()[0])
        for number in range(2):
            cursor.execute(f"DROP INDEX {table}_order_{number}")
        cursor.execute(f"ALTER TABLE {table} DROP COLUMN also")
        cursor.execute("UPDATE projections SET shape = 1 WHERE name = 'readings'")
    assert noted[1].readings("client:c-1") == NAMED["client:c-1"]
