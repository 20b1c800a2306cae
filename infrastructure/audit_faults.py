"""What an audit says: a fault of the log, where it is, and a sentence."""

from enum import StrEnum
from typing import NamedTuple

from infrastructure.ledger_tables import TILE


class Wrong(StrEnum):
    """In which way the log or its ledger is wrong."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    VERSION = "version"
    CLOCK = "clock"
    TILE = "tile"
    TABLE = "table"
    HEAD = "head"
    CHECKPOINT = "checkpoint"


class Fault(NamedTuple):
    """What is wrong, from which position on (0: no row of the log), and a sentence."""

    position: int
    wrong: Wrong
    said: str


def missing_fault(position: int) -> Fault:
    """Say that a row is not there."""
    return Fault(position, Wrong.MISSING, f"the row of position {position} is missing")


def inserted_fault(position: float) -> Fault:
    """Say that a row is there which nobody recorded."""
    said = f"the row of position {position} was never recorded: it was put in"
    return Fault(int(position), Wrong.INSERTED, said)


def clock_fault(position: int) -> Fault:
    """Say that a row was recorded before the one in front of it."""
    said = f"the row of position {position} says it was recorded before the one in front of it"
    return Fault(position, Wrong.CLOCK, said)


def version_fault(position: int, stream: str, version: int, before: int) -> Fault:
    """Say that a stream's version does not follow the one before."""
    said = (
        f"the row of position {position} is version {version} of {stream}, after version {before}"
    )
    return Fault(position, Wrong.VERSION, said)


def tile_fault(first: int, what: str) -> Fault:
    """Say what is wrong with the tile whose first entry is at the position after `first`."""
    said = f"the ledger's tile of positions {first + 1} to {first + TILE} {what}"
    return Fault(first + 1, Wrong.TILE, said)
