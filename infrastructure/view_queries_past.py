"""Who was responsible for what; and which journeys a question about another day has to look at."""

from collections.abc import Iterable, Sequence

from application.questions import CaseQuery, Page
from application.scope import Scope, responsible_key, worker_key
from application.views.rows import CaseRow, OnceRow, ReachRow, ReadingRow, ResponsibilityRow
from infrastructure.view_cursors import cursor_of, question, read_cursor
from infrastructure.view_lists import Sort, Where
from infrastructure.view_queries_caseload import bounded
from infrastructure.view_reading import Snapshot, ViewReader
from infrastructure.view_scope import Within

_SORT = Sort(("since", "owner", "number"))
_RESPONSIBLE, _PROGRAMME = "responsible:", "programme:"


def responsibility(
    reader: ViewReader,
    *,
    journey: str | None,
    person: str | None,
    organisation: str | None,
    limit: int,
    cursor: str | None,
) -> Page[ResponsibilityRow]:
    """Return who was responsible for what, the earliest first. Raises BadCursor."""
    told = question("responsibility", journey, person, organisation)
    last = read_cursor(told, cursor)
    limit = bounded(limit)
    where = Where(reader.driver)
    where.after(_SORT, last)
    asked = {"r.owner": journey, "r.person": person, "r.organisation": organisation}
    for number, (column, value) in enumerate(asked.items()):
        if value is not None:
            where.equal(column, f"asked_{number}", value)
    columns = ", ".join(f"r.{column}" for column in _SORT.columns)

    def page(snapshot: Snapshot) -> Page[ResponsibilityRow]:
        named = f"{where.text()} ORDER BY {columns} LIMIT {limit + 1}"
        rows = snapshot.rows(ResponsibilityRow, named, where.values)
        shown = rows[:limit]
        following = None
        if len(rows) > limit:
            since, owner, number = (getattr(shown[-1], name) for name in _SORT.columns)
            following = cursor_of(told, (since.isoformat(), owner, number))
        position, unread = snapshot.position("responsibility"), snapshot.unread("responsibility")
        return Page(tuple(shown), following, position, unread=unread)

    return reader.ask(page, Page((), None, 0))


def readings(reader: ViewReader, key: str) -> list[int]:
    """Return the positions of the entries that have readings under a key, in order."""

    def found(snapshot: Snapshot) -> list[int]:
        where = Where(reader.driver)
        where.equal("r.key", "key", key)
        if snapshot.is_current(ReadingRow):  # an older program's rows have one key each
            where.equal("r.also", "key", key)
        asked = f"SELECT r.position FROM {snapshot.table(ReadingRow)} AS r WHERE {where.any_of()}"
        return sorted({position for (position,) in snapshot.tuples(asked, where.values)})

    return reader.ask(found, [])


def candidates(
    reader: ViewReader, scope: Scope, asked: CaseQuery, after: str, limit: int
) -> list[str]:
    """Return ids of journeys above `after` that are or ever were within what is asked, in order.

    Who asks folds each one for the day, and keeps those that stood there. A journey that a scope
    only had through a team or a handover which is over is not among them.
    """
    return reader.ask(lambda snapshot: _candidates(snapshot, scope, asked, after, limit), [])


class _Ever:
    """A set of journeys that are or were of something: by keys they have, or by who had them.

    Who had them is looked for by the values in a column, where it matters.
    """

    def __init__(
        self,
        name: str,
        keys: Sequence[str],
        column: str | None = None,
        values: Sequence[str] = (),
    ) -> None:
        self.name, self.keys, self.column, self.values = name, tuple(keys), column, tuple(values)
        self.owners: tuple[str, ...] = ()

    def bind(self, where: Where) -> None:
        """Give the values that the conditions name."""
        of = where.driver.texts
        where.values |= {f"{self.name}_keys": of(self.keys), f"{self.name}_of": of(self.values)}
        where.values[f"{self.name}_ids"] = of(self.owners)

    def condition(self, snapshot: Snapshot) -> str:
        """Return the condition of a row `r` belonging to such a journey."""
        among = snapshot.driver.among
        held = [(table, f"h.key {among(self.name + '_keys')}") for table in _keyed(snapshot)]
        if self.column is not None:
            had = f"h.{self.column} {among(self.name + '_of')}"
            held.append((snapshot.table(ResponsibilityRow), had))
        # As a single value it is looked up row by row; for EXISTS all that is held may be read.
        found = [
            f"(SELECT 1 FROM {table} AS h WHERE h.owner = r.owner AND {match} LIMIT 1) IS NOT NULL"
            for table, match in held
        ]
        return f"({' OR '.join(found)} OR r.owner {among(self.name + '_ids')})"

    def sources(self, snapshot: Snapshot) -> Iterable[tuple[str, str]]:
        """Yield the tables and conditions that find the journeys."""
        among = snapshot.driver.among
        for table in _keyed(snapshot):
            yield table, f"r.key {among(self.name + '_keys')}"
        if self.column is not None:
            yield snapshot.table(ResponsibilityRow), f"r.{self.column} {among(self.name + '_of')}"
        yield snapshot.table(CaseRow), f"r.owner {among(self.name + '_ids')}"


def _keyed(snapshot: Snapshot) -> Iterable[str]:
    """Yield the tables of the keys that journeys have, and of those they once had."""
    yield snapshot.table(ReachRow)
    if snapshot.is_current(OnceRow):  # an older program's views have none
        yield snapshot.table(OnceRow)


def _candidates(
    snapshot: Snapshot, scope: Scope, asked: CaseQuery, after: str, limit: int
) -> list[str]:
    sets = [*_asked(asked), *_of_scope(snapshot, scope)]
    where = Where(snapshot.driver)
    where.add(f"r.owner > {snapshot.driver.value('above')}", above=after)
    for one in sets:
        one.bind(where)
    if not sets:  # an auditor asks for every journey
        return _owners(snapshot, snapshot.table(CaseRow), where, limit)
    first, *others = sorted(sets, key=lambda one: bool(one.keys))  # single journeys are fewest
    for one in others:
        where.add(one.condition(snapshot))
    found: set[str] = set()
    for table, condition in first.sources(snapshot):
        part = Where(snapshot.driver, [*where.conditions, condition], where.values)
        found.update(_owners(snapshot, table, part, limit))
    return sorted(found)[:limit]


def _owners(snapshot: Snapshot, table: str, where: Where, limit: int) -> list[str]:
    statement = (
        f"SELECT DISTINCT r.owner FROM {table} AS r WHERE {where.text()} "
        f"ORDER BY r.owner LIMIT {limit}"
    )
    return [owner for (owner,) in snapshot.tuples(statement, where.values)]


def _asked(asked: CaseQuery) -> Iterable[_Ever]:
    """Yield what is asked for, the rarest first."""
    if asked.worker is not None:
        yield _Ever("worker", [worker_key(asked.worker)], "person", [asked.worker])
    if asked.organisation is not None:
        key = responsible_key(asked.organisation)
        yield _Ever("answers", [key], "organisation", [asked.organisation])
    if asked.programme is not None:
        # Its keys say of each journey which programme it is or was of.
        yield _Ever("programme", [_PROGRAMME + asked.programme])


def _of_scope(snapshot: Snapshot, scope: Scope) -> Iterable[_Ever]:
    within = Within.of(scope)
    if within.everything:
        return
    answering = [k.removeprefix(_RESPONSIBLE) for k in within.keys if k.startswith(_RESPONSIBLE)]
    ever = _Ever("scope", within.keys, "organisation", answering)
    ever.owners = within.owners(snapshot)
    yield ever
