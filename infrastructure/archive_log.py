"""How the archive stands to the log that it follows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infrastructure.archive_folder import Segment
from infrastructure.database import Database
from infrastructure.ledger_tree import StoredTree


class AnotherLog(Exception):
    """The archive is not that of the log; the message says what to do."""


class EntryMissing(Exception):
    """The log has no entry at a position that its ledger counts; the message says which."""


def check_log(folder: Path, held: Sequence[Segment], database: Database) -> None:
    """Make sure that segments are of the database's log. Raises AnotherLog."""
    if not held:
        return
    last, tree = held[-1], StoredTree(database)
    try:
        same = (tree.root(1).hex(), tree.root(last.until).hex()) == (last.log, last.root)
    except ValueError:  # the log is shorter than its archive
        same = False
    if not same:
        raise AnotherLog(
            f"the archive in {folder} is of another log than "
            f"{database.url.render_as_string(hide_password=True)}: set POLKU_ARCHIVE to another "
            "folder, or remove this one, and it is written anew"
        )


def check_page(page: Sequence[Any], after: int, until: int) -> None:
    """Make sure that a page has a row for each position. Raises EntryMissing.

    The rows are in order, each with its position first. An archive without one of them would tell
    the ledger's root of a log that it does not hold.
    """
    if len(page) == until - after:
        return
    held = {row[0] for row in page}
    gone = next(position for position in range(after + 1, until + 1) if position not in held)
    raise EntryMissing(
        f"the row of position {gone} is missing from the log: `polku audit verify` says what else "
        "is wrong with it; restore it from a backup"
    )


def head(database: Database) -> int:
    """Return the position of the log's newest entry, 0 for an empty log."""
    rows: list[Any] = database.rows("SELECT max(position) FROM events", {})
    return int(rows[0][0] or 0)
