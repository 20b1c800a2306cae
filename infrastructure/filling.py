"""Filling new tables of views from the log in the order of its streams: each is folded once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from typing import Any, NamedTuple

from application.views.folding import FOLDS, kind_of
from application.views.view import Rules, View
from infrastructure.log_tables import Row
from infrastructure.projections import Projections
from infrastructure.reading_ahead import ahead
from infrastructure.stream_folding import Outcome, fold_each
from infrastructure.view_tables import ViewTables
from infrastructure.view_writing import Made, is_of_values, make_each, put
from infrastructure.whole_streams import pages

SHARE = 20_000
"""Entries of a stretch, which is filled at a time."""

SORTING = "256MB"
"""Memory of the server in which the rows of an index are sorted."""


class Stretch(NamedTuple):
    """Streams of the log that follow each other: from one (included) until another."""

    since: str
    until: str


class Filled(NamedTuple):
    """What was done: entries folded, rows written and owners that failed, by the view's name."""

    entries: int
    rows: Mapping[str, int]
    failed: Mapping[str, Sequence[Made]]


def kinds(tables: Sequence[ViewTables]) -> list[Stretch]:
    """Return the stretches of all streams that the views are made from."""
    return [Stretch(f"{kind}:", f"{kind};") for kind in sorted({t.view.kind for t in tables})]


def shares(projections: Projections, whole: Stretch) -> Iterator[Stretch]:
    """Cut a stretch into some of about as many entries."""
    since = whole.since
    asked: dict[str, Any] = {"stream": since, "version": 0, "until": whole.until, "skip": SHARE}
    while found := projections.database.rows(projections.statements.further, asked):
        ((until,),) = found
        if until == since:  # one stream that is longer than a share
            asked["skip"] += SHARE
            continue
        yield Stretch(since, until)
        since = until
        asked |= {"stream": since, "skip": SHARE}
    yield Stretch(since, whole.until)


class Filling:
    """Fills tables that are being built."""

    def __init__(self, projections: Projections, tables: Sequence[ViewTables], head: int) -> None:
        self._all, self._tables, self._head = projections, tables, head

    def fill(self, of: Stretch) -> Filled:
        """Fill the tables with the rows of a stretch's owners, who have none yet."""
        if not self._all.database.is_sqlite:
            try:
                return self._copied(of)
            except Exception as error:
                if not is_of_values(error):
                    raise
        return _summed(self.write(page, of) for page in self.pages(of))

    def _tables_of(self, stretch: Stretch) -> list[ViewTables]:
        """Return the tables that are made from the streams of a stretch."""
        kind = kind_of(stretch.since)
        return [tables for tables in self._tables if tables.view.kind == kind]

    def _copied(self, of: Stretch) -> Filled:
        """Fill every table by a stream of its own: the server takes rows in while others are made.

        All of it or nothing: what the database refuses is told at the end only.
        """
        every = self._tables_of(of)
        with ExitStack() as transactions:
            copies = [
                tables.copying([transactions.enter_context(self._writing()) for _ in tables.tables])
                for tables in every
            ]
            with ExitStack() as streams, closing(ahead(self.pages(of))) as pages:
                takers = [
                    (tables.view, streams.enter_context(copy))
                    for tables, copy in zip(every, copies, strict=True)
                ]
                done = _summed(self._taken(page, takers) for page in pages)
        return done

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._all.writing() as cursor:
            # A crash before the switch loses what is made again anyway, and the switch's own commit
            # brings all that was written to the disk before it.
            cursor.execute("SET LOCAL synchronous_commit = off")
            yield cursor

    def _taken(
        self,
        page: Sequence[Row],
        takers: Sequence[tuple[View[Any], Callable[[Iterable[Any]], int]]],
    ) -> Filled:
        made = self._made(page, [view for view, _ in takers])
        rows, failed = {}, {}
        for view, take in takers:
            some = made[view.name]
            rows[view.name] = take(chain.from_iterable(each.rows or () for each in some))
            failed[view.name] = [each for each in some if each.rows is None]
        return Filled(len(page), rows, failed)

    def _made(self, page: Sequence[Row], views: Sequence[View[Any]]) -> dict[str, list[Made]]:
        return made_by_view(views, fold_each(self._all.reader, page), self._all.rules)

    def pages(self, of: Stretch) -> Iterator[list[Row]]:
        """Yield the rows of whole streams, as the log has them up to the head."""
        return pages(self._all.database, self._all.statements, *of, self._head)

    def write(self, page: Sequence[Row], of: Stretch) -> Filled:
        """Fold the streams of a stretch's page, and write their owners' rows into all tables."""
        every = self._tables_of(of)
        made = self._made(page, [tables.view for tables in every])
        rows, failed = {}, {}
        with self._all.writing() as cursor:
            for tables in every:
                name = tables.view.name
                rows[name], failed[name] = _insert(cursor, tables, made[name])
        return Filled(len(page), rows, failed)


def _summed(parts: Iterable[Filled]) -> Filled:
    entries = 0
    rows: dict[str, int] = {}
    failed: dict[str, list[Made]] = {}
    for done in parts:
        entries += done.entries
        for name, many in done.rows.items():
            rows[name] = rows.get(name, 0) + many
            failed.setdefault(name, []).extend(done.failed[name])
    return Filled(entries, rows, failed)


def index(projections: Projections, tables: ViewTables, row: type[Any]) -> bool:
    """Make the indexes of a filled table; return whether they could take all its rows."""
    try:
        with projections.writing() as cursor:
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{SORTING}'")
            tables.create_indexes(cursor, [row])
    except Exception as error:
        if not is_of_values(error):
            raise
        return False
    return True


def index_without_some(
    projections: Projections, tables: ViewTables, rows: Sequence[type[Any]]
) -> list[Made]:
    """Make the indexes of tables of a view that could not take all rows, without those.

    Then put these in their places; return the owners whose rows were refused even so.
    """
    with projections.writing() as cursor:
        some = tables.take_out_misfits(cursor)
    # Apart, because an index has the rows, too, that its own transaction deleted.
    with projections.writing() as cursor:
        tables.create_indexes(cursor, rows)
    whole = projections.whole([f"{tables.view.kind}:{owner}" for owner in some])
    outcomes = fold_each(projections.reader, whole)
    made = made_by_view([tables.view], outcomes, projections.rules)[tables.view.name]
    with projections.writing() as cursor:
        refused = put(cursor, tables, [each for each in made if each.rows is not None])
    return [each for each in made if each.rows is None] + refused


def made_by_view(
    views: Sequence[View[Any]], outcomes: Iterable[tuple[str, Outcome]], rules: Rules
) -> dict[str, list[Made]]:
    """Make the rows of the streams' owners for each view of their kind, by the view's name."""
    made: dict[str, list[Made]] = {view.name: [] for view in views}
    wanted = {kind: [view for view in views if view.kind == kind] for kind in FOLDS}
    for stream, outcome in outcomes:
        of_kind = wanted[kind_of(stream)]
        for view, one in zip(of_kind, make_each(of_kind, stream, outcome, rules), strict=True):
            made[view.name].append(one)
    return made


def _insert(cursor: Any, tables: ViewTables, made: Sequence[Made]) -> tuple[int, list[Made]]:
    whole = [each for each in made if each.rows is not None]
    failed = [each for each in made if each.rows is None]
    failed += put(cursor, tables, whole, adding=True)
    return sum(len(each.rows or ()) for each in whole), failed
