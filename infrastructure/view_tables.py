"""The tables of the views: one set for each generation of a view, made from its rows' classes.

A view is rebuilt into the tables of the next generation, beside those that are being read. All
statements go to the driver's own cursor, so that they can stand in the transaction of an append.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, Table, Text
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from application.views import rows as r
from application.views.view import View, by_table
from domain.entry import event_name
from infrastructure.entry_rows import to_micros
from infrastructure.log_tables import sql_of
from infrastructure.view_rows import Kept, columns_of, copier, keeper, kept_copier, reader
from infrastructure.view_sql import Driver, Written, written
from infrastructure.view_words import WordForms


class Order(NamedTuple):
    """An index: its columns, whether they name one row, and which must be there for it."""

    columns: tuple[str, ...]
    unique: bool = False
    where_some: str | None = None


def _unique(*columns: str) -> Order:
    return Order(columns, unique=True)


def _order(*columns: str) -> Order:
    return Order(columns)


_PLACE = ("key", "programme", "place")

ORDERS: Mapping[type[Any], tuple[Order, ...]] = MappingProxyType(
    {
        r.CaseRow: (
            _unique("owner"),
            _order("client", "owner"),
            Order(("stale_since", "owner"), where_some="stale_since"),
            Order(("client", "stale_since"), where_some="stale_since"),
        ),
        r.ReachRow: (
            _unique("owner", "key"),
            _order("key", "is_open", "due", "owner"),
            _order("key", "is_open", "phase_since", "owner"),
            _order(*_PLACE, "due", "owner"),
            _order(*_PLACE, "phase_since", "owner"),
            _order("client", "key"),
        ),
        r.RecentRow: (
            _unique("owner", "key"),
            _order("key", "is_open", "position", "owner"),
            _order(*_PLACE, "position", "owner"),
        ),
        r.DueRow: (_unique("owner", "deadline"),),
        r.DueReachRow: (
            _unique("owner", "key", "deadline"),
            _order("key", "due", "owner", "deadline"),
        ),
        r.ClientRow: (_unique("owner"), _order("born", "owner"), _order("folded_id", "owner")),
        r.MergeRow: (_unique("owner"), _order("surviving", "owner")),
        r.NameRow: (
            _unique("owner", "word"),
            _order("word", "owner"),
            Order(("word", "person"), where_some="person"),
            Order(("person", "owner"), where_some="person"),
        ),
        r.PairRow: (_unique("words", "owner"), _order("owner")),
        r.SpanRow: (
            _unique("owner", "number"),
            # All that a board counts: it reads an organisation's spans from the index alone.
            _order("organisation", "until", "since", "programme", "standing", "phase_since"),
            _order("organisation", "since"),
            _order("programme", "until", "since", "organisation", "standing", "phase_since"),
            _order("programme", "since"),
        ),
        r.ObligationRow: (
            _unique("owner", "deadline", "opened_on"),
            _order("settled_on", "due", "owner"),
        ),
        r.ReadingRow: (
            _unique("key", "also", "position"),
            _order("also", "position"),
            _order("owner"),
        ),
        r.ResponsibilityRow: (
            _unique("owner", "number"),
            _order("since", "owner", "number"),
            _order("person", "since", "owner", "number"),
            _order("organisation", "since", "owner", "number"),
        ),
        r.OnceRow: (_unique("key", "owner"), _order("owner")),
    }
)
"""The indexes of each class of rows; each list, its order and its filters is served by one."""

_KINDS: dict[type, Any] = {
    bool: Boolean,
    int: BigInteger,
    datetime: BigInteger,
    str: Text(collation="C").with_variant(Text, "sqlite"),
    date: Text(collation="C").with_variant(Text, "sqlite"),
}

_WORDS: dict[type, str] = {Boolean: "boolean", BigInteger: "bigint", Text: "text"}

MOST_TABLES = 64
"""Generations of views whose tables are kept at hand."""

FEW = 300
"""Rows that are written in one statement for each table."""


LONG = 1000
"""Bytes of texts in a row from which on an index may not take it; PostgreSQL's take 2,704."""


def _texts_of(row: type[Any]) -> set[str]:
    return {column.name for column in columns_of(row) if column.kind in (str, date)}


def _moves(row: type[Any]) -> bool:
    """Whether an owner's row changes with every entry: it tells the newest one's position."""
    return "position" in row._fields and "position" not in ORDERS[row][0].columns


def table_name(view: str, row: type[Any], generation: int) -> str:
    """Return the name of a table, as "view_caseload_case_3"."""
    kind = event_name(row).removesuffix("-row").replace("-", "_")
    return f"view_{view}_{kind}_{generation}"


def word_forms(view: str, generation: int) -> str:
    """Return the name of the table of the forms of words, beside those of rows."""
    return f"view_{view}_word_form_{generation}"


