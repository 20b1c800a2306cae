"""Clearing what is left in files of data whose keys are destroyed."""

import sqlite3
import time
from collections.abc import Sequence
from typing import Any

from application.erasing import Cleared
from application.signed_in import signed_in_by
from domain.kinds import DataKind
from domain.wording import said
from infrastructure.keeping import bring_up_to_date
from infrastructure.projections import Projections
from infrastructure.rebuild_leavings import clear_left_behind
from infrastructure.view_queries import ViewQueries
from infrastructure.view_tables import ViewTables

SECONDS_TO_TRY = 10.0
"""How long other readers of a SQLite file are waited for."""

REGISTER = "register"

OF_REGISTER = frozenset({DataKind.IDENTITY.value, DataKind.CONTACT.value})
"""The kinds of data that the register's rows are made of."""

BEING_REBUILT = said("the tables of views that are being rebuilt: do it again when that has ended")

LOG_IN_USE = said("the write-ahead log beside the file, until nobody reads it: do it again")

OF_POSTGRESQL = said(
    "PostgreSQL's free pages and write-ahead log may hold older rows of the views, and keys that "
    "are destroyed (wrapped by the master key), until they are recycled"
)

SIGNED_IN = said(
    "the ids that the client signed in by, under which acts and readings were recorded before "
    "clients went by their own id: they may tell who it was"
)

BACKUPS = said("backups of the database from before, until they are overwritten")

WRITTEN_OUT = said(
    "files that were written out before, wherever they were put: copies for the client, and "
    "bundles, whose page tells the texts"
)


def clear(projections: Projections, streams: Sequence[str]) -> Cleared:
    """Clear what views, searches and files still have of streams whose keys are destroyed."""
    bring_up_to_date(projections)
    clear_left_behind(projections)
    _drop_set_aside(projections)
    _forget_words(projections)
    done = [said("every view and the search"), said("what was known of past requests")]
    if not projections.database.is_sqlite:
        _vacuum(projections)
        elsewhere: tuple[str, ...] = (OF_POSTGRESQL,)
    elif projections.database.in_memory:
        elsewhere = ()
    else:
        elsewhere = _rewritten(projections)
        done.append(said("the database's file and its write-ahead log, written anew"))
    keys = projections.log.keys.counted(streams)
    standings = projections.registry.read().values()
    if any(one.building is not None or one.retired is not None for one in standings):
        elsewhere = (*elsewhere, BEING_REBUILT)
    if _signed_in_otherwise(projections, streams):
        elsewhere = (*elsewhere, SIGNED_IN)
    return Cleared(keys, tuple(done), (*elsewhere, BACKUPS, WRITTEN_OUT))


def _signed_in_otherwise(projections: Projections, streams: Sequence[str]) -> bool:
    """Whether a client of the streams was recorded under an id that is no client's."""
    ids = [one.removeprefix("client:") for one in streams if one.startswith("client:")]
    look_up = ViewQueries(projections).readings
    return any(True for _ in signed_in_by(projections.log, ids, look_up))


def _drop_set_aside(projections: Projections) -> None:
    """Drop the rows of erased clients whom the register could not take: the old ones stayed."""
    counted, tables = projections.log.keys.counted, _register(projections)
    aside = [one.owner for one in projections.registry.asides() if one.view == REGISTER]
    erased = [one for one in aside if not OF_REGISTER.isdisjoint(counted([f"client:{one}"]))]
    if tables is not None and erased:
        with projections.writing(under_lock=True) as cursor:
            tables.replace(cursor, erased, ())


def _forget_words(projections: Projections) -> None:
    """Forget the forms of words that no client has any more."""
    tables = _register(projections)
    if tables is not None:
        with projections.writing(under_lock=True) as cursor:
            tables.forget_words(cursor)


def _register(projections: Projections) -> ViewTables | None:
    """Return the register's live tables; None where there are none yet."""
    standing = projections.registry.read().get(REGISTER)
    if standing is None or not standing.generation:
        return None
    return projections.tables(projections.views[REGISTER], standing.generation)


def _vacuum(projections: Projections) -> None:
    """Have PostgreSQL take away what the views, keys and requests no longer have."""
    with projections.database.connection() as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() "
            "AND tablename LIKE 'view_register_%'"
        ).fetchall()
        for name in (*(table for (table,) in tables), "client_keys", "idempotency_keys"):
            connection.execute(f"VACUUM {name}")


def _rewritten(projections: Projections) -> tuple[str, ...]:
    """Write a SQLite file anew, and empty its write-ahead log; return what could not be."""
    until = time.monotonic() + SECONDS_TO_TRY
    with projections.database.connection() as connection:
        while True:
            try:
                connection.execute("VACUUM")
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    raise
                busy = 1
            if not busy:
                return ()
            if time.monotonic() > until:
                return (LOG_IN_USE,)
            time.sleep(0.1)


def _is_busy(error: Any) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
