"""The checkpoints and keys that a log keeps, and whether they go together.

They are in no tree. What somebody put in their rows must not end an audit: it is told as a fault.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, LargeBinary, cast, select

from infrastructure.database import Database
from infrastructure.ledger_tables import checkpoints, ledger_keys
from infrastructure.notes import BadNote, read_checkpoint, read_note
from infrastructure.signing import Verifier, read_verifier


class Kept(NamedTuple):
    """A checkpoint as the log keeps it: its number, the size beside its note, and the note."""

    number: int
    size: Any
    note: str

    @property
    def name(self) -> str:
        """How it is spoken of."""
        return f"checkpoint {self.number}"


class KeptKey(NamedTuple):
    """A public key as the log keeps it, and the size beside it: of the first that it has signed."""

    key: str
    since: Any


def kept_with_keys(database: Database) -> tuple[list[Kept], list[KeptKey]]:
    """Return the checkpoints, the first one first, and the public keys, by their texts.

    Both are as they were at one moment: others give out checkpoints meanwhile.
    """
    with database.reading() as connection:
        given_out = _kept(connection)
        rows = _rows(connection, ledger_keys.c.key, ledger_keys.c.since)
    keys = (KeptKey(told(key), _count(since)) for key, since in rows)
    return given_out, sorted(keys, key=lambda one: one.key)


def readable(keys: Iterable[KeptKey]) -> Iterator[Verifier]:
    """Yield those of the kept keys that are one: `keys_out_of_step` tells of the others."""
    for one in keys:
        with suppress(BadNote):
            yield read_verifier(one.key)


def keys_out_of_step(keys: Iterable[KeptKey], among: Sequence[Kept]) -> Iterator[str]:
    """Yield what does not go together in the keys and checkpoints of a log, in a sentence each."""
    signed = _signed_sizes(among)
    for one in keys:
        try:
            verifier = read_verifier(one.key)
        except BadNote as error:
            yield f"a row of the log's keys was altered: {error}"
            continue
        first = signed.get((verifier.name, verifier.key_id))
        if first is None:
            yield (
                f"the log keeps the key {one.key[:60]}, and no checkpoint that it has signed: the "
                "key was put in, or the checkpoint taken out"
            )
        elif first != one.since:
            yield (
                f"the row of the key {one.key[:60]} says that it signs from {one.since} entries "
                f"on, and its first checkpoint is of {first}: the row was altered"
            )


def _signed_sizes(among: Sequence[Kept]) -> dict[tuple[str, bytes], int]:
    """Return of how many entries the first checkpoint is that each key has signed."""
    sizes: dict[tuple[str, bytes], int] = {}
    for one in among:
        with suppress(BadNote):
            note = read_note(one.note)
            size = read_checkpoint(note.text).size
            for signature in note.signatures:
                sizes.setdefault((signature.name, signature.key_id), size)
    return sizes


def kept(database: Database) -> list[Kept]:
    """Return each checkpoint that was given out, the first one first."""
    with database.reading() as connection:
        return _kept(connection)


def _kept(connection: Connection) -> list[Kept]:
    rows = _rows(connection, checkpoints.c.issued, checkpoints.c.size, checkpoints.c.note)
    every = (Kept(_number(number), _count(size), told(note)) for number, size, note in rows)
    return sorted(every, key=lambda one: one.number)


def as_it_stands(column: Column[Any], *, is_sqlite: bool) -> ColumnElement[Any]:
    """Return how a column is read that may hold what Polku never writes: on SQLite as bytes.

    There a text may be none in UTF-8, which would end the reading of all rows.
    """
    return cast(column, LargeBinary) if is_sqlite else column


def told(value: Any) -> str:
    """Return what was read so as a text; what is none becomes one that nothing takes for right."""
    if value is None:
        return "nothing"
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _number(value: Any) -> int:
    """Return the number of a checkpoint; 0, which none is given, where it is no number."""
    number = _count(value)
    return number if isinstance(number, int) else 0


def _count(value: Any) -> int | str:
    text = told(value)
    return int(text) if re.fullmatch("-?[0-9]{1,19}", text, re.ASCII) else text


def _rows(connection: Connection, *columns: Column[Any]) -> Sequence[Any]:
    is_sqlite = connection.dialect.name == "sqlite"
    every = (as_it_stands(one, is_sqlite=is_sqlite) for one in columns)
    return connection.execute(select(*every)).all()


def out_of_step(among: Sequence[Kept]) -> Iterator[str]:
    """Yield what does not go together in the checkpoints that a log keeps, in a sentence each.

    What their notes say is not looked at here, but for the size.
    """
    numbers = sorted(one.number for one in among)
    for number in (one for one in numbers if one < 1):
        yield f"no checkpoint is given the number {number}: the row was altered"
    for before, after in pairwise([0, *(one for one in numbers if one > 0)]):
        if after != before + 1:
            yield f"before checkpoint {after} there is none of number {after - 1}: it was taken out"
    signed: list[tuple[Kept, int]] = []
    for one in sorted(among, key=lambda kept: kept.number):
        with suppress(BadNote):  # which is told where it is read
            signed.append((one, read_checkpoint(read_note(one.note).text).size))
    for one, size in signed:
        if size != one.size:
            yield (
                f"the row of {one.name} says {one.size} entries, and its note {size}: "
                "the row was altered"
            )
    for (earlier, before), (one, size) in pairwise(signed):
        if size < before:
            yield (
                f"{one.name} is of {size} entries, and {earlier.name}, given out before it, of "
                f"{before}: a log never has fewer, so one of the rows was altered"
            )