class ViewTables:
    """The tables of one generation of a view, empty or filled, in whichever database."""

    def __init__(self, view: View[Any], generation: int, *, is_sqlite: bool) -> None:
        self.view, self.generation = view, generation
        self._driver = Driver(is_sqlite=is_sqlite)
        self._dialect = sql_of(is_sqlite=is_sqlite).dialect()
        metadata = MetaData()
        self.tables = {row: self._table(row, metadata) for row in view.tables}
        self._keepers = {row: keeper(row) for row in view.tables}
        self._copiers = {row: copier(row) for row in view.tables}
        self._kept_copiers = {row: kept_copier(row) for row in view.tables}
        self._reads = {row: self._read_text(row) for row in view.tables}
        self._writes = {row: self._write_text(row) for row in view.tables}
        self._indexed: dict[type[Any], tuple[Index, ...]] = {}
        self._forms = None
        if r.NameRow in self.tables:
            self._forms = WordForms(word_forms(view.name, generation), self._driver)

    def _table(self, row: type[Any], metadata: MetaData) -> Table:
        columns = [Column(c.name, _KINDS[c.kind], nullable=c.optional) for c in columns_of(row)]
        return Table(table_name(self.view.name, row, self.generation), metadata, *columns)

    def _indexes(self, row: type[Any]) -> tuple[Index, ...]:
        found = self._indexed.get(row)
        if found is None:
            found = self._indexed[row] = tuple(self._indexes_of(row))
        return found

    def _indexes_of(self, row: type[Any]) -> Iterable[Index]:
        table = self.tables[row]
        for number, order in enumerate(ORDERS[row]):
            some = None if order.where_some is None else table.c[order.where_some].is_not(None)
            where: dict[str, Any] = {f"{self._dialect.name}_where": some}
            yield Index(
                f"{table.name}_order_{number}",
                *(table.c[name] for name in order.columns),
                unique=order.unique,
                **where,
            )

    def create(self, cursor: Any, *, indexes: bool = True) -> None:
        """Make the tables, empty. Without indexes they may only be filled by `insert`."""
        for table in self.tables.values():
            cursor.execute(self._ddl(CreateTable(table)))
        if self._forms is not None:
            self._forms.create(cursor)
        if indexes:
            self.create_indexes(cursor)

    def create_indexes(self, cursor: Any, of: Iterable[type[Any]] | None = None) -> None:
        """Make the indexes, after bulk filling, and have the database look at what is there.

        `of` are the classes whose tables are meant, where not all are.
        """
        for row in self.tables if of is None else of:
            table = self.tables[row]
            for index in self._indexes(row):
                cursor.execute(self._ddl(CreateIndex(index)))
            if not self._driver.is_sqlite:  # SQLite's own rules choose well without
                cursor.execute(f"ANALYZE {table.name}")

    def take_out_misfits(self, cursor: Any) -> list[str]:
        """Delete all rows of owners with one that an index may not take, and return those owners.

        Such rows are two in one place, and those with long texts. For tables without indexes.
        """
        found: set[str] = set()
        for row, table in self.tables.items():
            texts = {name for order in ORDERS[row] for name in order.columns} & _texts_of(row)
            length = " + ".join(f"coalesce(octet_length({name}), 0)" for name in sorted(texts))
            place = ", ".join(ORDERS[row][0].columns)
            for where in (f"WHERE {length} > {LONG}", f"GROUP BY {place} HAVING count(*) > 1"):
                cursor.execute(f"SELECT owner FROM {table.name} {where}")
                found.update(owner for (owner,) in cursor.fetchall())
        names = [str(table.name) for table in self.tables.values()]
        self._driver.delete_of(cursor, names, {"owners": self._driver.texts(found)})
        return sorted(found)

    def forget_words(self, cursor: Any) -> None:
        """Forget the forms of words that no owner has any more; under the log's lock."""
        if self._forms is not None:
            self._forms.forget(cursor, self.tables[r.NameRow].name)

    def drop(self, cursor: Any) -> None:
        """Drop the tables that are there."""
        for table in self.tables.values():
            cursor.execute(f"DROP TABLE IF EXISTS {table.name}")
        if self._forms is not None:
            self._forms.drop(cursor)

    def replace(self, cursor: Any, owners: Sequence[str], rows: Iterable[Any]) -> None:
        """Put the rows in place of all rows of these owners, who may have had none.

        Rows that are there as they should be are left alone: most are, and each costs its indexes.
        """
        made = {row: self._keepers[row](some) for row, some in by_table(rows).items()}
        if not self._driver.is_sqlite and sum(map(len, made.values())) <= FEW:
            self._replace_few(cursor, owners, made)
            return
        asked = {"owners": self._driver.texts(owners)}
        moving = [row for row in self.tables if _moves(row)]
        self._driver.delete_of(cursor, [self.tables[row].name for row in moving], asked)
        for row in self.tables:
            new = made.get(row, [])
            if row not in moving:
                cursor.execute(self._reads[row], asked)
                there = set(map(tuple, cursor.fetchall()))
                self._delete(cursor, row, there.difference(new))
                new = [one for one in new if one not in there]
            self._insert(cursor, row, new)

    def _replace_few(
        self, cursor: Any, owners: Sequence[str], made: Mapping[type[Any], Sequence[Kept]]
    ) -> None:
        asked = self._driver.texts(owners)
        words = {word for _, word, _ in made.get(r.NameRow, ())}
        with self._driver.together(cursor):
            for row, statement in self._writes.items():
                cursor.execute(statement.text, statement.asked(made.get(row, ()), asked))
        if self._forms is not None and words:
            self._forms.add(cursor, words)

    def together(self, cursor: Any) -> AbstractContextManager[None]:
        """Send what puts few rows in place together with what stands around it."""
        return self._driver.together(cursor)

    def back_to(self, cursor: Any, savepoint: str) -> None:
        """Undo what was done since a savepoint, after something was wrong."""
        self._driver.back_to(cursor, savepoint)

    def insert(self, cursor: Any, rows: Iterable[Any]) -> None:
        """Insert rows of owners who have none yet."""
        for row, some in by_table(rows).items():
            self._insert(cursor, row, self._keepers[row](some))

    @contextmanager
    def copying(self, cursors: Sequence[Any]) -> Iterator[Callable[[Iterable[Any]], int]]:
        """Begin to insert rows of owners who have none yet, as they come: PostgreSQL's only.

        Gives the function that takes rows and says how many there were. Each table has a cursor of
        its own, in a transaction. What the database refuses is raised at the end.
        """
        words: set[str] = set()
        with ExitStack() as copies:
            ways = {
                row: copies.enter_context(self._driver.copying(cursor, table.name, row._fields))
                for cursor, (row, table) in zip(cursors, self.tables.items(), strict=True)
            }

            def take(rows: Iterable[Any]) -> int:
                taken = 0
                for row, some in by_table(rows).items():
                    ways[row].write(self._copiers[row](some))
                    taken += len(some)
                    if row is r.NameRow:
                        words.update(one.word for one in some)
                return taken

            yield take
        if self._forms is not None and words:
            self._forms.add(cursors[0], words)

    def _insert(self, cursor: Any, row: type[Any], new: Sequence[Kept]) -> None:
        if not new:
            return
        table = self.tables[row].name
        self._driver.insert(cursor, table, row._fields, new, self._kept_copiers[row])
        if row is r.NameRow and self._forms is not None:
            self._forms.add(cursor, {word for _, word, _ in new})

    def _delete(self, cursor: Any, row: type[Any], gone: Iterable[Kept]) -> None:
        names = ORDERS[row][0].columns
        places = [row._fields.index(name) for name in names]
        named = [tuple(one[place] for place in places) for one in gone]
        if named:
            self._driver.delete(cursor, self.tables[row].name, names, named)

    def _write_text(self, row: type[Any]) -> Written:
        table = self.tables[row]
        kinds = {column.name: _WORDS[type(column.type)] for column in table.columns}
        return written(table.name, kinds, ORDERS[row][0].columns)

    def _read_text(self, row: type[Any]) -> str:
        return (
            f"SELECT {', '.join(row._fields)} FROM {self.tables[row].name} "
            f"WHERE owner {self._driver.among('owners')}"
        )

    def rows_of(self, cursor: Any, owners: Sequence[str]) -> list[Any]:
        """Return all rows of the owners, sorted by class, owner and what else makes a row one."""
        found: list[Any] = []
        for row in self.tables:
            order = ", ".join(ORDERS[row][0].columns)
            cursor.execute(
                f"{self._reads[row]} ORDER BY {order}", {"owners": self._driver.texts(owners)}
            )
            found += map(reader(row), cursor.fetchall())
        return found

    def owners(self, cursor: Any, row: type[Any], after: str, limit: int) -> list[str]:
        """Return the next owners of rows of a class above `after`, in order."""
        cursor.execute(
            f"SELECT DISTINCT owner FROM {self.tables[row].name} "
            f"WHERE owner > {self._driver.value('after')} "
            f"ORDER BY owner LIMIT {self._driver.value('limit')}",
            {"after": after, "limit": limit},
        )
        return [owner for (owner,) in cursor.fetchall()]

    def set_stale(self, cursor: Any, owner: str, since: datetime | None) -> None:
        """Note since when a journey's row is behind; None: it no longer is."""
        cursor.execute(
            f"UPDATE {self.tables[r.CaseRow].name} SET stale_since = {self._driver.value('since')} "
            f"WHERE owner = {self._driver.value('owner')}",
            {"since": None if since is None else to_micros(since), "owner": owner},
        )

    def _ddl(self, element: ExecutableDDLElement) -> str:
        return str(element.compile(dialect=self._dialect))


@lru_cache(maxsize=MOST_TABLES)
def tables_of(view: View[Any], generation: int, *, is_sqlite: bool) -> ViewTables:
    """Return the tables of a generation of a view; to make them takes a while."""
    return ViewTables(view, generation, is_sqlite=is_sqlite)
