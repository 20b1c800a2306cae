"""The archive's documented tables without any rows, to try SQL on before there is an archive."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from application.evaluation.asking import CannotAsk, Rows
from application.evaluation.tables import tables
from infrastructure.archive_connection import NOT_KNOWN_BY_ZERO


class BlankTables:
    """Answers as the archive does, from tables in memory that are empty until they are filled."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """Return what one SELECT gives. Raises CannotAsk."""
        try:
            statements = duckdb.extract_statements(sql)
            if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
                raise CannotAsk("one SELECT is wanted, and nothing beside it")
            answer = self._connection.execute(statements[0], list(parameters))
            columns = tuple(column[0] for column in answer.description or ())
            return Rows(columns, answer.fetchall())
        except duckdb.Error as error:
            raise CannotAsk(plainly(str(error))) from error

    def expect(self, *texts: str) -> None:
        """Hear of SQL that is asked later: all tables are there with all their columns."""

    def fill(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put rows into a table; a column that a row does not name is NULL."""
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            self._connection.execute(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values())
            )


@contextmanager
def blank_tables() -> Iterator[BlankTables]:
    """Open the documented tables, each without rows."""
    with empty_tables() as connection:
        yield BlankTables(connection)


def empty_tables() -> duckdb.DuckDBPyConnection:
    """Make the documented tables in memory, each without rows."""
    connection = duckdb.connect(
        ":memory:", config={"enable_external_access": False, **NOT_KNOWN_BY_ZERO}
    )
    for table in tables().values():
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
    return connection


def plainly(error: str) -> str:
    """Return DuckDB's message in one line, without the SQL that was made around it."""
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("LINE ", "^"))]
    return " ".join(kept) or error
