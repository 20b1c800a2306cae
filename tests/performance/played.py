"""A real log: clients of all five programmes, played from referral to follow-up.

What the tiny events of `attendance` leave out is here: all kinds of events, with their facts,
rules, steps, answers, scores and notes, by many people, on many days.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from application.ports import Recorded
from domain.journey.history import History, JourneyEntry, history_of, state_of
from domain.journey.state import Journey
from infrastructure import schema
from infrastructure.event_log import SqlEventLog, open_log
from infrastructure.ledger_filling import cover_rows
from infrastructure.log_tables import ENTRY, client_keys, events
from infrastructure.row_reader import RowReader
from tests.application.simulated import SHIPPED, casts, stage
from tests.performance.ours import ALL, Reading, opened

COPIED = 1000


class NotTheSame(Exception):
    """What was read is not what was stored."""


def play(file: Path, clients: int, codes: Sequence[str] = SHIPPED) -> int:
    """Play so many clients of each programme into a new SQLite file; return how many entries."""
    url = f"sqlite:///{file}"
    schema.upgrade_url(url)
    with stage(url) as on:
        on.play(casts(clients, codes=codes))
        return on.log.position()


def recorded_in(source: str) -> Iterator[Recorded]:
    """Yield all entries of a played log, with their texts opened."""
    with open_log(f"sqlite:///{source}") as log:
        for recorded in log.read():
            repr(recorded.entry.event)  # a text is opened when it is asked for
            yield recorded


def rows_in(source: str) -> list[tuple[Any, ...]]:
    """Return all rows of a played log."""
    with open_log(f"sqlite:///{source}") as log, log.database.reading() as connection:
        return [tuple(r) for r in connection.execute(select(*ENTRY).order_by(events.c.position))]


def open_rows_in(source: str) -> list[tuple[Any, ...]]:
    """Return all rows of a played log with their texts as they were before they were sealed.

    A log holds such rows from before there were keys: copies of them need none.
    """
    with open_log(f"sqlite:///{source}") as log:
        bodies = [log.names.encode(one.entry.event)[-1] for one in log.read()]
    return [(*row[:-1], body) for row, body in zip(rows_in(source), bodies, strict=True)]


def keys_in(source: str) -> list[dict[str, Any]]:
    """Return the rows of the keys that a played log is sealed with."""
    with open_log(f"sqlite:///{source}") as log, log.database.reading() as connection:
        return [dict(row) for row in connection.execute(select(client_keys)).mappings()]


class Played(Reading):
    """A played log, kept by Polku."""

    def __init__(self, log: SqlEventLog) -> None:
        super().__init__(log)
        self._grouped: dict[str, list[Any]] = {}
        self._bodies: list[tuple[Callable[[bytes], Any], bytes]] = []
        self._in_force: list[tuple[JourneyEntry, ...]] = []

    def copy(self, source: str) -> None:
        """Store what the source holds, and compare all that is read back. Raises NotTheSame."""
        names = [column.name for column in ENTRY]
        rows = [dict(zip(names, row, strict=True)) for row in rows_in(source)]
        with self.log.database.writing() as connection:
            for first in range(0, len(rows), COPIED):
                connection.execute(insert(events), rows[first : first + COPIED])
            self.cover(connection)
            connection.execute(insert(client_keys), keys_in(source))
        for stored, read in zip(recorded_in(source), self.log.read(), strict=True):
            if stored != read:
                raise NotTheSame(f"{stored} was stored, {read} was read")

    def replay(self) -> int:
        """Turn rows of journeys that are in memory into journeys, with what was corrected in them.

        Texts about persons stay sealed: nobody who evaluates opens them.
        """
        return sum(history.version for history in self.histories(RowReader(self.log.names)))

    def histories(self, reader: RowReader) -> Iterator[History]:
        """Yield the history of each journey, from rows that are in memory."""
        for rows in self._journeys().values():
            yield history_of(reader.entries(rows))

    def bodies_alone(self) -> int:
        """Turn the bodies of the same rows into events by msgspec, and do nothing else."""
        if not self._bodies:
            self._bodies = [
                (self.log.names.decoder(name, schema), body)
                for rows in self._journeys().values()
                for _, _, _, name, schema, *_, body in rows
            ]
        return sum(decode(body) is not None for decode, body in self._bodies)

    def fold_alone(self) -> int:
        """Fold the same entries, which are decoded before, into journeys."""
        if not self._in_force:
            histories = self.histories(RowReader(self.log.names))
            self._in_force = [one.in_force for one in histories]
        folded = 0
        for mine in self._in_force:
            state_of(mine)
            folded += len(mine)
        return folded

    def _journeys(self) -> dict[str, list[Any]]:
        """Return the rows of each journey, put together once."""
        if not self._grouped:
            for row in self.log.database.rows(self.log._statements.page, ALL):
                if row[1].startswith("journey:"):
                    self._grouped.setdefault(row[1], []).append(row)
        return self._grouped

    def journeys(self) -> dict[str, Journey]:
        """Return the journeys that a replay comes to, with their texts opened."""
        opened = self.histories(RowReader(self.log.names, self.log.keys))
        return dict(zip(self._journeys(), (one.journey for one in opened), strict=True))

    def cover(self, connection: Connection) -> None:
        """Have the ledger cover rows that were written by SQL."""
        cursor = connection.connection.cursor()
        cover_rows(cursor, is_sqlite=self.log.database.is_sqlite)
        cursor.close()


def played(where: dict[str, Any]) -> Played:
    """A log that a played one is copied into."""
    return Played(opened(where))
