"""Who is set aside for what cannot be read: whose it is alone, and nobody for the database."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import update

from application.views.register import REGISTER
from infrastructure.event_log import SqlEventLog
from infrastructure.keeping import Keeping
from infrastructure.keys import Keys
from infrastructure.log_tables import client_keys
from infrastructure.projection_registry import Aside
from infrastructure.rebuilding import Rebuild
from infrastructure.view_standing import set_aside, statuses
from tests.infrastructure.projecting import Writing, all_rows, opened, played, projections_of

CLIENTS = sorted({one.stream for one in played() if one.stream.startswith("client:")})
POOR = CLIENTS[3]


@pytest.fixture
def log(database_url: str) -> Iterator[SqlEventLog]:
    """An open log that knows no key yet, as when the program has just begun."""
    with opened(database_url) as writing:
        Writing(writing).bring_in(played())
    with opened(database_url) as found:
        yield found


@pytest.mark.parametrize("broken", [{"master": "0123456789abcdef"}, {"wrapped": b"altered"}])
def test_a_key_that_does_not_unwrap_sets_its_owner_aside_alone(
    log: SqlEventLog, broken: dict[str, Any]
):
    with log.database.writing() as connection:
        connection.execute(update(client_keys).where(client_keys.c.owner == POOR).values(**broken))
    projections = projections_of(log)

    assert Keeping(projections).catch_up()

    poor = [("register", POOR.removeprefix("client:"))]
    assert [(one.view, one.owner) for one in set_aside(projections)] == poor
    registered = {f"client:{row.owner}" for row in all_rows(projections)["register"]}
    assert registered == {*CLIENTS} - {POOR}
    rebuilt = Rebuild(projections, list(projections.views.values()), grace=0).run()
    assert {one.view: one.quarantined for one in rebuilt if one.quarantined} == {"register": 1}
    assert [one.compared.differing for one in rebuilt] == [0] * len(rebuilt)


def away(log: SqlEventLog) -> Exception:
    """The error of a database that is locked, or is being started anew."""
    said = "the database is away for a moment"
    return (sqlite3 if log.database.is_sqlite else psycopg).OperationalError(said)


@pytest.mark.parametrize("needs", ["keys", "definitions"])
def test_nobody_is_set_aside_because_the_database_is_away(
    log: SqlEventLog, monkeypatch: pytest.MonkeyPatch, needs: str
):
    projections = projections_of(log)

    def refuse(*_: Any, **__: Any) -> Any:
        raise away(log)

    rules = projections.rules
    with monkeypatch.context() as patched:
        if needs == "keys":
            patched.setattr(Keys, "_fetched", refuse)
        else:
            patched.setattr(projections, "rules", type(rules)(refuse, rules.working_days))
        with pytest.raises(type(away(log))):
            Keeping(projections).catch_up()
        with pytest.raises(type(away(log))):
            Rebuild(projections, list(projections.views.values()), grace=0).run()
    assert set_aside(projections) == []
    assert {one.position for one in statuses(projections)} == {0}

    assert Keeping(projections).catch_up()
    assert set_aside(projections) == []
    rebuilt = Rebuild(projections, list(projections.views.values()), grace=0).run()
    assert [(one.quarantined, one.compared.differing) for one in rebuilt] == [(0, 0)] * 5


def test_many_who_were_set_aside_are_taken_in_some_at_a_time(
    log: SqlEventLog, monkeypatch: pytest.MonkeyPatch
):
    """Acts wait while rows of an inline view are made anew."""

    def refuse(*_: Any) -> Any:
        raise KeyError("a fault")

    broken = projections_of(log, [replace(REGISTER, rows=refuse)])
    assert Keeping(broken).catch_up()
    assert len(set_aside(broken)) == len(CLIENTS)
    monkeypatch.setattr("infrastructure.projector.AT_ONCE", 7)
    mended, at_once = projections_of(log, [REGISTER]), []
    write = mended.writer.write

    def counted(cursor: Any, tables: Any, made: Any, at: int, asides: Any) -> None:
        at_once.append((len(made), len(asides)))
        write(cursor, tables, made, at, asides)

    monkeypatch.setattr(mended.writer, "write", counted)
    assert Keeping(mended).catch_up()
    assert set_aside(mended) == []
    assert at_once == [(7, 7), (7, 7), (6, 6)]


def test_an_act_asks_of_its_own_client_alone_whether_it_was_set_aside(log: SqlEventLog):
    projections = projections_of(log)
    asides = [Aside("register", f"c-{number}", 1, 1, number, "a fault") for number in range(3)]
    with projections.writing() as cursor:
        projections.registry.set_aside(cursor, asides)
        found = projections.registry.asides_among(cursor, "register", ["c-1", "c-7"])
    assert found == {"c-1": 1}
