"""The event log: the one order of everything that was recorded, in SQLite or PostgreSQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain
from os import urandom
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from application.ports import Append, KeyReused, Receipt, Recorded, Unread
from domain.entry import Entry
from infrastructure import schema
from infrastructure.clock import utc_now
from infrastructure.database import Database, may_only_read, serves_nobody
from infrastructure.entry_rows import (
    EPOCH,
    Body,
    bodies,
    check_envelope,
    recorded_at,
    to_instant,
    to_micros,
)
from infrastructure.event_names import EventNames
from infrastructure.following import Bell, Following, Waiting
from infrastructure.group_commit import GroupCommit
from infrastructure.key_rows import owner_of
from infrastructure.keys import Keys
from infrastructure.log_statements import json_object, statements_of
from infrastructure.log_writer import Command, KnownKey, LogWriter
from infrastructure.master_keys import MasterKeys
from infrastructure.registered_events import registered_events
from infrastructure.row_reader import RowReader
from infrastructure.sealing import Sealing
from infrastructure.settings import master_keys_for

if TYPE_CHECKING:
    from application.views.view import View
    from infrastructure.inline_views import InlineViews

SQLITE_PAGE, POSTGRESQL_PAGE = 500, 2000
"""Rows that are read at a time: few enough to stay in the processor's cache until they are decoded,
and for a server enough that the way there does not count."""

GROUP = 256
"""Commands that are committed together at most."""

POLL_SECONDS = 0.2
"""How late a follower hears of an entry at worst."""

LAST = 2**62

_THERE_AND_BACK = (
    "UPDATE projections SET updated_at = updated_at + 1",
    "UPDATE projections SET updated_at = updated_at - 1",
)
"""What changes nothing, and is written all the same: SQLite writes no row that is as it was."""


def open_log(
    url: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    names: EventNames | None = None,
    views: Sequence["View[Any]"] = (),
    masters: Callable[[], MasterKeys] | None = None,
    random: Callable[[int], bytes] = urandom,
) -> "SqlEventLog":
    """Open the log of the database at the URL; close it when done.

    `clock` gives the instants that entries are recorded at; rows of the inline ones of `views` are
    written with the entries. `masters` gives the master keys when they are first needed, by default
    those of the settings; `random` is the source of keys. Raises SchemaOutOfStep where the tables
    are not this program's, BrokenNames where stored names and classes do not fit together.
    """
    names = registered_events() if names is None else names
    names.check()
    database = Database(url)
    try:
        if database.in_memory:
            schema.upgrade(database)  # it can only be new
        schema.check(database)
        keys = Keys(database, masters or partial(master_keys_for, database.url), random)
        return SqlEventLog(database, names, clock, views, keys)
    except BaseException:
        database.close()
        raise


def _inline(database: Database, views: Sequence["View[Any]"]) -> "InlineViews | None":
    if not views:
        return None
    from infrastructure.inline_views import InlineViews  # noqa: PLC0415 - reading waits for none

    return InlineViews(database, views)


class SqlEventLog:
    """The event log (`application.ports.EventLog`) on SQLite or PostgreSQL."""

    def __init__(
        self,
        database: Database,
        names: EventNames,
        clock: Callable[[], datetime],
        views: Sequence["View[Any]"],
        keys: Keys,
    ) -> None:
        self.database, self.names, self.keys = database, names, keys
        self._clock = clock
        self._statements = statements_of(is_sqlite=database.is_sqlite)
        self._writer = LogWriter(
            database,
            self._statements,
            clock,
            _inline(database, views),
            self._seal_anew,
            keys.is_same,
            keys.destroy,
        )
        self._group = GroupCommit(self._writer.write, most=GROUP)
        self._reader = RowReader(names, keys)
        self._page = SQLITE_PAGE if database.is_sqlite else POSTGRESQL_PAGE
        self._bell = Bell()
        self._moving = Lock()
        self._latest = self._last_instant()
        self._refused = False

    def append(self, append: Append) -> Receipt:
        """Append one command's events, together with what other threads ask for meanwhile.

        Raises VersionConflict, KeyReused, UnstorableEvent, UnknownEvent, ValueError or the
        driver's error.
        """
        command = self._command(append)
        self._group.submit(command)
        answer = self._settled(command)
        if isinstance(answer, Receipt):
            return answer
        raise answer

    def append_all(
        self, appends: Sequence[Append], *, together: bool = False
    ) -> list[Receipt | Exception]:
        """Append many commands in one transaction, in order; one answer each.

        One command's refusal leaves the others be, unless `together`: then the first refusal is
        raised and nothing is stored.
        """
        prepared = [self._prepare(append, together=together) for append in appends]
        commands = [one for one in prepared if isinstance(one, Command)]
        if commands:
            (self._writer.write_together if together else self._writer.write)(commands)
        return [self._settled(one) if isinstance(one, Command) else one for one in prepared]

    def _command(self, append: Append) -> Command:
        check_envelope(append)
        if append.key is not None:
            append = replace(append, request=self.keys.keyed(append.request))
        bodies, sealing = self._encoded(append)
        return Command(append, bodies, sealing=sealing)

    def _encoded(self, append: Append) -> tuple[list[Body], Sealing | None]:
        """Return a command's events as they are stored, and what sealed them, if anything did."""
        owner = owner_of(append.stream)
        if owner is None:
            return bodies(append, self.names), None
        is_new = append.expected_version == 0 and owner == append.stream
        now = to_micros(self._clock())
        sealing = Sealing(self.keys, owner, append.stream, now, is_new=is_new)
        made = bodies(append, self.names, sealing)
        return made, sealing if sealing.used else None

    def _seal_anew(self, destroyed_at: int, commands: Sequence[Command]) -> None:
        """Seal those commands again whose keys may have been destroyed since."""
        self.keys.destroyed(destroyed_at)
        for command in commands:
            if command.sealing is not None and command.sealing.as_of != self.keys.as_of:
                command.bodies, command.sealing = self._encoded(command.append)

    def _prepare(self, append: Append, *, together: bool) -> Command | Exception:
        try:
            return self._command(append)
        except Exception as error:
            if together:
                raise
            return error

    def _settled(self, command: Command) -> Receipt | Exception:
        answer = command.answer
        if isinstance(answer, Receipt):
            self._refused = False
            if command.sealing is not None and not answer.repeated:
                command.sealing.stored()
            self._heard(answer)
            if command.append.destroying is not None:
                self.keys.look_for_destroyed()
            return answer
        if isinstance(answer, KnownKey):
            return self._first_answer(answer)
        if isinstance(answer, Exception):
            self._refused |= serves_nobody(answer) or may_only_read(answer)
            return answer
        return RuntimeError("the command was given up with its process's other work: ask again")

    def _heard(self, receipt: Receipt) -> None:
        if receipt.entries and not receipt.repeated:
            self._at_least(receipt.entries[-1].recorded_at)
            self._bell.ring()

    def _at_least(self, instant: datetime) -> datetime:
        """Have the log's clock not stand before an instant; return how it stands."""
        with self._moving:
            self._latest = max(self._latest, instant)
            return self._latest

    def load(self, stream: str, *, after: int = 0) -> list[Entry[Any]]:
        """Return the stream's entries with a version above `after`, in order."""
        rows = self._rows(self._statements.load, {"stream": stream, "after": after})
        return list(self._reader.entries(rows))

    def load_many(self, after: Mapping[str, int]) -> dict[str, list[Entry[Any]]]:
        """Return what `load` returns of many streams, each above a version of its own, at once."""
        found: dict[str, list[Entry[Any]]] = {stream: [] for stream in after}
        asked = {"after": json_object(after)}
        for one in self._reader.recorded(self._rows(self._statements.load_many_after, asked)):
            found[one.stream].append(one.entry)
        return found

    def read(
        self, *, after: int = 0, until: int | None = None, unread: Unread | None = None
    ) -> Iterator[Recorded]:
        """Yield all entries in the log's order, positions above `after` up to `until`.

        Raises NotReadable at one that cannot be read; where `unread` is given, it is told instead.
        """
        return chain.from_iterable(self._pages(after, until, unread))

    def _pages(
        self, after: int, until: int | None, unread: Unread | None
    ) -> Iterator[Iterator[Recorded]]:
        asked = {"after": after, "until": LAST if until is None else until, "limit": self._page}
        while rows := self._rows(self._statements.page, asked):
            if unread is None:
                yield self._reader.recorded(rows)
            else:
                yield self._reader.readable(rows, unread)
            if len(rows) < self._page:
                return
            asked["after"] = rows[-1][0]

    def follow(
        self, *, after: int = 0, poll: float = POLL_SECONDS, unread: Unread | None = None
    ) -> Following:
        """Yield all entries in order and wait for new ones, until the iterator is closed.

        New entries are heard of within `poll` seconds, mostly at once. Raises as `read` does. What
        cannot be read is told to `unread` once, also where nothing has followed it yet.
        """
        passed = [after]

        def pass_over(position: int) -> None:
            passed[0] = position
            if unread is not None:
                unread(position)

        def read(position: int) -> Iterator[Recorded]:
            over = None if unread is None else pass_over
            return self.read(after=max(position, *passed), unread=over)

        return Following(read, self.waiting(poll), after)

    def waiting(self, poll: float = POLL_SECONDS) -> Waiting:
        """Return what waits until something may have been recorded; close it when done."""
        return Waiting(self.database, self._bell, poll)

    def streams(self, prefix: str) -> list[str]:
        """Return the ids of the streams that begin so, sorted ("programme:": all programmes)."""
        asked = {"since": prefix, "until": prefix + "\U0010ffff"}
        return [stream for (stream,) in self._rows(self._statements.streams, asked)]

    def telling_of(self, clients: Sequence[str]) -> list[str]:
        """Return the streams, sorted, that ever told something of clients by name."""
        return self.keys.telling_of([f"client:{client}" for client in clients])

    def id_for(self, told: str, *, storing: bool = True) -> str:
        """Return the id of what a text tells, made with a secret of the log."""
        return self.keys.id_for(told, storing=storing)

    def answer(self, key: str, request: str) -> Receipt | None:
        """Return the first answer given under the key, if any. Raises KeyReused."""
        rows = self._rows(self._statements.known_key, {"key": key})
        if not rows:
            return None
        known = KnownKey(*rows[0])
        if not self.keys.is_same(known.request, self.keys.keyed(request)):
            raise KeyReused(key)
        return self._first_answer(known)

    def position(self) -> int:
        """Return the position of the newest entry, 0 for an empty log."""
        rows = self._rows(self._statements.head, {})
        return int(rows[0][0]) if rows else 0

    def check_writing(self) -> None:
        """Where the database took the last entry not, have it write what changes nothing.

        Raises the driver's error where it takes that neither.
        """
        if self._refused:
            with self.database.writing() as connection:
                for statement in _THERE_AND_BACK:
                    connection.exec_driver_sql(statement)
            self._refused = False

    def now(self) -> datetime:
        """Return the log's clock (UTC), which never runs backwards. Raises ValueError if naive."""
        return self._at_least(to_instant(to_micros(self._clock())))

    def close(self) -> None:
        """Close the connections to the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _first_answer(self, known: KnownKey) -> Receipt:
        entries = self.load(known.stream, after=known.first_version - 1)
        given = tuple(entry for entry in entries if entry.version <= known.last_version)
        return Receipt(known.stream, known.last_version, known.position, given, repeated=True)

    def _last_instant(self) -> datetime:
        rows = self._rows(self._statements.head, {})
        return recorded_at(*rows[0]) if rows else EPOCH

    def _rows(self, statement: str, asked: dict[str, Any]) -> list[Any]:
        return self.database.rows(statement, asked)
