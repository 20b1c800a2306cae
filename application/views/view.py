"""What a view is: rows that are made from one stream's fold, for every stream of a kind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from domain.calendar import IsWorkingDay
from domain.definition import Definition

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rules:
    """What folding a stream into rows needs beside the stream: definitions, and working days."""

    definition: Callable[[str, int], Definition]
    working_days: Callable[[str], IsWorkingDay]
    _last: dict[Any, tuple[Any, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, reckon: "Callable[[S, Rules], T]", state: S) -> T:
        """Return what a function says of a state: reckoned once, for views that ask in turn."""
        last = self._last.get(reckon)
        if last is None or last[0] is not state:
            last = self._last[reckon] = state, reckon(state, self)
        answer: T = last[1]
        return answer

    def afresh(self) -> "Rules":
        """Return the rules without what was reckoned by them: a programme may be published now."""
        return Rules(self.definition, self.working_days)


@dataclass(frozen=True, slots=True)
class View(Generic[S]):
    """A read model that crosses streams.

    `kind` is that of the streams it is made from ("journey"), `tables` the classes of its rows,
    `shape` counts the versions of what its rows say: another one has the view rebuilt. An `inline`
    view is written with the entries themselves. `rows` is pure: it gives all rows of one owner
    from the owner's id and the whole folded stream, as recorded up to its version; where entries of
    the kind make rows of their own (`Fold.adds`), those of the entries that were folded.
    """

    name: str
    shape: int
    kind: str
    inline: bool
    tables: tuple[type[NamedTuple], ...]
    rows: Callable[[str, S, Rules], Iterable[Any]]


def by_table(rows: Iterable[Any]) -> dict[type[Any], list[Any]]:
    """Return rows by their class."""
    found: dict[type[Any], list[Any]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row)
    return found
