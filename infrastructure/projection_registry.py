"""The registry of the views: where each one stands, and what it could not take.

What moves a view takes the driver's cursor, so that its place moves in the transaction that writes
its tables.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from infrastructure.database import Database
from infrastructure.log_statements import json_list, statements_of
from infrastructure.log_tables import projections, set_aside


class Standing(NamedTuple):
    """Where a view stands: a row of the registry.

    `generation` is that of the tables which are read, 0 before the first; `building` one that is
    built beside it and has come to `building_position`, `retired` one whose tables are to be
    dropped. `updated_at` is in microseconds since 1970 (UTC). `has_aside`: it could not take all.
    """

    name: str
    generation: int
    shape: int
    position: int
    building: int | None
    building_position: int | None
    retired: int | None
    runner: str | None
    updated_at: int
    has_aside: bool

    @property
    def next_generation(self) -> int:
        """The number of a generation that there has not been."""
        return max(self.generation, self.building or 0, self.retired or 0) + 1


class Aside(NamedTuple):
    """An owner that a view could not take; `since` is in microseconds since 1970 (UTC)."""

    view: str
    owner: str
    version: int
    position: int
    since: int
    error: str


class Overtaken(Exception):
    """A view stands elsewhere than was read: another process moved it in between."""

    def __init__(self, view: str) -> None:
        super().__init__(f"the view {view} was moved by another process: read where it stands")
        self.view = view


_STANDINGS = (
    f"SELECT {', '.join(projections.c.keys())}, "  # noqa: S608 - our own names
    "EXISTS (SELECT 1 FROM projections_set_aside WHERE view = name) FROM projections ORDER BY name"
)
_ENTER = (
    "INSERT INTO projections (name, generation, shape, position, updated_at) "
    "VALUES (:view, 0, :shape, 0, :at) ON CONFLICT (name) DO NOTHING"
)
_BEGIN = (
    "UPDATE projections SET generation = :of, shape = :shape, position = 0, updated_at = :at "
    "WHERE name = :view AND generation = 0"
)
_MOVE = (
    "UPDATE projections SET position = :to, updated_at = :at "
    "WHERE name = :view AND generation = :of AND position = :since"
)
_BUILD = "UPDATE projections SET building = :of, building_position = :to WHERE name = :view"
_MOVE_BUILDING = (
    "UPDATE projections SET building_position = :to, updated_at = :at "
    "WHERE name = :view AND building = :of AND building_position = :since"
)
_SWITCH = (
    "UPDATE projections SET generation = building, shape = :shape, position = building_position, "
    "retired = generation, building = NULL, building_position = NULL, updated_at = :at "
    "WHERE name = :view AND building = :of"
)
_DROPPED = "UPDATE projections SET retired = NULL WHERE name = :view"
_RUNS = "UPDATE projections SET runner = :by WHERE name = :view"
_ASIDES = f"SELECT {', '.join(set_aside.c.keys())} FROM projections_set_aside ORDER BY view, owner"  # noqa: S608
_MANY = "SELECT view, count(*) FROM projections_set_aside GROUP BY view"
_ASIDES_OF = "SELECT owner, since FROM projections_set_aside WHERE view = :view"
_HAS_ASIDES = f"{_ASIDES_OF} LIMIT 1"
_ASIDES_AMONG = f"{_ASIDES_OF} AND owner IN ({{owners}})"
_SET_ASIDE = (
    "INSERT INTO projections_set_aside (view, owner, version, position, since, error) "
    "VALUES (:view, :owner, :version, :position, :since, :error) "
    "ON CONFLICT (view, owner) DO UPDATE SET version = excluded.version, "
    "position = excluded.position, error = excluded.error"
)
_TAKE_IN = "DELETE FROM projections_set_aside WHERE view = :view AND owner IN ({owners})"
_TAKE_IN_ALL = "DELETE FROM projections_set_aside WHERE view = :view"


class Registry:
    """Reads and moves the lines of the registry."""

    def __init__(self, database: Database) -> None:
        self._database = database
        words = statements_of(is_sqlite=database.is_sqlite)
        said = words.said
        self._standings = _STANDINGS
        self._enter, self._begin, self._move = said(_ENTER), said(_BEGIN), said(_MOVE)
        self._build, self._move_building = said(_BUILD), said(_MOVE_BUILDING)
        self._switch, self._dropped, self._runs = said(_SWITCH), said(_DROPPED), said(_RUNS)
        self._asides, self._asides_of = said(_ASIDES), said(_ASIDES_OF)
        self._set_aside, self._take_in_all = said(_SET_ASIDE), said(_TAKE_IN_ALL)
        self._has_asides = said(_HAS_ASIDES)
        self._take_in = said(_TAKE_IN.format(owners=words.each_text("owners")))
        self._asides_among = said(_ASIDES_AMONG.format(owners=words.each_text("owners")))

    def read(self, cursor: Any = None) -> dict[str, Standing]:
        """Return how each view stands, by name; as a transaction sees it whose cursor is given."""
        if cursor is None:
            rows = self._database.rows(self._standings, {})
        else:
            cursor.execute(self._standings)
            rows = cursor.fetchall()
        return {row[0]: Standing(*row) for row in rows}

    def enter(self, cursor: Any, view: str, shape: int, at: int) -> None:
        """Give a view its line, where it has none."""
        cursor.execute(self._enter, {"view": view, "shape": shape, "at": at})

    def begin(self, cursor: Any, view: str, generation: int, shape: int, at: int) -> None:
        """Note that a view has its first tables, which are empty. Raises Overtaken."""
        asked = {"of": generation, "shape": shape, "at": at}
        self._fenced(cursor, self._begin, view, asked)

    def move(self, cursor: Any, standing: Standing, to: int, at: int) -> None:
        """Note that the live generation has come to a position. Raises Overtaken."""
        asked = {"of": standing.generation, "since": standing.position, "to": to, "at": at}
        self._fenced(cursor, self._move, standing.name, asked)

    def build(self, cursor: Any, view: str, generation: int | None) -> None:
        """Note which generation is being built; None: none any more."""
        to = None if generation is None else 0
        cursor.execute(self._build, {"view": view, "of": generation, "to": to})

    def move_building(self, cursor: Any, standing: Standing, to: int, at: int) -> None:
        """Note that the generation which is built has come to a position. Raises Overtaken."""
        asked = {"of": standing.building, "since": standing.building_position, "to": to, "at": at}
        self._fenced(cursor, self._move_building, standing.name, asked)

    def switch(self, cursor: Any, standing: Standing, shape: int, at: int) -> None:
        """Have the generation read that was built. Raises Overtaken."""
        asked = {"of": standing.building, "shape": shape, "at": at}
        self._fenced(cursor, self._switch, standing.name, asked)

    def _fenced(self, cursor: Any, statement: str, view: str, asked: dict[str, Any]) -> None:
        cursor.execute(statement, {"view": view, **asked})
        if cursor.rowcount != 1:
            raise Overtaken(view)

    def dropped(self, cursor: Any, view: str) -> None:
        """Note that the retired generation's tables are gone."""
        cursor.execute(self._dropped, {"view": view})

    def runs(self, cursor: Any, view: str, by: str | None) -> None:
        """Note who keeps a view."""
        cursor.execute(self._runs, {"view": view, "by": by})

    def asides(self) -> list[Aside]:
        """Return every owner that a view could not take."""
        return [Aside(*row) for row in self._database.rows(self._asides, {})]

    def many_aside(self) -> dict[str, int]:
        """Return how many owners each view could not take, by its name."""
        return dict(self._database.rows(_MANY, {}))

    def asides_of(self, cursor: Any, view: str) -> dict[str, int]:
        """Return the owners that a view could not take, and since when."""
        cursor.execute(self._asides_of, {"view": view})
        return dict(cursor.fetchall())

    def asides_among(self, cursor: Any, view: str, owners: Iterable[str]) -> dict[str, int]:
        """Return the same of some owners: who writes their rows does not wait for all others."""
        cursor.execute(self._has_asides, {"view": view})
        if not cursor.fetchall():  # as nearly always, so that many owners need not be looked for
            return {}
        cursor.execute(self._asides_among, {"view": view, "owners": json_list(owners)})
        return dict(cursor.fetchall())

    def set_aside(self, cursor: Any, asides: Iterable[Aside]) -> None:
        """Note what a view could not take; one that was noted before keeps its `since`."""
        for one in asides:
            cursor.execute(self._set_aside, one._asdict())

    def take_in(self, cursor: Any, view: str, owners: Iterable[str]) -> None:
        """Forget that the owners were set aside."""
        cursor.execute(self._take_in, {"view": view, "owners": json_list(owners)})

    def take_in_all(self, cursor: Any, view: str) -> None:
        """Forget all that the view had set aside."""
        cursor.execute(self._take_in_all, {"view": view})
