"""Writing to the log: one transaction at a time, under the lock that gives positions.

Everything a command needs to be judged by (its stream's version, its key, the newest position and
instant) is read under the lock, so that nobody can come in between.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import eq
from typing import TYPE_CHECKING, Any, NamedTuple

from application.ports import Append, Destroying, KeyReused, Receipt, VersionConflict
from infrastructure.database import Database, is_lost
from infrastructure.entry_rows import Body, entries, place, to_instant, to_micros
from infrastructure.key_rows import KeyRow
from infrastructure.ledger import EMPTY_HEAD, Head, Ledger
from infrastructure.log_statements import Statements, json_list
from infrastructure.log_tables import Row
from infrastructure.logging import messages
from infrastructure.placed_rows import Placed
from infrastructure.sealing import Sealing

if TYPE_CHECKING:
    from infrastructure.inline_views import InlineViews

FEW = 40
"""Rows that are sent one by one, together in one way to the server; more are copied."""

STRETCH = 2_000
"""Rows that SQLite takes at a time: who stops the process is not heard meanwhile."""


class KnownKey(NamedTuple):
    """What was answered under an idempotency key, as it is stored."""

    key: str
    request: str
    stream: str
    first_version: int
    last_version: int
    position: int
    recorded_at: int


@dataclass(slots=True, eq=False)
class Command:
    """A command with its events encoded, and later its answer.

    The answer is a receipt, an error, or the stored answer that the key was given before. `sealing`
    has the new keys that its events are sealed with.
    """

    append: Append
    bodies: list[Body]
    answer: Receipt | KnownKey | BaseException | None = None
    sealing: Sealing | None = None


class _Refused(Exception):
    """The database refused something in a group."""


@dataclass(slots=True)
class _Tail:
    """How the log ends, as a transaction sees it while it adds to it."""

    position: int = 0
    micros: int = 0
    ledger: Head = EMPTY_HEAD
    heads: dict[str, tuple[int, int]] = field(default_factory=dict)
    keys: dict[str, KnownKey] = field(default_factory=dict)
    answers: dict[str, Receipt] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    key_rows: list[KnownKey] = field(default_factory=list)
    drafts: list[Placed] = field(default_factory=list)
    client_keys: list[KeyRow] = field(default_factory=list)
    destroyed_at: int | None = None
    destroying: list[Destroying] = field(default_factory=list)


def nothing_to_destroy(_cursor: Any, destroying: Destroying, _micros: int) -> None:
    """Refuse to destroy keys where there are none."""
    raise ValueError(f"there are no keys of {', '.join(destroying.streams)} to destroy")


class LogWriter:
    """Appends commands, many in one transaction; each is judged by itself."""

    def __init__(
        self,
        database: Database,
        statements: Statements,
        clock: Callable[[], datetime],
        views: "InlineViews | None" = None,
        sealed_anew: Callable[[int, Sequence[Command]], None] | None = None,
        is_same: Callable[[str, str], bool] = eq,
        destroy: Callable[[Any, Destroying, int], None] = nothing_to_destroy,
    ) -> None:
        """Take, beside where and how to write, what seals, compares digests and destroys keys.

        `sealed_anew` is given the instant (microseconds) at which keys were destroyed last, and
        seals those commands again that did not know of it.
        """
        self._database, self._statements, self._clock = database, statements, clock
        self._views, self._sealed_anew, self._is_same = views, sealed_anew, is_same
        self._destroy = destroy
        self._ledger = Ledger(is_sqlite=database.is_sqlite)
        self._one_at_a_time = threading.Lock()

    def write(self, commands: Sequence[Command]) -> None:
        """Append the commands in one transaction and note each one's answer in it."""
        try:
            with self._one_at_a_time:
                if not self._all_at_once(commands):
                    self._one_by_one(commands)
        except BaseException as error:
            for command in commands:
                command.answer = error
            if not isinstance(error, Exception):
                raise

    def write_together(self, commands: Sequence[Command]) -> None:
        """Append all of the commands or, raising the first refusal, none."""
        with self._one_at_a_time, self._transaction() as cursor:
            tail = self._judge(cursor, commands)
            for command in commands:
                if isinstance(command.answer, Exception):
                    raise command.answer
            self._insert(cursor, tail)

    @contextmanager
    def appending(self) -> Iterator[tuple[Any, int, int]]:
        """Begin a transaction under the lock; give the cursor, newest position and instant."""
        with self._one_at_a_time, self._transaction() as cursor:
            tail = self._judge(cursor, ())
            yield cursor, tail.position, tail.micros

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """Begin a transaction under the log's lock and give its cursor; commit it at the end."""
        with self._database.connection(self._statements.begin) as connection:
            cursor = connection.cursor()
            try:
                self._database.check_file()
                yield cursor
                cursor.execute(self._statements.commit)
            except BaseException:
                with suppress(Exception):  # an interrupted connection is beyond it: thrown away
                    connection.rollback()
                raise
            finally:
                cursor.close()

    def _all_at_once(self, commands: Sequence[Command]) -> bool:
        """Write the group in the fast way; False where the database refused something in it."""
        try:
            with self._transaction() as cursor:
                try:
                    self._insert(cursor, self._judge(cursor, commands))
                except Exception as error:
                    if is_lost(error):
                        raise
                    raise _Refused from error
        except _Refused:
            return False
        return True

    def _one_by_one(self, commands: Sequence[Command]) -> None:
        """Write the group once more, each command by itself, to find whom the database refuses."""
        with self._transaction() as cursor:
            for command in commands:
                self._alone(cursor, command)

    def _alone(self, cursor: Any, command: Command) -> None:
        cursor.execute("SAVEPOINT one")
        try:
            tail = self._judge(cursor, (command,))
            drafts, tail.drafts = tail.drafts, []
            self._insert(cursor, tail)
        except Exception as error:
            if is_lost(error):
                raise
            cursor.execute("ROLLBACK TO SAVEPOINT one")
            command.answer = error
        else:
            self._draft_alone(cursor, drafts)
        cursor.execute("RELEASE SAVEPOINT one")

    def _draft_alone(self, cursor: Any, drafts: Sequence[Placed]) -> None:
        """Write rows of views; where that fails, they are left to those who keep the views."""
        cursor.execute("SAVEPOINT drafts")
        try:
            self._write_views(cursor, drafts)
        except Exception as error:
            if is_lost(error):
                raise
            cursor.execute("ROLLBACK TO SAVEPOINT drafts")
            messages().error("views-not-written", failure=error)
        cursor.execute("RELEASE SAVEPOINT drafts")

    def _write_views(self, cursor: Any, drafts: Sequence[Placed]) -> None:
        if drafts and self._views is not None:
            self._views.write(cursor, drafts)

    def _judge(self, cursor: Any, commands: Sequence[Command]) -> _Tail:
        tail = self._tail(cursor, commands)
        tail.micros = max(tail.micros, to_micros(self._clock()))
        if self._sealed_anew is not None and tail.destroyed_at is not None:
            self._sealed_anew(tail.destroyed_at, commands)
        moment = to_instant(tail.micros)
        for command in commands:
            command.answer = self._decide(tail, command, moment)
        return tail

    def _tail(self, cursor: Any, commands: Sequence[Command]) -> _Tail:
        tail = _Tail()
        appends = [command.append for command in commands]
        others = {stream for append in appends for stream, _ in append.leaning_on}
        streams = json_list({append.stream for append in appends} | others)
        asked = {command.append.key for command in commands if command.append.key is not None}
        lend = cursor.connection.cursor
        with (
            self._together(cursor),
            closing(lend()) as other,
            closing(lend()) as third,
        ):
            cursor.execute(self._statements.heads, {"streams": streams})
            if asked:
                other.execute(self._statements.known_keys, {"keys": json_list(asked)})
                tail.keys = {row[0]: KnownKey(*row) for row in other.fetchall()}
            ledger: tuple[Any, Any] | None = None
            for stream, version, position, edge in cursor.fetchall():
                if edge is not None:
                    ledger = version, edge
                elif stream is None:
                    tail.micros, tail.position = version, position
                elif version is not None:
                    tail.heads[stream] = version, position
            tail.ledger = self._ledger.head(ledger, tail.position)
            if any(command.sealing and command.sealing.used for command in commands):
                third.execute(self._statements.destroyed)
                tail.destroyed_at = third.fetchall()[0][0] or 0
        return tail

    def _together(self, cursor: Any) -> AbstractContextManager[Any]:
        """Send statements in one way to the server and back, where there is a server."""
        return nullcontext() if self._database.is_sqlite else cursor.connection.pipeline()

    def _decide(
        self, tail: _Tail, command: Command, moment: datetime
    ) -> Receipt | KnownKey | Exception:
        append = command.append
        if append.key is not None and append.key in tail.keys:
            known = tail.keys[append.key]
            if not self._is_same(known.request, append.request):
                return KeyReused(append.key)
            given = tail.answers.get(append.key)
            return replace(given, repeated=True) if given else known
        version, position = tail.heads.get(append.stream, (0, 0))
        if version != append.expected_version:
            return VersionConflict(append.stream, append.expected_version, version)
        for stream, seen in append.leaning_on:
            there, _ = tail.heads.get(stream, (0, 0))
            if there != seen:
                return VersionConflict(stream, seen, there)
        return _accept(tail, command, moment, position)

    def _insert(self, cursor: Any, tail: _Tail) -> None:
        if len(tail.rows) + len(tail.key_rows) + len(tail.client_keys) <= FEW:
            with self._together(cursor):
                self._insert_few(cursor, self._statements.insert_event, tail.rows)
                self._insert_few(cursor, self._statements.insert_key, tail.key_rows)
                self._insert_few(cursor, self._statements.insert_client_key, tail.client_keys)
                self._ledger.record(cursor, tail.ledger, tail.rows)
        else:
            self._insert_many(cursor, self._statements.insert_events, tail.rows)
            self._insert_many(cursor, self._statements.insert_keys, tail.key_rows)
            self._insert_many(cursor, self._statements.insert_client_keys, tail.client_keys)
            self._ledger.record(cursor, tail.ledger, tail.rows)
        for destroying in tail.destroying:
            self._destroy(cursor, destroying, tail.micros)
        self._write_views(cursor, tail.drafts)

    def insert_rows(self, cursor: Any, rows: Sequence[Row]) -> None:
        """Insert rows of the events table, within a transaction of `appending`."""
        ledger = self._tail(cursor, ()).ledger
        self._insert_many(cursor, self._statements.insert_events, rows)
        self._ledger.record(cursor, ledger, rows)

    def _insert_few(self, cursor: Any, statement: str, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if self._database.is_sqlite:
            cursor.executemany(statement, rows)
        else:
            for row in rows:
                cursor.execute(statement, row)

    def _insert_many(self, cursor: Any, statement: str, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if self._database.is_sqlite:
            for begin in range(0, len(rows), STRETCH):
                cursor.executemany(statement, rows[begin : begin + STRETCH])
        else:
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)


def _accept(tail: _Tail, command: Command, moment: datetime, position: int) -> Receipt:
    append = command.append
    version = append.expected_version + len(command.bodies)
    made = entries(append, tail.position, moment)
    if made:
        tail.rows += place(append, command.bodies, tail.position, tail.micros)
        position = tail.position = tail.position + len(made)
        tail.heads[append.stream] = version, position
        if append.destroying is not None:
            tail.destroying.append(append.destroying)
        if command.sealing is not None:
            tail.client_keys += command.sealing.rows
        for drafted in append.drafted:
            tail.drafts.append(Placed(drafted, version, position, tail.micros))
    receipt = Receipt(append.stream, version, position, made)
    if append.key is not None:
        first = append.expected_version + 1
        row = KnownKey(
            append.key, append.request, append.stream, first, version, position, tail.micros
        )
        tail.key_rows.append(row)
        tail.keys[append.key], tail.answers[append.key] = row, receipt
    return receipt
