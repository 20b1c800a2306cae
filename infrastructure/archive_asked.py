"""The archive as of one moment: DuckDB over the segments, with what was corrected by then.

Tables are made when a question names them: event tables as views, derived ones once, from the parts
that the question needs. Corrections are few, so rows that do not count are taken out by their
positions instead of working every row's history out.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from threading import RLock
from typing import Any

import duckdb

from application.evaluation.asking import CannotAsk, Moment, Rows
from application.evaluation.derived import DERIVED, JOURNEYS
from application.evaluation.steady_sql import bare
from application.evaluation.tables import EVENTS, event_classes, table_name, tables
from domain.entry import event_name
from domain.journey.events import EntryCorrected, EntryRetracted
from infrastructure.archive_connection import check_statement, connected, said, text
from infrastructure.archive_derived import DERIVED_SQL, STOCK
from infrastructure.archive_esf import ESF_PARTICIPANTS, JOURNEY_COLUMNS
from infrastructure.archive_folder import FoundWhole, Segment
from infrastructure.archive_journeys import journeys_with
from infrastructure.archive_parts import PARTS

MEMORY = "2500MB"
"""Memory that one question may take; what needs more goes to files for a while."""

_MACROS = (
    "later(a, b) AS (a IS NOT NULL AND (b IS NULL OR a > b))",
    """by_day(day, version) AS
    (datediff('day', DATE '1970-01-01', day)::BIGINT * 4294967296 + version)""",
    "in_person(nth, entry) AS (nth * 1048576 + entry)",
    """whole_months(first, last) AS (CASE WHEN last < first THEN 0
    WHEN first + to_months(datediff('month', first, last)::INTEGER) <= last
    THEN datediff('month', first, last) ELSE datediff('month', first, last) - 1 END)""",
    """same_months(earliest, latest, last) AS (CASE
    WHEN earliest = latest OR whole_months(earliest, last) = whole_months(latest, last)
    THEN whole_months(latest, last) END)""",
    """latest_start(last, months) AS (CASE WHEN last = last_day(last)
    THEN last_day(last - to_months(months)) ELSE (last - to_months(months))::DATE END)""",
    "fact(facts, wanted) AS (list_filter(facts, lambda one: one.name = wanted)[1].value)",
    """days(first, last) AS TABLE
    SELECT unnest(generate_series(first::DATE, last::DATE, INTERVAL 1 DAY))::DATE AS day""",
)

_REVISIONS = (event_name(EntryCorrected), event_name(EntryRetracted))
_REVISING = "('" + "', '".join(_REVISIONS) + "')"

_PERSONS = ("journey", "client")
_SUBJECTS = {table_name(cls): kind for kind in EVENTS for cls in event_classes(kind)}
_OF_PERSONS = {"revisions", *(name for name, kind in _SUBJECTS.items() if kind in _PERSONS)}
_SQL = {**PARTS, **DERIVED_SQL, "esf_participants": ESF_PARTICIPANTS}
_ASKED_ANEW = frozenset({*PARTS, "periods", "working_life"})
"""What is not kept: to look up the few columns that a question needs costs less than to put all of
them away first."""
_FUNCTIONS = {"stock": ("stock(first, last)", STOCK)}
_KNOWN = "known_"
"""Before an event table's name: its rows of any day, where a day is asked about."""

_COUNTED = re.compile(r"count\s*\(\s*\*\s*\)", re.IGNORECASE)
_A_COLUMN = re.compile(r"\bas\s+journeys\b|\bsum\s*\(\s*journeys\s*\)")
"""Where "journeys" is a column, such as that of `stock`, and no table."""

_SCHEMA = "asked"
"""Where all is made that depends on which entries count."""

_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_COLUMNS = frozenset(column.name for column in JOURNEYS.columns)


