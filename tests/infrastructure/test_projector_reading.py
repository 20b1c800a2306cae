"""Who is set aside for what cannot be read: whose it is alone, and nobody for the database."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import update

from infrastructure.event_log import SqlEventLog
from infrastructure.keeping import Keeping
from infrastructure.keys import Keys
from infrastructure.log_tables import client_keys
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
