"""An indicator: who counts, what of them is counted, into which groups, and what was meant.

A definition has indicators of its own; others come in files. Infrastructure reads both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.definition import Facts, Title

MEASURES = ("count", "share", "sum", "mean", "median")
"""How a figure is made. A share lies between 0 and 1."""

CLIENTS, JOURNEYS, ROWS = "clients", "journeys", "rows"
"""What is counted: each client once, each journey once, or each row of the table by itself. In the
place of `rows` stands the table's name, as a person says it: `placements`."""

Judged: TypeAlias = Callable[[Facts], bool | int | float | None]
"""What an expression in CEL says of a journey's facts; None where they do not decide it."""


@dataclass(frozen=True, slots=True)
class FromFacts:
    """An indicator over the facts of each journey (`domain.facts`), in CEL.

    `who` and `what` are the texts; `counts` and `measures` what was compiled from them (`measures`
    None where nothing but who counts is asked).
    """

    who: str
    what: str
    counts: Judged = field(compare=False, repr=False)
    measures: Judged | None = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    It is asked of a documented table (`of`), of a whole SELECT of one's own (`select`), or of the
    facts of the journeys (`facts`). `who` (SQL; empty: every row) says who counts, `what` is for a
    share a condition, for a sum, mean or median a number. Each breakdown of `by` is one column or
    several ("organisation", "gender"). `target` is the id of a target of the definition, `value` a
    target that the indicator says itself. `part` is the indicator (a count) that this one is a part
    of, and what that is split by ("status"); whoever is not known is so for all of its parts.
    `source` says where the indicator comes from.
    """

    id: str
    title: Title
    measure: str
    unit: str
    of: str = JOURNEYS
    select: str = ""
    who: str = ""
    what: str = ""
    facts: FromFacts | None = None
    by: tuple[tuple[str, ...], ...] = ()
    target: str = ""
    value: float | None = None
    part: tuple[str, str] | None = None
    source: str = ""
    note: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """Indicators of one file: its title, the numbers that its SQL names, and its digest (SHA-256).

    The set of a definition has the definition's title and digest. `texts` are sources and notes of
    the indicators with what they say in another language.
    """

    title: Title
    indicators: tuple[Indicator, ...]
    settings: Mapping[str, float]
    digest: str
    texts: tuple[Title, ...] = ()
