"""The ledger's tables, its few statements, and how hashes are stored in them."""

from struct import unpack_from
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from domain.merkle import HASH_SIZE
from infrastructure.log_tables import metadata

SINCE = {"since": "0003"}

TILE: Final = 256
"""Hashes of a tile."""

tail = Table(
    "ledger_tail",
    metadata,
    Column(
        "size",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("leaves", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    info=SINCE,
)
"""What the last transactions added: how many entries the tree holds after each, the hashes of its
leaves that are in no tile yet, and the tree's right edge. The row of the greatest size is the
ledger's head; when a tile is complete, the rows before it are forgotten."""

tiles = Table(
    "ledger_tiles",
    metadata,
    Column("level", Integer, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("root", LargeBinary, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
    info=SINCE,
)
"""Complete tiles: 256 hashes that stand side by side, joined, and the hash over them. Those of
level 0 are hashes of entries, those of level n the roots of 256 tiles of level n - 1."""

checkpoints = Table(
    "ledger_checkpoints",
    metadata,
    Column("issued", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    info=SINCE,
)
"""Every checkpoint that was given out, by its number, as it was signed."""

ledger_keys = Table(
    "ledger_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
    info=SINCE,
)
"""Public keys that have signed checkpoints, and of how many entries the first one was."""

every_table: Final = metadata
"""The tables of the log with those of the ledger."""


class LedgerStatements:
    """The ledger's statements as texts of one database's driver."""

    def __init__(self, *, is_sqlite: bool) -> None:
        mark = "?" if is_sqlite else "%s"
        self.head: Final = "SELECT size, frontier FROM ledger_tail ORDER BY size DESC LIMIT 1"
        self.unfinished: Final = "SELECT leaves FROM ledger_tail ORDER BY size"
        self.add: Final = (
            f"INSERT INTO ledger_tail (size, leaves, frontier) VALUES ({mark}, {mark}, {mark})"
        )
        self.forget: Final = f"DELETE FROM ledger_tail WHERE size < {mark}"
        self.complete: Final = (
            "INSERT INTO ledger_tiles (level, number, root, hashes) "
            f"VALUES ({mark}, {mark}, {mark}, {mark})"
        )
        self.roots: Final = (
            f"SELECT root FROM ledger_tiles WHERE level = {mark} "
            f"AND number >= {mark} AND number < {mark} ORDER BY number"
        )
        self.tiles: Final = (
            f"SELECT number, root, hashes FROM ledger_tiles WHERE level = {mark} "
            f"AND number >= {mark} AND number < {mark} ORDER BY number"
        )
        self.hashes: Final = (
            f"SELECT hashes FROM ledger_tiles WHERE level = {mark} "
            f"AND number >= {mark} AND number < {mark} ORDER BY number"
        )


def split(joined: bytes) -> tuple[bytes, ...]:
    """Return the hashes that are stored joined; the last is a part of one where bytes are left."""
    whole, left = divmod(len(joined), HASH_SIZE)
    hashes = unpack_from(f"{HASH_SIZE}s" * whole, joined)
    return (*hashes, joined[-left:]) if left else hashes


def stored_bytes(value: Any) -> bytes:
    """Return bytes as a row has them; where it has something else, which SQLite takes, no hash."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b"?"
