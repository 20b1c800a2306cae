"""Pages of a list that is the merge of many sorted lists, each read from an index.

Somebody who holds several keys sees the journeys under all of them. From the list under each key
the first rows are taken, no more than the page has, and merged; a journey under two keys comes
once. So a page costs the same at the beginning of a long list and at its end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from infrastructure.view_reading import Snapshot
from infrastructure.view_sql import Driver


class Sort(NamedTuple):
    """By which columns a list is sorted, and whether the greatest come first.

    The columns together are different for any two of what is listed, and name its owner.
    """

    columns: tuple[str, ...]
    falling: bool = False


class Lists(NamedTuple):
    """The lists to be merged: each is what has these values in these columns."""

    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]


@dataclass
class Where:
    """Conditions, all of which must hold unless it says otherwise, and their values by name."""

    driver: Driver
    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **values: Any) -> None:
        """Add a condition with the marks of its values in it."""
        self.conditions.append(condition)
        self.values.update(values)

    def equal(self, column: str, name: str, value: Any) -> None:
        """Ask for a value in a column."""
        self.add(f"{column} = {self.driver.value(name)}", **{name: value})

    def among(self, column: str, name: str, texts: Sequence[str]) -> None:
        """Ask for one of the texts in a column."""
        self.add(f"{column} {self.driver.among(name)}", **{name: self.driver.texts(texts)})

    def after(self, sort: Sort, last: Sequence[Any] | None) -> None:
        """Ask for what comes after a row with these values in the order."""
        if last is not None:
            names = [f"last_{number}" for number in range(len(last))]
            columns = ", ".join(f"r.{column}" for column in sort.columns)
            marks = ", ".join(map(self.driver.value, names))
            beyond = "<" if sort.falling else ">"
            self.add(f"({columns}) {beyond} ({marks})", **dict(zip(names, last, strict=True)))

    def text(self) -> str:
        """Return the conditions in one."""
        return " AND ".join(self.conditions) or "1 = 1"

    def any_of(self) -> str:
        """Return the condition that one of the conditions holds."""
        return " OR ".join(self.conditions) or "1 = 0"


class Listing(NamedTuple):
    """A list to be read from a table of the views: how it is sorted, and what must hold for all."""

    snapshot: Snapshot
    row: type[Any]
    sort: Sort
    where: Where
    limit: int

    def merged(self, lists: Lists) -> list[tuple[Any, ...]]:
        """Return the sort values of the first of what is in any of the lists."""
        if not lists.values:
            return []
        if self.snapshot.driver.is_sqlite:
            return self.first_of(
                found for values in lists.values for found in self._one(lists.columns, values)
            )
        return self._together(lists)

    def is_full(self, lists: Lists) -> bool:
        """Whether the lists have at least as many rows together as the limit, without them."""
        if not lists.values:
            return False
        if self.snapshot.driver.is_sqlite:
            left = self.limit
            for values in lists.values:
                left -= len(self._one(lists.columns, values))
            return left <= 0
        arrays, match, within = self._arrays(lists)
        names = ", ".join(lists.columns)
        statement = (
            f"SELECT count(*) FROM (SELECT 1 FROM unnest({arrays}) AS list ({names}) "
            f"CROSS JOIN LATERAL (SELECT {self._part(match)}) AS found LIMIT {self.limit}) AS first"
        )
        ((count,),) = self.snapshot.tuples(statement, {**self.where.values, **within})
        return bool(count == self.limit)

    def first_of(self, found: Any) -> list[tuple[Any, ...]]:
        """Return the first of what was found, in order, each once."""
        # With a set all would be sorted anew; what is in order already is soon sorted.
        return sorted(dict.fromkeys(map(tuple, found)), reverse=self.sort.falling)[: self.limit]

    def owned(self, owners: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the sort values of the first of what belongs to one of the owners."""
        if not owners:
            return []
        own = self.snapshot.driver.among("owners")
        values = {**self.where.values, "owners": self.snapshot.driver.texts(owners)}
        return self._found(f"SELECT DISTINCT {self._part(f'r.owner {own}')}", values)

    def _one(self, columns: Sequence[str], values: Sequence[Any]) -> list[tuple[Any, ...]]:
        match = " AND ".join(f"r.{name} = :in_{name}" for name in columns)
        within = {f"in_{name}": value for name, value in zip(columns, values, strict=True)}
        return self._found(f"SELECT {self._part(match)}", {**self.where.values, **within})

    def _together(self, lists: Lists) -> list[tuple[Any, ...]]:
        arrays, match, within = self._arrays(lists)
        columns = ", ".join(f"found.{name}" for name in self.sort.columns)
        return self._found(
            f"SELECT DISTINCT {columns} FROM unnest({arrays}) AS list ({', '.join(lists.columns)}) "
            f"CROSS JOIN LATERAL (SELECT {self._part(match)}) AS found "
            f"ORDER BY {self._order('found')} LIMIT {self.limit}",
            {**self.where.values, **within},
        )

    def _arrays(self, lists: Lists) -> tuple[str, str, dict[str, Any]]:
        """Return lists as arrays for PostgreSQL, how a row is one of a list, and their values."""
        arrays = ", ".join(
            f"%(in_{name})s::{'boolean' if isinstance(value, bool) else 'text'}[]"
            for name, value in zip(lists.columns, lists.values[0], strict=True)
        )
        match = " AND ".join(f"r.{name} = list.{name}" for name in lists.columns)
        columns = zip(lists.columns, zip(*lists.values, strict=True), strict=True)
        return arrays, match, {f"in_{name}": list(column) for name, column in columns}

    def _part(self, match: str) -> str:
        columns = ", ".join(f"r.{name}" for name in self.sort.columns)
        return (
            f"{columns} FROM {self.snapshot.table(self.row)} AS r "
            f"WHERE {match} AND {self.where.text()} "
            f"ORDER BY {self._order('r')} LIMIT {self.limit}"
        )

    def _order(self, name: str) -> str:
        falling = " DESC" if self.sort.falling else ""
        return ", ".join(f"{name}.{column}{falling}" for column in self.sort.columns)

    def _found(self, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.snapshot.tuples(statement, values)]
