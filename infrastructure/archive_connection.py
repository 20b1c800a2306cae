"""How DuckDB is opened for the archive: it reads segments, answers a SELECT, and does no more."""

import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir

import duckdb

from application.evaluation.asking import CannotAsk
from infrastructure.archive_folder import Segment, spilling

NOT_KNOWN_BY_ZERO = {"ieee_floating_point_ops": False, "error_on_division_by_zero": False}
"""What is divided by zero is NULL: not known, and neither infinite nor the end of the question."""


def connected(held: Sequence[Segment], memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """Open DuckDB so that it reads the segments and nothing else."""
    connection = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(_spill(held)),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            **NOT_KNOWN_BY_ZERO,
        }
    )
    places = ", ".join(text(f"{one.folder}{os.sep}") for one in held)
    for setting in (
        f"allowed_directories = [{places}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


def _spill(held: Sequence[Segment]) -> Path:
    """Return the folder in which what is more than the memory goes for a while."""
    if held:
        return spilling(held[0].folder.parent)
    return Path(gettempdir()) / f"polku-archive-{os.getpid()}"


def check_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Make sure that a text is one SELECT. Raises CannotAsk."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type is not duckdb.StatementType.SELECT:
        raise CannotAsk("only one SELECT can be asked: nothing is changed here")


def said(error: duckdb.Error) -> str:
    """Return what DuckDB says is wrong, without the place in the statement."""
    return str(error).split("\n\n")[0].strip()


def text(given: str) -> str:
    """Return a text as SQL takes it."""
    return "'" + given.replace("'", "''") + "'"
