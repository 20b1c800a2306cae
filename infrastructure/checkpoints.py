"""Checkpoints of the ledger: made, kept, copied to a witness, and read again."""

import errno
import fcntl
import os
import stat
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select

from infrastructure.database import Database
from infrastructure.entry_rows import to_micros
from infrastructure.kept_checkpoints import as_it_stands, told
from infrastructure.ledger import Head
from infrastructure.ledger_audit import Claim
from infrastructure.ledger_tables import checkpoints, ledger_keys
from infrastructure.ledger_tree import StoredTree
from infrastructure.notes import BadNote, Checkpoint, read_checkpoint, read_note
from infrastructure.signing import Signer, Verifier, sign, verify

WITNESS_SECONDS: Final = 20
"""How long a witness may take to answer."""

CHECKPOINT_LOCK: Final = 0x706F6C6B63
"""The number of PostgreSQL's advisory lock under which checkpoints are given their numbers."""

_SIGNED = "\u2014 "


class NoCheckpoint(Exception):
    """No checkpoint can be given out. The message says why, and what to do."""


class WitnessFailed(Exception):
    """A checkpoint did not reach the witness. The message says why."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A checkpoint that was given out: its number, what it says, and the note as it is signed."""

    number: int
    said: Checkpoint
    note: str


def issue(database: Database, origin: str, signers: Sequence[Signer], at: datetime) -> Issued:
    """Sign a checkpoint of the tree as it is now, and keep it.

    Raises NoCheckpoint where the tree does not go on from the last one that was given out, or is
    none.
    """
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CHECKPOINT_LOCK})")
        tree = StoredTree(database, connection.connection.driver_connection)
        try:
            number, head = _going_on(connection, tree)
        except (LookupError, ValueError) as error:
            raise NoCheckpoint(
                "the ledger does not have what it must have, so none is signed: `polku audit "
                "verify` says where it was changed"
            ) from error
        said = Checkpoint(origin, head.size, head.frontier.root())
        note = sign(said.text(), signers, int(at.timestamp())).written()
        issued = Issued(number + 1, said, note)
        connection.execute(
            insert(checkpoints),
            {
                "issued": issued.number,
                "size": head.size,
                "issued_at": to_micros(at),
                "note": note,
            },
        )
        _keep_keys(connection, signers, head.size)
    return issued


def _going_on(connection: Connection, tree: StoredTree) -> tuple[int, Head]:
    """Return the number of the last checkpoint, and the head of the tree that goes on from it.

    Raises NoCheckpoint where it does not, and LookupError or ValueError where there is no tree.
    """
    head = tree.head()
    number, before = _last(connection)
    if before is not None and not _goes_on(tree, before, head.size):
        raise NoCheckpoint(
            f"the log does not go on from checkpoint {number} (of {before.size} entries): none is "
            "signed; `polku audit verify` says what is wrong"
        )
    return number, head


def _last(connection: Connection) -> tuple[int, Checkpoint | None]:
    note = as_it_stands(checkpoints.c.note, is_sqlite=connection.dialect.name == "sqlite")
    row = connection.execute(
        select(checkpoints.c.issued, note).order_by(checkpoints.c.issued.desc())
    ).first()
    return (0, None) if row is None else (row[0], read_checkpoint(read_note(told(row[1])).text))


def _goes_on(tree: StoredTree, before: Checkpoint, size: int) -> bool:
    return before.size <= size and tree.root(before.size) == before.root


def _keep_keys(connection: Connection, signers: Sequence[Signer], size: int) -> None:
    """Keep the public keys: checkpoints of today are read when others sign."""
    key = as_it_stands(ledger_keys.c.key, is_sqlite=connection.dialect.name == "sqlite")
    known = {told(one) for one in connection.execute(select(key)).scalars()}
    fresh = [key for key in (one.verifier.vkey() for one in signers) if key not in known]
    if fresh:
        connection.execute(
            insert(ledger_keys), [{"key": key, "since": size} for key in dict.fromkeys(fresh)]
        )


def notes_in(text: str) -> Iterator[str]:
    """Yield the notes of a text, in which one or several follow each other."""
    note: list[str] = []
    for line in text.splitlines(keepends=True):
        if note and note[-1].startswith(_SIGNED) and not line.startswith(_SIGNED):
            yield "".join(note)
            note = []
        if note or line.strip():
            note.append(line)
    if note:
        yield "".join(note)


def claim_of(name: str, note: str, origin: str, known: Iterable[Verifier]) -> Claim:
    """Return what a signed checkpoint says of this log.

    Raises BadNote where it is no checkpoint, of another log, or signed by nobody who is known.
    """
    read = read_note(note)
    said = read_checkpoint(read.text)
    if said.origin != origin:
        raise BadNote(f"it is of another log: {said.origin}, and not {origin}")
    verify(read, list(known))
    return Claim(said.size, said.root, name)


def copy_to_witness(witness: str, note: str) -> None:
    """Add a checkpoint to a file, or send it to an address. Raises WitnessFailed."""
    try:
        if witness.startswith(("https://", "http://")):
            _send(witness, note)
        else:
            add_to(Path(witness), note)
    except (OSError, HTTPException, ValueError) as error:  # an address may be none, too
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise WitnessFailed(
            f"the checkpoint is signed and kept, but the witness {witness} has not got it ({why}): "
            "put it right and run `polku audit checkpoint` again"
        ) from error


def add_to(file: Path, note: str) -> None:
    """Add a note to a file, whole or not at all: behind half of one, none could be read.

    Raises OSError.
    """
    data = note.encode()
    with file.open("ab", buffering=0) as to:
        if not stat.S_ISREG(os.fstat(to.fileno()).st_mode):  # a pipe takes nothing back
            to.write(data)
            return
        fcntl.flock(to, fcntl.LOCK_EX)
        before = os.fstat(to.fileno()).st_size
        try:
            written = to.write(data)
            os.fsync(to.fileno())
        except OSError:
            to.truncate(before)
            raise
        if written < len(data):
            to.truncate(before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _send(address: str, note: str) -> None:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    asked = urllib.request.Request(address, note.encode(), headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=WITNESS_SECONDS):  # noqa: S310 - our own setting
            pass
    except urllib.error.HTTPError as refusal:
        refusal.close()  # it is an open answer, too
        raise