class AskedArchive:
    """Answers questions from segments, as of a moment; close it when done."""

    def __init__(
        self, held: Sequence[Segment], moment: Moment, memory: str = MEMORY, threads: int = 0
    ) -> None:
        self._held, self._moment = held, moment
        self._connection = connected(held, memory, threads or os.cpu_count() or 1)
        self._expected: frozenset[str] = frozenset()
        self._revised = any("revisions.parquet" in one.files for one in held)
        self._one_at_a_time = RLock()
        self._at_hand: set[str] = set()
        self._list("main.looked_at", moment.only or ())
        self._begin()

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """Return what a SELECT gives. Raises CannotAsk or DamagedArchive."""
        with self._one_at_a_time:
            try:
                check_statement(self._connection, sql)
                self._make(sql)
                found = self._connection.execute(sql, list(parameters))
                columns = tuple(column[0] for column in found.description or ())
                return Rows(columns, found.fetchall())
            except duckdb.Error as error:
                raise CannotAsk(said(error)) from error

    def expect(self, *texts: str) -> None:
        """Hear of SQL that is asked later: the table of journeys is made with all its columns."""
        with self._one_at_a_time:
            for text_ in texts:
                self._expected |= _COLUMNS.intersection(_WORD.findall(bare(text_).lower()))

    def close(self) -> None:
        """Let go of what was made."""
        self._connection.close()

    def leave_out(self, positions: frozenset[int]) -> None:
        """Let the entries at these positions count no more, and only these."""
        with self._one_at_a_time:
            self._moment = replace(self._moment, without=positions)
            self._run("USE main")
            self._run(f"DROP SCHEMA {_SCHEMA} CASCADE")
            self._begin()

    def _begin(self) -> None:
        """Make what does not depend on what is asked, in a schema that can be thrown away."""
        self._made: set[str] = set()
        self._columns: dict[str, frozenset[str]] = {}
        self._thinned: frozenset[str] = frozenset()
        self._run(f"CREATE SCHEMA {_SCHEMA}")
        self._run(f"USE {_SCHEMA}")
        at = self._moment.as_at
        day = "NULL::DATE" if at is None else _day(at)
        own = (f"in_order(day, version) AS ({self._order()})", f"day_asked() AS ({day})")
        for macro in (*_MACROS, *own):
            self._run(f"CREATE MACRO {macro}")
        self._list("left_out", self._moment.without)

    def _list(self, table: str, positions: Iterable[int]) -> None:
        self._run(f"CREATE TABLE {table} (position BIGINT)")
        if positions:
            sql = f"INSERT INTO {table} SELECT unnest(?::BIGINT[])"
            self._connection.execute(sql, [sorted(positions)])

    def _order(self) -> str:
        return "version" if self._moment.as_at is None else "by_day(day, version)"

    def _run(self, sql: str) -> Any:
        return self._connection.execute(sql)

    def _make(self, sql: str) -> None:
        """Make the tables that a statement names, and those that they need."""
        plain = _A_COLUMN.sub(" ", bare(sql).lower())
        words = dict.fromkeys(_WORD.findall(plain))
        every = "*" in _COUNTED.sub(" ", plain)
        for word in words:
            if word == JOURNEYS.name:
                named = _COLUMNS if every else _COLUMNS & words.keys()
                self._make_journeys(JOURNEYS.name, named)
            else:
                self._make_one(word)

    def _make_journeys(self, name: str, columns: Iterable[str]) -> None:
        """Make the table of journeys with some columns, and those that were asked for before."""
        there = self._columns.get(name, frozenset())
        if name in self._columns and there.issuperset(columns):
            return
        wanted = there.union(columns, self._expected if name == JOURNEYS.name else ())
        select = journeys_with(wanted)
        for part in select.parts:
            self._make_needs(part)
        for table in select.needs:
            self._make_one(table)
        self._run(f"CREATE OR REPLACE TABLE {name} AS {select.sql}")
        self._columns[name] = wanted

    def _make_one(self, name: str) -> None:
        if name in self._made:
            return
        if name == "esf_journeys":
            self._make_journeys(name, JOURNEY_COLUMNS)
        elif name in _FUNCTIONS:
            told, sql = _FUNCTIONS[name]
            self._make_needs(sql)
            self._run(f"CREATE MACRO {told} AS TABLE {sql}")
        elif name in _SQL:
            self._make_needs(_SQL[name])
            kind = "VIEW" if name in _ASKED_ANEW else "TABLE"
            self._run(f"CREATE {kind} {name} AS {_SQL[name]}")
        elif name.removeprefix(_KNOWN) in tables() and name not in _NOT_MADE:
            self._make_view(name)
        else:
            return
        self._made.add(name)

    def _make_needs(self, sql: str) -> None:
        for word in dict.fromkeys(_WORD.findall(bare(sql))):
            self._make_one(word)

    def _make_view(self, name: str) -> None:
        """Make an event table, or what was recorded, of the segments' files."""
        table = name.removeprefix(_KNOWN)
        file = f"{table}.parquet"
        holding = [one for one in self._held if file in one.files]
        for one in holding:
            FOUND_WHOLE.check(one, file)
        columns = tables()[table].columns
        if not holding:
            nothing = ", ".join(f'NULL::{one.type} AS "{one.name}"' for one in columns)
            self._run(f"CREATE VIEW {name} AS SELECT {nothing} WHERE false")
            return
        paths = ", ".join(text(str(one.folder / file)) for one in holding)
        chosen = ", ".join(f't."{one.name}"' for one in columns)
        where = self._where(table, of_any_day=name != table)
        # A folder on the way that is called "programme=x" says nothing of what is in the files.
        rows = f"read_parquet([{paths}], hive_partitioning = false)"
        if self._moment.only is not None:
            rows = self._put_at_hand(table, rows)
        self._run(f"CREATE VIEW {name} AS SELECT {chosen} FROM {rows} t {where}")

    def _put_at_hand(self, table: str, rows: str) -> str:
        """Keep the rows of the few that are looked at, whatever is left out; return where."""
        kept = f"main.at_hand_{table}"
        if table not in self._at_hand:
            where = " WHERE key IN (SELECT position FROM main.looked_at)"
            of_few = where if table in _OF_PERSONS else ""
            self._run(f"CREATE TABLE {kept} AS SELECT * FROM {rows}{of_few}")
            self._at_hand.add(table)
        return kept

    def _where(self, table: str, *, of_any_day: bool) -> str:
        at, by = self._moment.as_at, self._moment.known_at
        conditions = [] if by is None else [f"t.known_at <= {_instant(by)}"]
        if at is not None and table in _SUBJECTS and not of_any_day:
            conditions.append(f"t.occurred_on <= {_day(at)}")
        if self._moment.position is not None:
            conditions.append(f"t.position <= {self._moment.position:d}")
        if self._moment.without:
            conditions.append(f"t.position NOT IN ({_LEFT_OUT})")
        out = ""
        if _SUBJECTS.get(table) == "journey" and self._revised:
            self._make_dropped()
            if table in self._thinned:
                out = "ANTI JOIN dropped USING (position)"
        return out + (f" WHERE {' AND '.join(conditions)}" if conditions else "")

    def _make_dropped(self) -> None:
        """Make the table of positions whose rows do not count, as it was known by then.

        Those are entries that were corrected or retracted, and corrections that do not hold, as
        `domain.journey.history.effective` finds them.
        """
        if "dropped" in self._made:
            return
        self._make_one("revisions")
        at = self._moment.known_at
        there = "entry_position IS NOT NULL" + (
            "" if at is None else f" AND entry_known_at <= {_instant(at)}"
        )
        if self._moment.without:
            there += f" AND entry_position NOT IN ({_LEFT_OUT})"
        self._run(
            f"CREATE TABLE revised AS SELECT *, {there} AND entry_name NOT IN {_REVISING} AS there,"
            f" entry_name IN {_REVISING} AS again FROM revisions"
        )
        self._thinned = self._tables_revised()
        self._run("CREATE TABLE void (position BIGINT)")
        void = self._void()
        if void:
            self._connection.executemany("INSERT INTO void VALUES (?)", void)
        self._run(_DROPPED)
        self._made.add("dropped")

    def _tables_revised(self) -> frozenset[str]:
        """Return the event tables that may have rows that do not count."""
        asked = "SELECT entry_name FROM revised UNION SELECT name FROM revised"
        names = {name for (name,) in self._run(asked).fetchall() if name} - {*_REVISIONS}
        found = frozenset(name.replace("-", "_") for name in names)
        return found if found <= _SUBJECTS.keys() else frozenset(_SUBJECTS)

    def _void(self) -> list[tuple[int]]:
        """Return the positions of corrections and retractions that were retracted themselves."""
        rows = self._run(
            "SELECT key, version, position, entry, retracts FROM revised WHERE key IN "
            "(SELECT key FROM revised WHERE retracts AND again) ORDER BY key, version DESC"
        ).fetchall()
        void: list[tuple[int]] = []
        for _, some in groupby(rows, itemgetter(0)):
            retracted: set[int] = set()
            for _, version, position, entry, retracts in some:
                if version in retracted:
                    void.append((position,))
                elif retracts and entry < version:
                    retracted.add(entry)
        return void


_NOT_MADE = frozenset(table.name for table in DERIVED) | {_KNOWN + table.name for table in DERIVED}

_LEFT_OUT = "SELECT position FROM left_out"

_DROPPED = """
CREATE TABLE dropped AS
WITH in_force AS (
    SELECT * FROM revised ANTI JOIN void USING (position) WHERE entry < version AND there
), held AS (
    SELECT key, max(version) AS version FROM in_force WHERE NOT retracts GROUP BY key, entry
    HAVING (key, entry) NOT IN (SELECT (key, entry) FROM in_force WHERE retracts)
)
SELECT DISTINCT entry_position AS position FROM in_force
UNION ALL
SELECT position FROM revised ANTI JOIN held USING (key, version) WHERE NOT retracts
"""


FOUND_WHOLE = FoundWhole()
"""The files that questions of this process have read before."""


def _day(day: date) -> str:
    return f"DATE '{day.isoformat()}'"


def _instant(at: datetime) -> str:
    return f"TIMESTAMP '{at.astimezone(UTC).replace(tzinfo=None).isoformat(' ')}'"
