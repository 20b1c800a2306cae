"""Entries that nobody can read, written past Polku as a fault would leave them."""

from infrastructure.event_log import SqlEventLog
from infrastructure.ledger_filling import cover_rows

_AT = "(SELECT max(position) FROM events) + 1"
_COLUMNS = (
    "position, stream, version, name, schema_version, occurred_on, recorded_at, actor, "
    "organisation, body"
)


def spoil(log: SqlEventLog, stream: str, name: str = "referral-accepted") -> int:
    """Write an entry that no program can read, or one that this program does not know.

    Its stream may be new. Returns its position.
    """
    body = "x'7b'" if log.database.is_sqlite else "'\\x7b'::bytea"
    return _write(
        log,
        f"SELECT {_AT}, '{stream}', (SELECT coalesce(max(version), 0) + 1 FROM events "
        f"WHERE stream = '{stream}'), '{name}', 1, '2025-03-03', max(recorded_at), 'p', 'o', "
        f"{body} FROM events",
    )


def move(log: SqlEventLog, stream: str, name: str) -> int:
    """Write an entry again at another place, where its texts do not open; return the position."""
    return _write(
        log,
        f"SELECT {_AT}, stream, (SELECT max(version) + 1 FROM events WHERE stream = '{stream}'), "
        "name, schema_version, occurred_on, recorded_at, actor, organisation, body FROM events "
        f"WHERE stream = '{stream}' AND name = '{name}'",
    )


def _write(log: SqlEventLog, row: str) -> int:
    with log.database.writing() as connection:
        connection.exec_driver_sql(f"INSERT INTO events ({_COLUMNS}) {row}")
        cover_rows(connection.connection.cursor(), is_sqlite=log.database.is_sqlite)
    return log.position()
