"""The few statements of the log that are hot, written once for both databases."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.sql.expression import Executable, FromClause

from infrastructure.ledger_tables import tail
from infrastructure.log_tables import ENTRY, client_keys, events, keys, sql_of, tracking

ONE: ColumnElement[int] = literal_column("1")
NONE: ColumnElement[int] = literal_column("0")

LOG_LOCK: Final = 0x706F6C6B75
"""The number of PostgreSQL's advisory lock under which positions are given."""

CHANNEL: Final = "polku_log"
"""Where PostgreSQL says that something was recorded."""


class Statements:
    """The log's statements as texts of one database's driver, with named parameters."""

    def __init__(self, *, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self._sql = sql_of(is_sqlite=is_sqlite)
        self._dialect = self._sql.dialect(paramstyle="named" if is_sqlite else "pyformat")
        self._said: dict[str, str] = {}
        self.begin = (
            "BEGIN IMMEDIATE"
            if is_sqlite
            else f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({LOG_LOCK})"
        )
        self.commit = "COMMIT" if is_sqlite else f"NOTIFY {CHANNEL}; COMMIT"
        self.head = self.text(_head())
        self.heads = self.text(self._heads())
        self.known_keys = self.text(self._known_keys())
        self.known_key = self.text(select(keys).where(keys.c.key == bindparam("key")))
        self.load = self.text(_load())
        self.page = self.text(_page())
        self.streams = self.text(_streams())
        self.load_many = self.text(self._load_many())
        self.load_many_after = self.text(self._load_many_after())
        self.by_stream = self.text(_by_stream())
        self.further = self.text(_further())
        self.touched = self.text(_touched())
        self.track = self.text(self._track())
        self.insert_events = self._insert_many(events)
        self.insert_keys = self._insert_many(keys)
        self.destroyed = self.text(select(func.max(client_keys.c.destroyed_at)))
        self.client_key = self.text(_client_key())
        self.keys_of_owners = self.text(self._keys_of_owners())
        self.master_after = self.text(_master_after())
        self.insert_client_keys = self._insert_many(client_keys)
        self.insert_client_key = self._insert_one(client_keys)
        self.insert_event = self._insert_one(events)
        self.insert_key = self._insert_one(keys)

    def text(self, statement: Executable) -> str:
        """Return a statement as a text of the driver's, with named parameters."""
        return str(statement.compile(dialect=self._dialect))  # type: ignore[attr-defined]

    def said(self, words: str) -> str:
        """Return a statement in words, with named parameters (":name"), as a text of the driver's.

        Each is looked through once in a process.
        """
        found = self._said.get(words)
        if found is None:
            found = self._said[words] = self.text(text(words))
        return found

    def each(self, name: str) -> FromClause:
        """Give the texts of a JSON list as rows, so that a statement has one form."""
        if self._is_sqlite:
            return func.json_each(bindparam(name)).table_valued("value", name=f"each_{name}")
        values = func.json_array_elements_text(cast(bindparam(name), JSON))
        return values.table_valued("value", name=f"each_{name}").render_derived()

    def each_text(self, name: str) -> str:
        """Return a sub-query that gives the texts of a JSON list, for a statement in words."""
        if self._is_sqlite:
            return f"SELECT value FROM json_each(:{name})"  # noqa: S608 - our own names
        return f"SELECT json_array_elements_text(CAST(:{name} AS JSON))"

    def _known_keys(self) -> Select[Any]:
        """Ask for what was answered under any of the keys."""
        return select(keys).where(keys.c.key.in_(select(self.each("keys").c.value)))

    def _keys_of_owners(self) -> Select[Any]:
        """Ask for the keys of many owners."""
        owners = select(self.each("owners").c.value)
        return select(*client_keys.columns).where(client_keys.c.owner.in_(owners))

    def _load_many(self) -> Select[Any]:
        """Ask for all entries of many streams."""
        return (
            select(*ENTRY)
            .where(events.c.stream.in_(select(self.each("streams").c.value)))
            .order_by(events.c.stream, events.c.version)
        )

    def _load_many_after(self) -> Any:
        """Ask for the entries of many streams, each above the version that a JSON object names."""
        each = func.json_each if self._is_sqlite else func.json_each_text
        of = bindparam("after") if self._is_sqlite else cast(bindparam("after"), JSON)
        asked = each(of).table_valued("key", "value", name="each_after")
        if not self._is_sqlite:
            asked = asked.render_derived()
        return (
            select(*ENTRY)
            .select_from(asked.join(events, events.c.stream == asked.c.key))
            .where(events.c.version > cast(asked.c.value, BigInteger))
            .order_by(events.c.stream, events.c.version)
        )

    def _heads(self) -> Any:
        """Ask for the newest position and instant, and the newest version of each stream.

        And for the ledger's head: its size, and its right edge as the fourth column.
        """
        newest = (
            select(events.c.recorded_at, events.c.position)
            .order_by(events.c.position.desc())
            .limit(ONE)
            .offset(NONE)
            .subquery()
        )
        ledger = _ledger_head().subquery()
        asked = self.each("streams")
        # As two lookups of one row: joined, PostgreSQL may choose to scan the whole table.
        last_of = [
            select(column)
            .where(events.c.stream == asked.c.value)
            .order_by(events.c.version.desc())
            .limit(ONE)
            .offset(NONE)
            .scalar_subquery()
            for column in (events.c.version, events.c.position)
        ]
        return union_all(
            select(null().label("stream"), ledger.c.size, null(), ledger.c.frontier),
            select(null(), newest, null()),
            select(asked.c.value, *last_of, null()),
        )

    def _track(self) -> Any:
        """Move a follower's position, but never back."""
        new = self._sql.insert(tracking).values(
            application=bindparam("application"), position=bindparam("position")
        )
        return new.on_conflict_do_update(
            index_elements=["application"],
            set_={"position": new.excluded.position},
            where=tracking.c.position < new.excluded.position,
        )

    def _insert_many(self, table: Table) -> str:
        if self._is_sqlite:
            return self._insert_one(table)
        names = ", ".join(column.name for column in table.columns)
        return f"COPY {table.name} ({names}) FROM STDIN"

    def _insert_one(self, table: Table) -> str:
        names = ", ".join(column.name for column in table.columns)
        marks = ", ".join(["?" if self._is_sqlite else "%s"] * len(table.columns))
        return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - our own names


def _head() -> Select[Any]:
    """Ask for the newest position and its instant."""
    return (
        select(events.c.position, events.c.recorded_at)
        .order_by(events.c.position.desc())
        .limit(ONE)
        .offset(NONE)
    )


def _ledger_head() -> Select[Any]:
    """Ask for how many entries the ledger holds, and its right edge."""
    return select(tail.c.size, tail.c.frontier).order_by(tail.c.size.desc()).limit(ONE).offset(NONE)


def _load() -> Select[Any]:
    """Ask for the entries of a stream above a version."""
    return (
        select(*ENTRY)
        .where(events.c.stream == bindparam("stream"), events.c.version > bindparam("after"))
        .order_by(events.c.version)
    )


def _page() -> Select[Any]:
    """Ask for entries in the order of their positions, up to one that is included."""
    return (
        select(*ENTRY)
        .where(events.c.position > bindparam("after"), events.c.position <= bindparam("until"))
        .order_by(events.c.position)
        .limit(bindparam("limit"))
        .offset(NONE)
    )


def _streams() -> Select[Any]:
    """Ask for the names of streams, from one up to another that is not included."""
    return (
        select(events.c.stream)
        .where(events.c.stream >= bindparam("since"), events.c.stream < bindparam("until"))
        .where(events.c.version == ONE)
        .order_by(events.c.stream)
    )


def _touched() -> Select[Any]:
    """Ask which streams went on above a position."""
    return select(events.c.stream).where(events.c.position > bindparam("after")).distinct()


def _by_stream() -> Select[Any]:
    """Ask for entries in the order of streams, after one of them, as the log was at a position."""
    return (
        select(*ENTRY)
        .where(_after_in_stream())
        .where(events.c.stream < bindparam("until"), events.c.position <= bindparam("head"))
        .order_by(events.c.stream, events.c.version)
        .limit(bindparam("limit"))
        .offset(NONE)
    )


def _further() -> Select[Any]:
    """Ask for the stream of the entry that is so many further on in the order of streams."""
    return (
        select(events.c.stream)
        .where(_after_in_stream())
        .where(events.c.stream < bindparam("until"))
        .order_by(events.c.stream, events.c.version)
        .limit(ONE)
        .offset(bindparam("skip"))
    )


def _client_key() -> Select[Any]:
    """Ask for a key of personal data by its id."""
    id_ = bindparam("id", type_=client_keys.c.id.type)
    return select(*client_keys.columns).where(client_keys.c.id == id_)


def _master_after() -> Select[Any]:
    """Ask for the master key that is next in order to one, of those that keys are wrapped by."""
    after = client_keys.c.master > bindparam("master")
    return select(func.min(client_keys.c.master)).where(after)


def _after_in_stream() -> ColumnElement[bool]:
    last = tuple_(bindparam("stream", type_=Text), bindparam("version", type_=BigInteger))
    return tuple_(events.c.stream, events.c.version) > last


@cache
def statements_of(*, is_sqlite: bool) -> Statements:
    """Return the statements for a driver: to write them takes longer than to run most of them."""
    return Statements(is_sqlite=is_sqlite)


def json_list(texts: Iterable[str]) -> str:
    """Return texts in the form in which a statement takes many of them."""
    return msgspec.json.encode(list(texts)).decode()


def json_object(numbers: Mapping[str, int]) -> str:
    """Return numbers by names in the form in which a statement takes many of them."""
    return msgspec.json.encode(numbers).decode()
