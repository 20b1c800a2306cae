"""A report: figures with all that is needed to compute them again and to defend them.

Plain values. What a figure means is said by its table: what is counted (`unit`), how (`measure`, of
`domain.indicators.MEASURES`), and into which groups (`by`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from domain.definition import Title

Key: TypeAlias = tuple[str | None, ...]
"""The group of a figure, a value for each column of its table's `by`; None: not known."""

Place: TypeAlias = tuple[str, tuple[str, ...], Key]
"""Where a figure stands: its indicator, its table's breakdown, and its group."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    `value` is None where it is suppressed, or where nothing was there to be measured. `counted` are
    the units that it is made of (of a share: those of whom it is known), `having` those of them of
    whom a share is true, `missing` the units that count but of whom it is not known; all three are
    None where they are suppressed. `target` is what was meant to be reached.
    """

    key: Key
    value: float | int | None
    counted: int | None
    missing: int | None = 0
    suppressed: bool = False
    target: float | None = None
    having: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one indicator in the groups of a breakdown; `by` empty: one figure, in all."""

    indicator: str
    title: Title
    unit: str
    measure: str
    by: tuple[str, ...]
    figures: tuple[Figure, ...]
    source: str = ""
    note: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Rows for a chart: `kind` is stock, survival, funnel or flow; `columns` name the values.

    `notes` are sentences that say what it shows, where the title cannot.
    """

    id: str
    title: Title
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked, on what it stands, and the figures.

    `as_at` is the day asked about (None: as recorded), `known_at` the instant up to which entries
    count (UTC; None: all up to `position`). `position` and `root` (hex; empty where the log has no
    ledger) are the log's. `definition_version` and `definition_digest` are those of the programme's
    definition, `indicators_digest` that of the indicators used. `threshold`: groups of fewer are
    not shown; 0 shows all. `claimed`: it leans on what another system claims of when it knew.
    `asked` is the question, as the command that computes the report again takes it. `settings` are
    the numbers that the files of indicators name (after how many months unemployment is long-term),
    as they were put in.
    """

    programme: str
    title: Title
    as_at: date | None
    known_at: datetime | None
    position: int
    root: str
    definition_version: int
    definition_digest: str
    indicators_digest: str
    polku_version: str
    threshold: int
    tables: tuple[Table, ...]
    series: tuple[Series, ...] = ()
    claimed: bool = False
    notes: tuple[str, ...] = ()
    asked: Mapping[str, Any] | None = None
    settings: Mapping[str, float] = field(default_factory=dict)
